"""Scripts that people bring: pasted, or as files."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

import aivideo_app
from aivideo import commands, projects, script
from aivideo.errors import (
    InvalidArgument,
    SceneTooLong,
    ScriptEmpty,
    ScriptFileUnreadable,
    ScriptThere,
)
from aivideo.script import SceneDraft, scenes_of, text_of_file
from aivideo.script.bringing import FILE_LIMIT, LONGEST
from aivideo.studio import Studio

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def project_id(studio: Studio) -> str:
    """A project with a topic."""
    return projects.create_project(studio, topic="How bees make honey").project_id


def texts(brought: str) -> list[str]:
    """The scenes of a text."""
    return [draft.text for draft in scenes_of(brought)]


def word(xml: str, name: str = "word/document.xml") -> bytes:
    """A .docx with this document in it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, xml)
    return data.getvalue()


def document(body: str) -> str:
    """A document of WordprocessingML."""
    return f'<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>'


# Texts


def test_every_word_of_plain_paragraphs_is_meant() -> None:
    """Also what a model would only have put into a stage direction."""
    assert texts("Bees fly\n(all of them).\n\nPart of it: honey.") == [
        "Bees fly (all of them).",
        "Part of it: honey.",
    ]


@pytest.mark.parametrize(
    "brought",
    [
        "# Bees\n\n## Scene 1\nBees *fly*.\n\n## Scene 2\nThey land.",
        "Scene 1: Bees fly.\nScene 2: They land.",
        "Narrator: Bees fly.\n\nNarrator: (softly) They land.",
        "1. Bees fly.\n2. They land.",
        "Bees fly.\n---\nThey land.",
        "```\nBees fly.\n\nThey land.\n```",
        "Visual: a bee\nBees fly.\n\nThey **land**.",
        "| # | Text |\n|---|---|\n| 1 | Bees fly. |\n| 2 | They land. |",
        "<p>Bees fly.</p><p>They land.</p>",
    ],
)
def test_of_a_screenplay_only_what_is_spoken_is_left(brought: str) -> None:
    """However it is marked."""
    assert texts(brought) == ["Bees fly.", "They land."]


def test_the_json_of_get_script_comes_back_whole() -> None:
    """With pictures, pauses and locks."""
    scene = {"text": "Bees fly.", "visual_query": "bee", "pause_seconds": 2, "locked": True}
    [draft] = scenes_of(json.dumps({"scenes": [scene]}))
    assert draft == SceneDraft("Bees fly.", "bee", pause_seconds=2, locked=True)


def test_a_long_paragraph_is_parted_between_sentences() -> None:
    """Nothing is lost, and no scene is longer than one can be listened to."""
    essay = " ".join(f"Sentence number {number} tells of the bees." for number in range(60))
    parts = texts(essay)
    assert " ".join(parts) == essay
    assert len(parts) > 2
    assert all(len(part) <= LONGEST and part.endswith(".") for part in parts)


def test_broken_json_is_not_read_aloud() -> None:
    """The sentence says where it breaks."""
    with pytest.raises(InvalidArgument, match="broken"):
        scenes_of('{"scenes": [')


# Into a project


def test_a_script_is_only_replaced_when_that_is_said(studio: Studio, project_id: str) -> None:
    """Else it may be added to; an empty project takes it at once."""
    brought = script.bring_script(studio, project_id, "The bees fly to flowers.\n\nThey land.")
    assert [scene.text for scene in brought] == ["The bees fly to flowers.", "They land."]
    assert brought[0].visual_query == "bees fly flowers"
    with pytest.raises(ScriptThere, match="2 scenes"):
        script.bring_script(studio, project_id, "Wasps.")
    added = script.bring_script(studio, project_id, "Wasps.", into="add")
    assert [scene.scene_id for scene in added[:2]] == [scene.scene_id for scene in brought]
    assert [scene.text for scene in added[2:]] == ["Wasps."]
    replaced = script.bring_script(studio, project_id, "Ants.", into="replace")
    assert [scene.text for scene in replaced] == ["Ants."]
    kept = script.list_script_versions(studio, project_id)
    assert [each.scene_count for each in kept] == [1, 3, 2]


@pytest.mark.parametrize(("brought", "failure"), [(" \n", ScriptEmpty), ("x" * 2001, SceneTooLong)])
def test_what_makes_no_script_changes_nothing(
    studio: Studio, project_id: str, brought: str, failure: type[Exception]
) -> None:
    """The one that was there stays."""
    before = script.save_script(studio, project_id, [SceneDraft("Old.")])
    with pytest.raises(failure):
        script.bring_script(studio, project_id, brought, into="replace")
    assert script.get_script(studio, project_id) == before


def test_neighbours_do_not_show_the_same(studio: Studio, project_id: str) -> None:
    """Where their texts allow it; given words are a person's and stay."""
    scenes = [{"text": "A bee on a flower.", "visual_query": "bee flower"}, {"text": "A hive."}]
    brought = script.bring_script(studio, project_id, json.dumps(scenes))
    assert [scene.visual_query for scene in brought] == ["bee flower", "hive"]


