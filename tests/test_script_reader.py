"""Reading whatever a model or a person wrote: only spoken words remain, and none is lost."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from aivideo.errors import InvalidArgument
from aivideo.script import parse_script_file, read_script, visual_words


def texts(reply: str) -> list[str]:
    """The narrations in a reply."""
    return [draft.text for draft in read_script(reply)]


TWO = '{"text": "One."}, {"text": "Two."}'
JSON_REPLIES = {
    "as asked": '{"scenes": [{"narration": "One.", "camera_shows": "a"}, {"narration": "Two."}]}',
    "in a fence": f'Here it is:\n```json\n{{"scenes": [{TWO}]}}\n```',
    "other keys": '[{"text": "One.", "search": "bee"}, {"voiceover": "Two."}]',
    "with a title and tags": f'{{"title": "T", "tags": ["#a"], "scenes": [{TWO}]}}',
    "scenes by name": '{"script": {"scene_1": {"text": "One."}, "scene_2": {"text": "Two."}}}',
    "a list of sentences": '{"scenes": ["One.", "Two."]}',
    "a bare list": '["One.", "Two."]',
    "with chatter after": f'{{"scenes": [{TWO}]}} I hope this helps!',
    "with thoughts before": f'<think>{{"text": "No."}}</think>{{"scenes": [{TWO}]}}',
    "with a trailing comma": f'{{"scenes": [{TWO},]}}',
    "with a raw line break": '{"scenes": [{"text": "One."}, {"text": "Two.\n"}]}',
    "an object a line": '{"narration": "One."}\n{"narration": "Two."}',
    "in two fences": '```json\n{"text": "One."}\n```\nand\n```json\n{"text": "Two."}\n```',
    "with tags after": f'{{"scenes": [{TWO}]}}\n["#bees", "#honey"]',
    "as Python": "{'scenes': [{'text': 'One.'}, {'text': 'Two.'}]}",
    "as a string": json.dumps(f'{{"scenes": [{TWO}]}}'),
    "with a typographer's quotes": f'{{"scenes": [{TWO}]}}'.translate({34: "\u201c"}).replace(
        "\u201c:", "\u201d:"
    ),
    "with comments": f'{{"scenes": [ // two of them\n{TWO}]}}',
    "sentences in lists": '{"scenes": [{"text": ["One."]}, {"text": ["Two."]}]}',
}


@pytest.mark.parametrize("reply", JSON_REPLIES.values(), ids=JSON_REPLIES.keys())
def test_json_is_read_in_any_shape(reply: str) -> None:
    """What was asked for, and what models make of it."""
    assert texts(reply) == ["One.", "Two."]


def test_json_gives_the_words_for_the_picture_too() -> None:
    """Under any of the usual names, as text or as a list."""
    reply = (
        '[{"text": "A.", "camera_shows": "a bee"}, {"text": "B.", "visuals": ["hive", "field"]}]'
    )
    assert [draft.visual_query for draft in read_script(reply)] == ["a bee", "hive field"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ('{"scenes": [{"narration": "One bee. It \\"flies\\"."}, {"narration": "Two. They a',
         ['One bee. It "flies".', "Two."]),
        ('{"scenes": [{"narration": "One.", "camera_shows": "a be', ["One."]),
        ('{"scenes": [{"narration": "One.", "camera_shows": "a bee"}, {"narr', ["One."]),
        ('{"scenes": [{"narration": "One bee and no e', []),
        ('{"scenes": [{"narration": "A \\u00fcber \\q bee."}, {"narration": "Two."',
         ["A u00fcber q bee.", "Two."]),
    ],
)  # fmt: skip
def test_json_that_is_cut_off_gives_its_whole_sentences(reply: str, expected: list[str]) -> None:
    """A limit on the answer's length loses its end, not all of it."""
    assert texts(reply) == expected


def test_cut_off_json_keeps_the_pictures_of_whole_scenes() -> None:
    """Each belongs to the narration before it."""
    reply = '[{"text": "A."}, {"text": "B.", "search": "a bee"}, {"text": "C.", "search": "a w'
    assert [draft.visual_query for draft in read_script(reply)] == ["", "a bee", ""]


def test_a_heading_kills_no_script() -> None:
    """Markdown in place of JSON: headings, bold, italics, rules, labels, stage directions."""
    reply = (
        '## Video Script\n**Scene 1: Intro**\n*(upbeat music)*\nNarrator: "Hello, *friends*."\n'
        "---\n**Scene 2**\n[Cut to: a field]\n**Narrator (softly):** “Goodbye.”\n_Slow fade_\n"
    )
    assert texts(reply) == ["Hello, friends.", "Goodbye."]


