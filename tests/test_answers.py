"""What the sources of clips answered is kept until it expires."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from aivideo.answers import Answers
from aivideo.settings import Settings
from aivideo.store import Answer, Store, now

DAY = timedelta(days=1)
WAVES = {"words": "ocean waves", "page": 1}


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An empty database."""
    store = Store(settings.database_path)
    store.upgrade()
    yield store
    store.close()


@pytest.fixture
def answers(store: Store) -> Answers:
    """What was answered so far: nothing."""
    return Answers(store)


def test_a_question_is_answered_once(answers: Answers) -> None:
    """Whatever the order of its parts, by each source for itself, and by nothing else."""
    answers.keep("commons", WAVES, {"pages": [1, 2]}, DAY)
    assert answers.recall("commons", {"page": 1, "words": "ocean waves"}) == {"pages": [1, 2]}
    assert answers.recall("pexels", WAVES) is None
    assert answers.recall("commons", {"words": "ocean waves", "page": 2}) is None


def test_an_empty_answer_is_an_answer(answers: Answers) -> None:
    """A source that had nothing need not be asked again today."""
    answers.keep("commons", WAVES, [], DAY)
    assert answers.recall("commons", WAVES) == []


def test_the_last_answer_counts(answers: Answers, store: Store) -> None:
    """There is never more than one."""
    answers.keep("commons", WAVES, "old", DAY)
    answers.keep("commons", WAVES, "new", DAY)
    assert answers.recall("commons", WAVES) == "new"
    with store.session() as session:
        assert session.query(Answer).count() == 1


def test_what_has_expired_is_forgotten(answers: Answers, store: Store) -> None:
    """It is no answer any more, and the next one that is kept sweeps it out, whosever it was."""
    answers.keep("youtube", WAVES, "stale", -DAY)
    assert answers.recall("youtube", WAVES) is None
    assert list(answers.questions("youtube")) == []
    answers.keep("commons", WAVES, "fresh", DAY)
    with store.session() as session:
        assert [row.source for row in session.query(Answer)] == ["commons"]


def test_the_questions_of_a_source_are_told_newest_first(answers: Answers, store: Store) -> None:
    """So that a question that is nearly the same can be answered by them."""
    for words in ("honey bees", "bees"):
        answers.keep("youtube", {"words": words}, words, DAY)
    with store.session() as session:
        for row in session.query(Answer):
            row.created_at = now() - len(row.answer) * DAY
    told = [question["words"] for question in answers.questions("youtube")]
    assert told == ["bees", "honey bees"]
