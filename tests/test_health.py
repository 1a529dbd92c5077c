"""The health list: honest, complete, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aivideo.errors import AIVideoError, Health, InvalidArgument
from aivideo.health import can_make_a_video, health_list
from aivideo.studio import Studio


def test_every_engine_has_its_word(studio: Studio) -> None:
    """Language model, voice, ffmpeg, sources, disk and database are all in the list."""
    names = " ".join(health.name for health in health_list(studio))
    for word in ("Language model", "Voice", "Video engine", "fixed", "Disk", "Database"):
        assert word in names


def test_a_studio_of_working_engines_can_make_a_video(studio: Studio) -> None:
    """The real ffmpeg is found and has what a render needs."""
    assert can_make_a_video(health_list(studio))


def test_everything_missing_comes_with_its_remedy(studio: Studio) -> None:
    """Whatever does not work says what mends it."""
    for health in health_list(studio):
        assert health.works or health.remedy
        assert health.says.endswith((".", "!", ")"))


def test_a_language_model_that_a_setting_chose_says_so(studio: Studio) -> None:
    """Whoever wonders why Ollama is not asked finds the setting; ``auto`` gives its own reasons."""
    settings = studio.settings.model_copy(update={"llm_provider": "openai"})
    chosen = health_list(replace(studio, settings=settings))[0]
    assert "It alone is asked: LLM_PROVIDER is openai." in chosen.says
    assert "It alone" not in health_list(studio)[0].says


@pytest.mark.parametrize(("needed", "verdict"), [(True, False), (False, True)])
def test_only_what_is_needed_stands_in_the_way(needed: bool, verdict: bool) -> None:  # noqa: FBT001 - parameters of a test
    """A missing extra is a note, a missing need is a no."""
    healths = [Health("X", works=False, says="Missing.", remedy="Get it.", needed=needed)]
    assert can_make_a_video(healths) is verdict


def test_an_engine_that_fails_its_check_is_in_the_list(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing check is a word too; the others are still asked."""

    def refuse() -> Health:
        raise InvalidArgument("The voice is broken. Mend it.")

    checks: Callable[[], Health] = refuse
    monkeypatch.setattr(studio.speaker, "check", checks)
    broken = [health for health in health_list(studio) if not health.works]
    assert [health.says for health in broken] == ["The voice is broken. Mend it."]
    assert issubclass(InvalidArgument, AIVideoError)
