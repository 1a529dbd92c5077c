"""The tables: keys, times, versions, and the migrations that make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Column, MetaData, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from aivideo import migrations
from aivideo.errors import EditedMeanwhile, NotFound, NoWritePermission
from aivideo.store import AudioFile, Base, Message, Project, Scene, Search, Store, get_row


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A fresh database."""
    store = Store(tmp_path / "deep" / "x.db")
    store.upgrade()
    return store


def add_project(store: Store, scenes: int = 2) -> str:
    """A project with scenes; its id."""
    with store.session() as session:
        project = Project(name="Bees")
        project.scenes = [Scene(position=n, text=f"Scene {n}.") for n in range(scenes)]
        session.add(project)
    return project.id


def test_the_migrations_make_exactly_the_tables_of_the_classes(store: Store) -> None:
    """A changed class without a migration is caught here."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        ours = [
            difference
            for difference in compare_metadata(context, Base.metadata)
            if "alembic_version" not in str(difference)
        ]
    assert ours == []


def test_the_specifications_tables_are_there_under_their_names(store: Store) -> None:
    """The owner's six tables keep their names."""
    assert set(inspect(store.engine).get_table_names()) >= {
        "system_prompts",
        "projects",
        "messages",
        "clip_selections",
        "audio_files",
        "rendered_videos",
    }


def test_the_database_runs_in_wal_with_foreign_keys(store: Store) -> None:
    """A reader does not wait for a writer, and no row points to nothing."""
    with store.session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    """Every start upgrades; an up-to-date file stays as it is."""
    project_id = add_project(store)
    store.upgrade()
    with store.session() as session:
        assert get_row(session, Project, project_id).name == "Bees"


OLD: Final = "2026-09-01T10:00:00.000000+00:00"


def old_database(path: Path, revision: str) -> None:
    """A database as an earlier version of the app left it, with a scene that has its clip."""
    store = Store(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for name in ("projects", "scenes", "clips", "clip_selections", "searches", "audio_files"):
            table = Table(name, MetaData(), autoload_with=connection)
            values = {column.name: an_old_value(column) for column in table.columns}
            connection.execute(table.insert().values(values))
    store.close()


def an_old_value(column: Column[Any]) -> object:
    """Something that a column of an earlier version may hold; every id is the same."""
    if column.name == "id" or column.name.endswith("_id"):
        return None if column.name == "system_prompt_id" else "one"
    if column.name.endswith("_at") or column.name == "last_active":
        return OLD
    if isinstance(column.type, JSON):
        return ["one"] if column.name in {"clip_ids", "words"} else {}
    return {str: "old", int: 1, float: 2.5, bool: False}[column.type.python_type]


@pytest.mark.parametrize("revision", ["0001", "0004", "0007"])
def test_a_database_of_an_earlier_version_is_brought_forward(tmp_path: Path, revision: str) -> None:
    """Nothing that somebody made is lost, and what is new has a sensible value."""
    old_database(tmp_path / "x.db", revision)
    store = Store(tmp_path / "x.db")
    store.upgrade()
    with store.session() as session:
        scene = session.scalars(select(Scene)).one()
        chosen = scene.selection
        assert scene.audio is not None
        assert chosen is not None
        assert (scene.text, chosen.fit, chosen.start_seconds) == ("old", "old", 2.5)
        assert scene.objects == []
        assert (chosen.clip.title, chosen.clip.media, chosen.offset_seconds) == ("old", [], 0.0)
        search = session.scalars(select(Search)).one()
        assert (search.clip_ids, search.reasons, search.reusable) == (["one"], [], True)
    store.close()


def test_a_time_comes_back_aware_and_in_utc(store: Store) -> None:
    """Whatever zone a time had, the column keeps UTC with its zone."""
    project_id = add_project(store)
    moment = datetime(2026, 11, 25, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with store.session() as session:
        get_row(session, Project, project_id).created_at = moment
    with store.session() as session:
        back = get_row(session, Project, project_id).created_at
        raw = session.scalar(text("SELECT created_at FROM projects"))
    assert back == moment
    assert back.tzinfo == UTC
    assert str(raw) == "2026-11-25T10:00:00.000000+00:00"


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """A naive time would be a guess."""
    project_id = add_project(store)
    with (
        pytest.raises(StatementError, match="without a zone"),
        store.session() as session,
    ):
        get_row(session, Project, project_id).created_at = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point


def test_an_unknown_role_is_refused(store: Store) -> None:
    """The specification's CHECK holds."""
    project_id = add_project(store)
    with pytest.raises(IntegrityError), store.session() as session:
        session.add(Message(project_id=project_id, role="robot", content="x"))


def test_removing_a_project_removes_what_hangs_on_it(store: Store) -> None:
    """ON DELETE CASCADE, and in the session too."""
    project_id = add_project(store)
    with store.session() as session:
        session.delete(get_row(session, Project, project_id))
    with store.session() as session:
        assert session.scalars(select(Scene)).all() == []


def test_a_scenes_number_follows_its_place(store: Store) -> None:
    """Narration belongs to the scene; its scene_number is read from the scene."""
    project_id = add_project(store)
    with store.session() as session:
        scene = get_row(session, Project, project_id).scenes[0]
        session.add(
            AudioFile(
                project_id=project_id,
                scene_id=scene.id,
                file_path="a.wav",
                voice_id="af_heart",
                duration_seconds=1.0,
            )
        )
    with store.session() as session:
        first, second = get_row(session, Project, project_id).scenes
        first.position, second.position = 1, 0
    with store.session() as session:
        assert session.scalars(select(AudioFile)).one().scene_number == 2


def test_two_writers_of_one_row_do_not_undo_each_other(store: Store) -> None:
    """The later one is told, instead of silently winning."""
    project_id = add_project(store)
    with pytest.raises(EditedMeanwhile, match="again"), store.session() as late:
        slow = get_row(late, Project, project_id)
        with store.session() as early:
            get_row(early, Project, project_id).name = "First"
        slow.name = "Second"
    with store.session() as session:
        assert get_row(session, Project, project_id).name == "First"


def test_a_row_that_is_missing_is_a_sentence(store: Store) -> None:
    """get_row names what was looked for."""
    with pytest.raises(NotFound, match="no project nowhere"), store.session() as session:
        get_row(session, Project, "nowhere")


def test_a_database_in_a_place_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    """A folder under the database's name cannot be opened as a file."""
    (tmp_path / "x.db").mkdir()
    with pytest.raises(NoWritePermission, match="DATABASE_PATH"):
        Store(tmp_path / "x.db").upgrade()