FIRST, SECOND = "Bees fly. They land.", "Honey is sweet."
PROSE = {
    "paragraphs": "Bees fly.\nThey land.\n\nHoney is sweet.",
    "with chatter": f"Sure! Here is your script:\n\n{FIRST}\n\n{SECOND}\n\nLet me know!",
    "with a word before": f"Sure!\n\n{FIRST}\n\n{SECOND}",
    "numbers": f"1. {FIRST}\n2. {SECOND}",
    "bullets": f"- {FIRST}\n- {SECOND}",
    "labelled points": f"1. **Hook:** {FIRST}\n2. **Outro:** {SECOND}",
    "scene labels": f"Scene 1: {FIRST}\nScene 2: {SECOND}",
    "timed scenes": f"Scene 1 (0:00-0:05): Flight\n{FIRST}\nScene 2 [0:05]\n{SECOND}",
    "sections": f"Hook - {FIRST}\n\nConclusion: {SECOND}",
    "headings": f"# Bees\n\n### Scene One\n{FIRST}\n\n### Scene Two\n{SECOND}",
    "bold sentences": f"**{FIRST}**\n\n**{SECOND}**",
    "points in scenes": f"**Scene 1**\n- Bees fly.\n- They land.\n**Scene 2**\n- {SECOND}",
    "points that are scenes": f"- Scene 1\n{FIRST}\n- Scene 2\n{SECOND}",
    "rules": f"{FIRST}\n***\n{SECOND}",
    "voice-over": f"VO: {FIRST}\n\nV.O. - {SECOND}",
    "labels in points": f"- Narrator: {FIRST}\n- Narrator: {SECOND}",
    "music and more": f"Title: Bees\nMusic: soft\n\n{FIRST}\n\nSFX: buzz\nFade out\n\n{SECOND}",
    "links and tags": "[Bees](http://x.y) fly. <b>They</b> land.\n\nHoney is `sweet`.",
    "a table": f"| # | Narration | Visual |\n|---|:-:|---|\n| 1 | {FIRST} | a |\n| 2 | {SECOND} |",
    "paragraphs of HTML": f"<p>{FIRST}</p>\n<p>{SECOND}</p>",
    "lines of HTML": f"{FIRST}<br><br/>{SECOND}",
    "tags": f"<scene><voiceover>{FIRST}</voiceover></scene><scene>{SECOND}</scene>",
    "quotations": f"> {FIRST}\n\n> {SECOND}",
    "YAML": f"scenes:\n  - narration: {FIRST}\n    visual: a\n  - narration: {SECOND}",
    "YAML by name": f"scene_1:\n  narration: {FIRST}\nscene_2:\n  narration: {SECOND}",
    "German": f"**Szene 1:**\nSprecherin: {FIRST}\n\n**Szene 2:**\nErz\u00e4hler: {SECOND}",
    "emoji": f"\U0001f3ac Scene 1\n\U0001f399\ufe0f VO: {FIRST}\n\U0001f3ac Scene 2\n{SECOND}",
    "a screenplay": f"INT. HIVE - DAY\nNARRATOR (V.O.)\n{FIRST}\n\nEXT. FIELD\nNARRATOR\n{SECOND}",
    "times": f"0:00 - 0:05\n{FIRST}\n\n0:05\n{SECOND}",
    "times before words": f"0:00-0:05: {FIRST}\n0:05-0:10: {SECOND}",
    "Windows' line ends": f"Scene 1: {FIRST}\r\n\r\nScene 2: {SECOND}\r\n",
    "a heading that only names": f"## Title: Bees\n# Scene 1\n{FIRST}\n# Scene 2\n{SECOND}",
}


@pytest.mark.parametrize("reply", PROSE.values(), ids=PROSE.keys())
def test_prose_is_read_in_any_shape(reply: str) -> None:
    """Two scenes, spoken words only."""
    assert texts(reply) == ["Bees fly. They land.", "Honey is sweet."]


def test_what_the_camera_sees_is_not_spoken() -> None:
    """It becomes the words for the picture."""
    reply = "Scene 1\nVisual: bees on comb\nNarration: It is dark.\nB-roll: a hive"
    [draft] = read_script(reply)
    assert (draft.text, draft.visual_query) == ("It is dark.", "bees on comb a hive")


def test_a_title_stands_in_for_words_that_are_missing() -> None:
    """When it is more than a name."""
    assert texts("Scene 1: Bees leave the hive\nScene 2: Outro\n") == ["Bees leave the hive"]