# Files


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "Für die Bienen".encode()),
        ("a.TXT", "\ufeffFür die Bienen\n".encode()),
        ("a.md", "Für die Bienen".encode("utf-16")),
        ("a.txt", "Für die Bienen".encode("cp1252")),
        ("../../a.txt", "Für die Bienen".encode()),
    ],
)
def test_a_text_file_is_read_in_the_usual_encodings(name: str, data: bytes) -> None:
    """UTF-8 with and without a mark, UTF-16, and what Windows wrote before."""
    assert text_of_file(name, data) == "Für die Bienen"


def test_a_word_file_gives_its_paragraphs() -> None:
    """Headings as marks, runs joined, breaks as blanks, deleted words left out."""
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Scene 1</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Bees </w:t></w:r><w:r><w:t>fly &amp; land.</w:t><w:br/>"
        "<w:t>Far.</w:t></w:r><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
        "<w:p/><w:p><w:r><w:t>Honey.</w:t></w:r></w:p>"
    )
    text = text_of_file("script.docx", word(document(body)))
    assert text == "# Scene 1\n\nBees fly & land. Far.\n\nHoney."
    assert texts(text) == ["Bees fly & land. Far. Honey."]


BOMB = document("<w:p><w:r><w:t>" + "bee " * (FILE_LIMIT // 4 + 10) + "</w:t></w:r></w:p>")
ENTITIES = '<!DOCTYPE d [<!ENTITY a "bee"><!ENTITY b "&a;&a;">]>' + document("<w:p>&b;</w:p>")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF", "files of the kind .pdf"),
        ("script", b"words", "without an ending"),
        ("a.txt", b"x" * (FILE_LIMIT + 1), "more than 5 megabytes"),
        ("a.txt", b"a\x00b", "it is no text"),
        ("a.docx", b"no zip", "no Word file"),
        ("a.docx", word("x", name="else.xml"), "no Word file"),
        ("a.docx", word(document("<w:p>"))[:-40], "no Word file"),
        ("a.docx", word(BOMB), "larger than any script"),
        ("a.docx", word(ENTITIES), "declares entities"),
        ("a.docx", word(ENTITIES.encode("utf-16").decode("latin-1")), "declares entities"),
        ("a.docx", word("<w:document>"), "it is damaged"),
    ],
)
def test_a_file_that_is_no_script_says_why(name: str, data: bytes, said: str) -> None:
    """Neither a bomb nor an entity is unfolded."""
    with pytest.raises(ScriptFileUnreadable, match=said):
        text_of_file(name, data)


def test_a_word_file_with_a_password_says_so() -> None:
    """The flag of an encrypted entry is enough to know."""
    data = bytearray(word(document("")))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[at] |= 1
    with pytest.raises(ScriptFileUnreadable, match="password"):
        text_of_file("a.docx", bytes(data))


def test_the_name_of_a_file_is_no_path() -> None:
    """Only its last part is said back."""
    with pytest.raises(ScriptFileUnreadable) as caught:
        text_of_file(str(Path("/etc") / "secret.bin"), b"")
    assert "/etc" not in caught.value.message


# The command line


def made(studio: Studio, path: Path) -> list[str]:
    """The scenes of the project that ``make --script`` begins."""
    chosen = aivideo_app.build_parser().parse_args(["make", "Bees", "--script", str(path)])
    project_id = commands._new_project(studio, chosen)
    return [scene.text for scene in script.get_script(studio, project_id)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bees.docx", word(document("<w:p><w:r><w:t>Narrator: Bees fly.</w:t></w:r></w:p>"))),
        ("bees.md", b"# Scene 1\n*(music)*\nBees fly."),
        ("bees.txt", "Bees fly.".encode("utf-16")),
        ("bees.json", b'{"scenes": [{"text": "Bees fly."}]}'),
    ],
)
def test_make_reads_a_script_as_the_page_does(
    studio: Studio, tmp_path: Path, name: str, data: bytes
) -> None:
    """The same kinds of files, and of a screenplay only what is spoken."""
    path = tmp_path / name
    path.write_bytes(data)
    assert made(studio, path) == ["Bees fly."]


@pytest.mark.parametrize(
    ("name", "data", "failure"),
    [
        ("bees.pdf", b"%PDF", ScriptFileUnreadable),
        ("bees.txt", b" ", ScriptEmpty),
        ("bees.txt", b"x" * 2001, SceneTooLong),
    ],
)
def test_a_script_that_make_cannot_use_leaves_no_project_behind(
    studio: Studio, tmp_path: Path, name: str, data: bytes, failure: type[Exception]
) -> None:
    """It is looked at before anything is made."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(failure):
        made(studio, path)
    assert projects.list_projects(studio) == []
