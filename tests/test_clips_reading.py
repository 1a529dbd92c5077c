"""What scenes were offered and chose is read together: the page looks at it every few seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fakes import FixedFinder
from footage import Reel
from sqlalchemy import event

from aivideo import clips, projects, script
from aivideo.progress import finish
from aivideo.script import SceneDraft
from aivideo.studio import Studio


@pytest.fixture
def curated(studio: Studio, finder: FixedFinder, reel: Reel) -> Callable[[int], str]:
    """Makes a project of so many scenes, each with its candidates and the first one chosen."""
    finder.clips = {"bees": reel["plain"].path, "hive": reel["plain"].path}

    def make(count: int) -> str:
        project_id = projects.create_project(studio, topic="Bees").project_id
        drafts = [SceneDraft(f"Bees fly out, flight {n}.") for n in range(count)]
        script.save_script(studio, project_id, drafts)
        for number in range(1, count + 1):
            first, *_ = finish(clips.suggest(studio, project_id, number))
            clips.choose(studio, project_id, number, first.clip_id)
        return project_id

    return make


@contextmanager
def counted(studio: Studio) -> Iterator[list[str]]:
    """The questions that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(studio.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(studio.store.engine, "before_cursor_execute", note)


def test_all_scenes_are_read_as_each_of_them_is(
    studio: Studio, curated: Callable[[int], str]
) -> None:
    """In the order of the scenes, with the same candidates and the same choice."""
    project_id = curated(3)
    told = clips.all_suggestions(studio, project_id)
    assert told == [clips.suggestions(studio, project_id, n) for n in (1, 2, 3)]
    assert [each.clips[0].chosen for each in told] == [True] * 3
    assert told[0].clips[0].used_in == (3,)  # the second scene chose the other one, still fresh
    chosen = clips.selections(studio, project_id)
    assert chosen == {n: clips.selection_view(studio, project_id, n) for n in (1, 2, 3)}


@pytest.mark.parametrize("read", [clips.all_suggestions, clips.selections])
def test_more_scenes_take_no_more_questions(
    studio: Studio, curated: Callable[[int], str], read: Callable[[Studio, str], object]
) -> None:
    """However many there are, the database is asked as often."""
    few, many = curated(2), curated(6)
    with counted(studio) as for_few:
        read(studio, few)
    with counted(studio) as for_many:
        read(studio, many)
    assert 0 < len(for_many) == len(for_few)