@pytest.mark.parametrize(
    "text",
    [
        "Error: 404 is what a server says.",
        "Part 2 of the war began in May.",
        "Here is where the story begins.",
        "Great things happen in the dark.",
        "The time: half past nine.",
        "#1 is the queen.",
        'They call her "the queen" of bees.',
        "In 1969, two men walked on the Moon.",
        "It costs $3.50, or 1/3 of that.",
        "*Imagine a world without bees.*",
        "Music is what bees make.",
        "Hosts of bees came.",
        "Introductions are hard.",
        "Scene by scene the plan unfolds.",
        "5:30 - the hive wakes.",
        "Int is short for integer.",
        "Narrators lie.",
        "One | two | three.",
        "a < b and b > a.",
    ],
)
def test_spoken_words_that_look_like_labels_stay(text: str) -> None:
    """Nothing that is said is lost to tidying up."""
    assert texts(text) == [text.strip("*")]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ('"All of it."', "All of it."),
        ("“All of it”.", "All of it."),
        ("A (softly spoken) word [pause] here .", "A word here."),
        ("**Bold**, _soft_ and `code`", "Bold, soft and code"),
        ("Narrator - A word.", "A word."),
        ("snake_case and 2 * 3", "snake_case and 2 3"),
    ],
)
def test_only_the_words_of_a_narration_are_spoken(written: str, spoken: str) -> None:
    """Within JSON too."""
    assert texts(json.dumps([{"text": written}])) == [spoken]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n",
        "{}",
        '{"error": "insufficient balance"}',
        "I'm sorry, but I can't help with that.",
        "As an AI, I have no bees.",
        "---",
        "(music)",
        '{"scenes": [{"narr',
        "[",
        "42",
    ],
)
def test_what_is_no_script_gives_no_scenes(reply: str) -> None:
    """A refusal, an error or an empty shell is not read aloud."""
    assert texts(reply) == []


# Files of a person


def test_a_file_has_one_scene_per_paragraph() -> None:
    """Line breaks within a paragraph are blanks; words are left as they are."""
    text = "\ufeffFirst line\r\nand second (softly).\r\n\r\n\r\n  # Third \n"
    assert [draft.text for draft in parse_script_file(text)] == [
        "First line and second (softly).",
        "# Third",
    ]


@pytest.mark.parametrize(
    "shape",
    [
        lambda scenes: {"scenes": scenes},
        lambda scenes: {"success": True, "data": {"scenes": scenes}},
        lambda scenes: scenes,
    ],
)
def test_a_file_may_be_the_json_of_get_script(shape: object) -> None:
    """As the endpoint gives it, with or without its envelope."""
    scenes = [
        {
            "scene_id": "a1",
            "text": "One *bee*.",
            "visual_query": "bee hive",
            "objects": ["bee", "hive"],
            "pause_seconds": 1.5,
            "level_db": "loud",
            "voice_id": None,
            "locked": True,
        }
    ]
    [draft] = parse_script_file(json.dumps(shape(scenes)))  # type: ignore[operator] # parametrized
    assert asdict(draft) == {
        "text": "One *bee*.",
        "visual_query": "bee hive",
        "scene_id": None,
        "pause_seconds": 1.5,
        "voice_id": None,
        "level_db": None,
        "locked": True,
        "objects": ("bee", "hive"),
    }


def test_a_file_of_broken_json_says_where() -> None:
    """Nobody wants to hear braces read aloud."""
    with pytest.raises(InvalidArgument, match="line 1 column"):
        parse_script_file('{"scenes": [')


def test_a_json_file_without_scenes_says_what_belongs_there() -> None:
    """With an example."""
    with pytest.raises(InvalidArgument, match='"scenes"'):
        parse_script_file('{"pages": []}')


def test_an_empty_file_has_no_scenes() -> None:
    """Saving it is what fails, with its own sentence."""
    assert parse_script_file(" \n") == []


# Words for pictures


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a bee colony gathering nectar from flowers", "bee colony nectar flowers"),
        ("The Roman Empire was built on the backs of slaves.", "roman empire backs slaves"),
        ("In 1969, Neil Armstrong walked on the Moon.", "neil armstrong moon"),
        ("The keeper\u2019s lamp shines. The lamp is old.", "keeper lamp shines"),
        ("Quickly running", "quickly running"),
        ("...", ""),
        ("It is what it is.", ""),
    ],
)
def test_a_picture_is_sought_by_nouns(text: str, words: str) -> None:
    """At most four, in the order in which they are said."""
    assert visual_words(text) == words
