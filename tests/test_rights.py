"""What licences allow, what is said before a video is made, and what a person has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from clip_sources import Source, make_project, suggest, with_sources
from sqlalchemy import select, update

from aivideo import clips
from aivideo.clips.licences import licence_of, may_be_reused
from aivideo.errors import NotFound, UnknownProvider
from aivideo.store import Clip, Consent, now
from aivideo.studio import Studio, open_studio

CC = "https://creativecommons.org/licenses"


@pytest.mark.parametrize(
    ("licence", "allows", "forbids", "alike"),
    [
        ("own", True, False, False),
        ("CC0", True, False, False),
        ("Public domain", True, False, False),
        ("PD", True, False, False),
        ("CC BY", True, False, False),
        ("CC BY 4.0", True, False, False),
        ("CC BY-SA 4.0", True, False, True),
        ("cc-by-sa-3.0", True, False, True),
        ("Pexels", True, False, False),
        ("Pixabay", True, False, False),
        ("MIT", True, False, False),
        ("CC BY-NC 4.0", False, True, False),
        ("CC BY-ND 4.0", False, True, False),
        ("CC BY-NC-SA 2.0", False, True, True),
        ("YouTube standard", False, True, False),
        ("youtube", False, True, False),
        ("All rights reserved", False, True, False),
        ("", False, False, False),
        ("own music only", False, False, False),
        ("Fair use", False, False, False),
        ("GFDL 1.2", False, False, False),
    ],
)
def test_a_licence_is_known_by_its_name(
    licence: str, *, allows: bool, forbids: bool, alike: bool
) -> None:
    """Only what clearly allows it counts as free; what is not known is not."""
    found = licence_of(licence)
    assert (found.allows, found.forbids, found.shares_alike) == (allows, forbids, alike)


def test_the_address_tells_what_the_name_does_not() -> None:
    """The terms that stand behind a link are those that count."""
    assert not may_be_reused("video", "Creative Commons", f"{CC}/by-nc/4.0/")
    assert may_be_reused("video", "", f"{CC}/by/4.0/")
    assert may_be_reused("illustration", "")


@pytest.fixture
def archive() -> Source:
    """Clips under licences of every kind."""
    stock = {"volcano": dict.fromkeys(("free", "credit", "alike", "closed", "unknown"), 0.9)}
    archive = Source("archive", stock)
    licences = ("CC0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "")
    archive.facts = {
        name: {"licence": licence, "licence_text": f"As told: {licence}"}
        for name, licence in zip(stock["volcano"], licences, strict=True)
    }
    return archive


def test_licences_that_matter_are_told_before_the_video_is_made(
    studio: Studio, archive: Source
) -> None:
    """Each by its scene, with a code for programs and what to do for people."""
    desk = with_sources(studio, archive)
    project_id = make_project(desk, *["volcano"] * 6)
    for number in range(1, 6):
        found = {clip.title: clip for clip in suggest(desk, project_id, number, reusable=False)}
        name = ("free", "credit", "alike", "closed", "unknown")[number - 1]
        clips.choose(desk, project_id, number, found[name].clip_id)

    warnings = clips.rights(desk, project_id)

    assert [(one.scene_number, one.code) for one in warnings] == [
        (3, "LICENCE_SHARE_ALIKE"),
        (4, "LICENCE_FORBIDS"),
        (5, "LICENCE_UNCLEAR"),
    ]
    assert "whole video may have to be published under that licence" in warnings[0].message
    assert "CC BY-NC 4.0" in warnings[1].message
    assert all("hoose another clip" in one.message for one in warnings)


def test_all_that_a_licence_needs_is_kept(studio: Studio, archive: Source) -> None:
    """Its name, what the source said of it, where it is, who made it and when it was found."""
    desk = with_sources(studio, archive)
    archive.facts["credit"] |= {"author": "Ada", "author_url": "https://example.com/ada"}
    found = suggest(desk, make_project(desk, "volcano"))
    with desk.store.session() as session:
        row = session.scalars(select(Clip).where(Clip.source_id == "credit")).one()
    assert (row.licence, row.licence_text) == ("CC BY 4.0", "As told: CC BY 4.0")
    assert (row.author, row.author_url) == ("Ada", "https://example.com/ada")
    assert abs(row.retrieved_at - now()) < timedelta(minutes=1)
    assert next(clip.author_url for clip in found if clip.title == "credit").endswith("/ada")


def test_a_project_without_clips_warns_of_nothing(studio: Studio) -> None:
    """And one that is not there is said not to be."""
    assert clips.rights(studio, make_project(studio, "volcano")) == []
    with pytest.raises(NotFound):
        clips.rights(studio, "no-such-project")


# --------------------------------------------------------------------------- what YouTube told
def test_what_youtube_told_is_forgotten_after_thirty_days(studio: Studio) -> None:
    """But for clips that are shown, which have to be credited, and that some are not to be had."""
    names = ("shown", "refused", "old")
    tube = Source("youtube", {"volcano": dict.fromkeys(names, 0.9)})
    tube.facts = {name: {"description": "Told."} for name in names}
    desk = with_sources(studio, tube)
    project_id = make_project(desk, "volcano", "zeppelin")
    found = {clip.title: clip for clip in suggest(desk, project_id)}
    clips.choose(desk, project_id, 1, found["shown"].clip_id)
    with desk.store.session() as session:
        session.execute(update(Clip).values(retrieved_at=now() - timedelta(days=31)))
        refused = session.get(Clip, found["refused"].clip_id)
        assert refused is not None
        refused.refused_code, refused.refused_message = "VIDEO_PRIVATE", "It is private."

    suggest(desk, project_id, 2)

    with desk.store.session() as session:
        rows = {row.source_id: row for row in session.scalars(select(Clip))}
        assert set(rows) == {"shown", "refused"}
        assert (rows["shown"].title, rows["shown"].description) == ("shown", "Told.")
        assert (rows["refused"].title, rows["refused"].description) == ("", "")
        assert rows["refused"].refused_code == "VIDEO_PRIVATE"
    assert [clip.title for clip in clips.candidates(desk, project_id, 1)] == ["shown", ""]


def test_what_others_told_is_kept(studio: Studio, archive: Source) -> None:
    """Their terms ask for nothing of the kind."""
    desk = with_sources(studio, archive)
    project_id = make_project(desk, "volcano", "zeppelin")
    suggest(desk, project_id)
    with desk.store.session() as session:
        session.execute(update(Clip).values(retrieved_at=now() - timedelta(days=31)))
    suggest(desk, project_id, 2)
    assert len(clips.candidates(desk, project_id, 1)) == 3


# --------------------------------------------------------------------------- consents
def test_a_consent_is_kept_with_its_words_and_its_time(studio: Studio) -> None:
    """Confirming it again changes nothing; it can be taken back."""
    assert clips.consents(studio) == []
    given = clips.give_consent(studio, "youtube-downloads")
    assert given.text == clips.consent_text("youtube-downloads")
    assert given.given_at is not None
    assert clips.give_consent(studio, "youtube-downloads") == given
    assert clips.consents(studio) == [given]
    with studio.store.session() as session:
        row = session.scalars(select(Consent)).one()
        assert "I have the right to use the videos" in row.text
    clips.withdraw_consent(studio, "youtube-downloads")
    assert clips.consents(studio) == []


def test_there_are_no_other_consents(studio: Studio) -> None:
    """The sentence lists those that there are."""
    for act in (clips.give_consent, clips.withdraw_consent):
        with pytest.raises(UnknownProvider, match="youtube-downloads, youtube-search"):
            act(studio, "everything")


@pytest.fixture
def real(studio: Studio) -> Iterator[Studio]:
    """A studio with the app's own sources, none of which is asked."""
    with open_studio(
        studio.settings, chat_model=studio.chat_model, speaker=studio.speaker
    ) as opened:
        yield opened


def test_every_source_says_what_it_is_and_what_it_needs(real: Studio) -> None:
    """In the order in which they are asked; a key, a consent, or nothing."""
    found = {one.name: one for one in clips.sources(real)}
    assert list(found) == [
        *("library", "pexels", "pixabay", "commons", "openverse"),
        *("youtube", "youtube-search", "illustrated"),
    ]
    assert not any(found[name].online for name in ("library", "illustrated"))
    assert all(one.says and (one.address or not one.online) for one in found.values())
    needy = {name for name, one in found.items() if one.needs}
    assert needy == {"pexels", "pixabay", "youtube", "youtube-search"}
    assert {name: one.consent for name, one in found.items() if one.consent} == {
        "youtube": "youtube-downloads",
        "youtube-search": "youtube-search",
    }


def test_a_consent_opens_what_it_is_about(real: Studio) -> None:
    """Without a new start of the app; taken back, it is closed again."""
    search = real.finders["youtube-search"]
    clips.give_consent(real, "youtube-search")
    assert (search.about.needs, clips.sources(real)[6].consent) == ("", "")
    clips.withdraw_consent(real, "youtube-search")
    assert search.about.needs


def test_a_setting_opens_it_too(studio: Studio) -> None:
    """Whoever sets it has read what it says."""
    settings = studio.settings.model_copy(update={"youtube_downloads": True})
    with open_studio(settings, chat_model=studio.chat_model, speaker=studio.speaker) as opened:
        [consent] = clips.consents(opened)
        assert (consent.kind, consent.given_at) == ("youtube-downloads", None)
        assert {one.name: one.consent for one in clips.sources(opened)}["youtube"] == ""


@pytest.mark.parametrize(
    ("named", "opened"),
    [
        ("library", ["library"]),
        ("illustrated, library", ["illustrated", "library"]),
        ("commons,,commons", ["commons"]),
    ],
)
def test_a_setting_names_the_sources(studio: Studio, named: str, opened: list[str]) -> None:
    """One or several, in its own order."""
    settings = studio.settings.model_copy(update={"clip_source": named})
    with open_studio(settings, chat_model=studio.chat_model, speaker=studio.speaker) as desk:
        assert list(desk.finders) == opened


def test_a_setting_that_names_no_source_is_refused(studio: Studio) -> None:
    """With the names that there are."""
    settings = studio.settings.model_copy(update={"clip_source": "library,youtub"})
    with (
        pytest.raises(UnknownProvider, match=r"'youtub'.*auto, commons"),
        open_studio(settings, chat_model=studio.chat_model, speaker=studio.speaker),
    ):
        pass
