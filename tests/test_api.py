"""The endpoints: everything the page can do, for programs, in one envelope."""

from __future__ import annotations

import inspect
import itertools
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from footage import write_tone
from gradio.utils import get_upload_folder
from gradio_client import Client, handle_file  # type: ignore[import-untyped] # it ships no types
from served import Served, serve
from sqlalchemy import select, update

from aivideo import autopilot, clips, conversation, projects, script
from aivideo.api import ENDPOINTS, Endpoints
from aivideo.api_endpoint import bind
from aivideo.api_files import shareable
from aivideo.engines.library import FootageFolder
from aivideo.progress import finish
from aivideo.script import SceneDraft
from aivideo.store import Clip
from aivideo.studio import Studio

PROMISED: Final = [
    *("health", "create_project", "list_projects", "get_project", "update_project"),
    *("delete_project", "list_system_prompts", "create_system_prompt", "update_system_prompt"),
    *("delete_system_prompt", "restore_system_prompt", "preview_system_prompt", "chat"),
    *("retry_message", "undo_message", "list_messages", "suggest_topic"),
    *("generate_script", "get_script"),
    *("save_script", "import_script", "rewrite_scene", "list_script_versions"),
    *("restore_script", "update_scene", "list_voices", "preview_voice", "select_voice"),
    *("get_pronunciations", "set_pronunciations", "generate_voice"),
    *("upload_narration", "remove_narration"),
    *("list_clip_sources", "give_consent", "withdraw_consent", "search_clips", "upload_clip"),
    *("preview_clip", "select_clip", "confirm_clip", "use_another_part", "clip_filmstrip"),
    *("download_clip", "select_look", "preview_cut"),
    *("plan_video", "assemble", "make_video"),
    *("list_jobs", "get_job", "watch_job", "cancel_job", "pull_model"),
]

SCRIPT = """{"scenes": [
{"text": "Bees fly out at dawn to find the flowers.", "visual_query": "bee flower"},
{"text": "At home they turn nectar into golden honey.", "visual_query": "honey comb"}]}"""

FIRST_WORD = {"text": "Bees", "start": 0.0, "end": 0.25, "proportional": False, "joined": False}

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page on fakes, for all tests of this file."""
    with serve(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="module")
def client(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A program that talks to it; what it downloads goes to a folder of the test."""
    return Client(served.url, verbose=False, download_files=tmp_path_factory.mktemp("down"))


@pytest.fixture
def call(client: Client) -> Call:
    """Call an endpoint by its name and get the whole envelope."""

    def call(endpoint: str, /, *values: object, **named: object) -> Any:
        return client.predict(*values, api_name=f"/{endpoint}", **named)

    return call


@pytest.fixture
def desk(served: Served) -> Endpoints:
    """The endpoints behind the page, called without HTTP."""
    return Endpoints(served.studio, served.jobs)


def data(envelope: Any) -> Any:
    """What a successful envelope holds."""
    assert envelope["success"] is True, envelope
    return envelope["data"]


def error(envelope: Any) -> Any:
    """What a failed envelope holds."""
    assert envelope["success"] is False, envelope
    assert set(envelope) == {"success", "error"}
    return envelope["error"]


def two_scenes(served: Served) -> str:
    """A project with two scenes, a clip chosen for each."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    drafts = [SceneDraft("Bees fly out at dawn."), SceneDraft("They bring nectar home.")]
    script.save_script(served.studio, project_id, drafts)
    for number in (1, 2):
        found = finish(clips.suggest(served.studio, project_id, number))
        clips.choose(served.studio, project_id, number, found[0].clip_id)
    return project_id


def test_the_whole_road_can_be_walked_by_a_program(served: Served, call: Call) -> None:
    """From a topic to a video file, with nothing but desk."""
    served.chat_model.answers.extend(["Follow one bee.", SCRIPT])
    project_id = data(call("create_project", topic="How bees make honey"))["project_id"]
    said = data(call("chat", project_id, "Something about bees?"))
    assert (said["response"], said["done"]) == ("Follow one bee.", True)
    data(call("select_voice", project_id, "am_michael"))
    written = data(call("generate_script", project_id, scenes=2, seconds=8))["scenes"]
    assert [scene["visual_query"] for scene in written] == ["bee flower", "honey comb"]
    for number in (1, 2):
        found = data(call("search_clips", project_id, number))["clips"]
        assert {"clip_id", "title", "duration", "licence", "url"} <= set(found[0])
        chosen = data(call("select_clip", project_id, number, found[0]["clip_id"]))
        assert chosen["clip_id"] == found[0]["clip_id"]
    spoken = data(call("generate_voice", project_id))["narrations"]
    assert [Path(each["audio"]).read_bytes()[:4] for each in spoken] == [b"RIFF", b"RIFF"]
    assert spoken[0]["words"][0] == FIRST_WORD
    fetched = data(call("download_clip", project_id, 1))
    assert Path(fetched["file_path"]).stat().st_size > 0
    video = data(call("assemble", project_id, {"quality": "draft"}))
    assert Path(video["video"]).read_bytes()[4:8] == b"ftyp"
    assert Path(video["video"]).stat().st_size == video["file_size"]
    assert Path(video["thumbnail"]).read_bytes()[:2] == b"\xff\xd8"
    assert "WEBVTT" in Path(video["captions"]["vtt"]).read_text("utf-8")
    assert "Bees" in Path(video["captions"]["srt"]).read_text("utf-8")
    assert "[V4+ Styles]" in Path(video["captions"]["ass"]).read_text("utf-8")
    credit = Path(video["credits"]).read_text("utf-8")
    assert "A. Tester" in video["credits_block"]
    assert credit.endswith(f"To paste under the video\n{'-' * 24}\n{video['credits_block']}\n")
    assert video["duration"] == pytest.approx(4.95, abs=0.2)
    project = data(call("get_project", project_id))
    assert (project["stage"], project["chosen_count"], project["spoken_count"]) == (
        "assembly",
        2,
        2,
    )


def test_a_whole_video_comes_from_one_sentence(served: Served, call: Call) -> None:
    """The autopilot, with options; the project has what they decide."""
    served.chat_model.answers.append(SCRIPT)
    options = {
        "scenes": 2,
        "seconds": 8,
        "voice": "am_michael",
        "aspect": "1:1",
        "quality": "draft",
    }
    made = data(call("make_video", "How bees make honey in one day", options))
    assert Path(made["video"]).stat().st_size == made["file_size"]
    project = data(call("get_project", made["project_id"]))
    assert (project["voice_id"], project["aspect"]) == ("am_michael", "1:1")


def test_there_are_the_endpoints_that_were_promised(client: Client) -> None:
    """No more, no fewer; the page's own events are none."""
    assert [endpoint.__name__ for endpoint in ENDPOINTS] == PROMISED
    named = client.view_api(return_format="dict")
    assert isinstance(named, dict)
    assert list(named["named_endpoints"]) == [f"/{name}" for name in PROMISED]
    assert named["unnamed_endpoints"] == {}


def test_a_program_decides_how_its_words_are_spoken(desk: Endpoints) -> None:
    """A blend, a speed and a dictionary are the project's; a refused one changes nothing."""
    project_id = projects.create_project(desk.studio, topic="Bees").project_id
    chosen = data(desk.select_voice(project_id, "af_heart+am_michael", 1.25))
    assert (chosen["voice_id"], chosen["speed"]) == ("af_heart:0.5+am_michael:0.5", 1.25)
    assert data(desk.select_voice(project_id, "af_heart"))["speed"] == 1.25
    assert data(desk.get_project(project_id))["speed"] == 1.25
    said = {"Kokoro": "koh-KOH-roh", "bee": "/bi/"}
    assert data(desk.set_pronunciations(project_id, said))["pronunciations"] == said
    refused = error(desk.set_pronunciations(project_id, {"bee": "§"}))
    assert refused["code"] == "PRONUNCIATION_INVALID"
    assert data(desk.get_pronunciations(project_id))["pronunciations"] == said
    assert error(desk.select_voice(project_id, "af_heart", 2.5))["code"] == "INVALID_ARGUMENT"
    blend = error(desk.preview_voice("af_heart:0.9+am_michael:0.9"))
    assert blend["code"] == "VOICE_BLEND_INVALID"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.__name__)
def test_every_endpoint_documents_every_argument(endpoint: Callable[..., Any]) -> None:
    """The documentation that programs and models see is made from this."""
    doc = inspect.getdoc(endpoint) or ""
    assert doc.splitlines()[0].endswith(".")
    for name in list(inspect.signature(endpoint).parameters)[1:]:
        assert re.search(rf"^    {name}: \S", doc, re.MULTILINE), name


def test_the_documentation_has_types(client: Client) -> None:
    """Arguments and answers, streams included."""
    named = client.view_api(return_format="dict")
    assert isinstance(named, dict)
    select = named["named_endpoints"]["/select_clip"]
    types = {each["parameter_name"]: each["type"] for each in select["parameters"]}
    assert types["scene_number"] == {"type": "integer"}
    assembled = named["named_endpoints"]["/assemble"]["returns"][0]["type"]
    assert "video" in assembled["properties"]["data"]["properties"]


def test_an_answer_streams_as_it_is_said(served: Served, client: Client) -> None:
    """Each value holds all that was said so far, the last says that it is done."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    served.chat_model.answers.append("One two three")
    job = client.submit(project_id, "Well?", api_name="/chat")
    values = [data(value) for value in job]
    said = [value["response"] for value in values if value["response"]]
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(said))
    assert said[-1] == "One two three"
    assert [value["done"] for value in values] == [False] * (len(values) - 1) + [True]
    messages = conversation.list_messages(served.studio, project_id)
    assert [message.role for message in messages] == ["user", "assistant"]


def test_a_conversation_can_be_read_back(served: Served, call: Call) -> None:
    """Oldest first, with times that say their zone."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    served.chat_model.answers.append("Yes.")
    call("chat", project_id, "Well?")
    messages = data(call("list_messages", project_id))["messages"]
    assert [(each["role"], each["content"]) for each in messages] == [
        ("user", "Well?"),
        ("assistant", "Yes."),
    ]
    age = datetime.now(UTC) - datetime.fromisoformat(messages[0]["timestamp"])
    assert 0 <= age.total_seconds() < 60


def test_projects_are_listed_changed_and_removed(call: Call) -> None:
    """The one worked on last comes first."""
    first = data(call("create_project", name="First"))["project_id"]
    second = data(call("create_project", name="Second", aspect="9:16"))["project_id"]
    changed = data(call("update_project", first, name="First, renamed", aspect="1:1"))
    assert (changed["name"], changed["aspect"]) == ("First, renamed", "1:1")
    listed = [each["project_id"] for each in data(call("list_projects"))["projects"]]
    assert listed[:2] == [first, second]
    assert data(call("delete_project", second)) == {"removed": second}
    assert error(call("get_project", second))["code"] == "NOT_FOUND"


def test_personas_are_added_changed_and_removed(call: Call) -> None:
    """One's own go for good, presets come back; there is always a default one."""
    made = data(call("create_system_prompt", "Critic", "You doubt everything."))
    assert (made["name"], made["is_preset"]) == ("Critic", False)
    changed = data(call("update_system_prompt", made["id"], prompt="You doubt little."))
    assert (changed["name"], changed["prompt"]) == ("Critic", "You doubt little.")
    listed = data(call("list_system_prompts"))["system_prompts"]
    assert listed[0]["is_default"] is True
    assert error(call("delete_system_prompt", listed[0]["id"]))["code"] == "PERSONA_IS_DEFAULT"
    made = data(call("update_system_prompt", made["id"], is_default=True))
    assert data(call("list_system_prompts"))["system_prompts"][0] == made
    data(call("update_system_prompt", "creative_assistant", is_default=True))
    user = data(call("create_project", system_prompt_id=made["id"]))["project_id"]
    gone = data(call("delete_system_prompt", made["id"]))
    assert gone == {"removed": made["id"], "projects": 1}
    assert data(call("get_project", user))["system_prompt_id"] is None


def test_a_preset_is_restored(call: Call) -> None:
    """Edited or removed, it gets the words back that it came with."""
    prompts = data(call("list_system_prompts"))["system_prompts"]
    own = next(each for each in prompts if each["id"] == "viral_strategist")
    edited = data(call("update_system_prompt", own["id"], prompt="Be loud."))
    assert edited["is_edited"] is True
    data(call("delete_system_prompt", own["id"]))
    assert [each["id"] for each in data(call("list_system_prompts"))["removed"]] == [own["id"]]
    assert data(call("restore_system_prompt", own["id"])) == own
    assert data(call("list_system_prompts"))["removed"] == []


def test_what_was_said_is_changed_repeated_and_taken_back(served: Served, call: Call) -> None:
    """As on the page: each answer streams, the conversation is what is left."""
    project_id = data(call("create_project", topic="Bees"))["project_id"]
    served.chat_model.answers.extend(["One.", "Two.", "Three.", "All about bees and honey."])
    data(call("chat", project_id, "Well?"))
    first = data(call("list_messages", project_id))["messages"][0]["message_id"]
    data(call("chat", project_id, "Well, then?", instead_of=first))
    assert data(call("retry_message", project_id))["response"] == "Three."
    said = data(call("list_messages", project_id))["messages"]
    assert [each["content"] for each in said] == ["Well, then?", "Three."]
    given = data(call("preview_system_prompt", project_id))
    assert "The topic settled so far: Bees" in given["turns"][0]["content"]
    assert given["turns"][-1] == {"role": "assistant", "content": "Three."}
    proposed = data(call("suggest_topic", project_id))
    assert proposed == {"topic": "All about bees and honey."}
    assert data(call("undo_message", project_id)) == {"message": "Well, then?", "messages": []}
    assert error(call("undo_message", project_id))["code"] == "NO_MESSAGE_YET"
    assert error(call("retry_message", project_id))["code"] == "NO_MESSAGE_YET"


def test_the_health_list_says_whether_a_video_can_be_made(call: Call) -> None:
    """Each engine with its own word."""
    health = data(call("health"))
    assert health["ok"] is True
    assert {"Language model", "Voice"} <= {each["name"] for each in health["health"]}


def test_voices_can_be_narrowed_down_and_heard(call: Call) -> None:
    """A sample that was spoken once comes with the list from then on."""
    found = data(call("list_voices", language="en-US", gender="male"))["voices"]
    assert [voice["id"] for voice in found] == ["am_michael"]
    assert found[0]["preview"] is None
    sample = data(call("preview_voice", "am_michael"))
    assert Path(sample["audio"]).read_bytes()[:4] == b"RIFF"
    assert sample["duration"] > 1
    again = data(call("list_voices", gender="male"))["voices"][0]
    assert Path(again["preview"]).read_bytes() == Path(sample["audio"]).read_bytes()


def test_a_script_keeps_the_scenes_that_are_named(served: Served, call: Call) -> None:
    """Order as given, ids kept where given; what get_script gives, save_script takes."""
    project_id = two_scenes(served)
    first, second = data(call("get_script", project_id))["scenes"]
    saved = data(call("save_script", project_id, [second, {"text": "A new one."}, first]))["scenes"]
    assert [scene["scene_number"] for scene in saved] == [1, 2, 3]
    assert [saved[0]["scene_id"], saved[2]["scene_id"]] == [second["scene_id"], first["scene_id"]]
    assert saved[0]["clip_id"] == second["clip_id"]


def test_a_script_is_imported_rewritten_and_restored(served: Served, call: Call) -> None:
    """Only where it may replace what is there; what it replaces comes back."""
    project_id = two_scenes(served)
    before = data(call("get_script", project_id))
    text = "Scene 1: Bees fly.\n\nScene 2: (softly) They land."
    assert error(call("import_script", project_id, text))["code"] == "SCRIPT_THERE"
    brought = data(call("import_script", project_id, text, "replace"))["scenes"]
    assert [scene["text"] for scene in brought] == ["Bees fly.", "They land."]
    served.chat_model.answers.append('{"narration": "Bees dance in the dark."}')
    assert data(call("rewrite_scene", project_id, 1, "say that they dance"))["text"] == (
        "Bees dance in the dark."
    )
    versions = data(call("list_script_versions", project_id))["versions"]
    assert [version["reason"] for version in versions] == ["brought", "edited"]
    restored = data(call("restore_script", project_id, versions[1]["version_id"]))["scenes"]
    assert [scene["text"] for scene in restored] == [scene["text"] for scene in before["scenes"]]


def test_a_program_that_saw_an_older_script_does_not_overwrite_a_newer_one(
    served: Served, call: Call
) -> None:
    """It gives the version that it saw; without one the last writer wins."""
    project_id = two_scenes(served)
    seen = data(call("get_script", project_id))
    mine = [{"text": "Mine."}]
    assert (
        data(call("save_script", project_id, mine, seen["version"]))["version"] != (seen["version"])
    )
    refused = error(call("save_script", project_id, [{"text": "Late."}], seen["version"]))
    assert refused["code"] == "EDITED_MEANWHILE"
    assert data(call("save_script", project_id, [{"text": "Last."}]))["scenes"][0]["text"] == (
        "Last."
    )


def test_the_sources_belong_to_the_project(call: Call) -> None:
    """They come back with it, and have a limit."""
    project_id = data(call("create_project", topic="Bees"))["project_id"]
    changed = data(call("update_project", project_id, sources="  Bees have five eyes. "))
    assert changed["sources"] == "Bees have five eyes."
    assert data(call("get_project", project_id))["sources"] == "Bees have five eyes."
    assert error(call("update_project", project_id, sources="x" * 8001))["code"] == (
        "SOURCES_TOO_LONG"
    )


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("create_project", {"topic": "x" * 501}, "TOPIC_INVALID"),
        ("create_project", {"topic": 5}, "INVALID_ARGUMENT"),
        ("create_project", {"topic": ["a"]}, "INVALID_ARGUMENT"),
        ("create_project", {"aspect": "4:3"}, "INVALID_ARGUMENT"),
        ("create_project", {"system_prompt_id": "nobody"}, "NOT_FOUND"),
        ("get_project", {"project_id": "../../etc/passwd"}, "NOT_FOUND"),
        ("get_project", {"project_id": None}, "INVALID_ARGUMENT"),
        ("generate_script", {"project_id": "x", "scenes": "many"}, "INVALID_ARGUMENT"),
        ("generate_script", {"project_id": "x", "seconds": "NaN"}, "INVALID_ARGUMENT"),
        ("save_script", {"project_id": "x", "scenes": "a"}, "INVALID_ARGUMENT"),
        ("save_script", {"project_id": "x", "scenes": [{"txt": "a"}]}, "INVALID_ARGUMENT"),
        (
            "save_script",
            {"project_id": "x", "scenes": [{"text": "a", "pause_seconds": -1}]},
            "INVALID_ARGUMENT",
        ),
        ("search_clips", {"project_id": "x", "scene_number": 1.5}, "INVALID_ARGUMENT"),
        (
            "select_clip",
            {"project_id": "x", "scene_number": 1, "clip_id": "c", "start_seconds": "inf"},
            "INVALID_ARGUMENT",
        ),
        ("assemble", {"project_id": "x", "options": {"music": "/etc/passwd"}}, "INVALID_ARGUMENT"),
        ("assemble", {"project_id": "x", "options": {"fps": "fast"}}, "INVALID_ARGUMENT"),
        ("assemble", {"project_id": "x"}, "NOT_FOUND"),
        (
            "assemble",
            {"project_id": "x", "options": {"music": {"path": "/etc/passwd"}}},
            "INVALID_ARGUMENT",
        ),
        (
            "assemble",
            {"project_id": "x", "options": {"music": {"path": "a\x00b"}}},
            "INVALID_ARGUMENT",
        ),
        ("select_look", {"project_id": "x", "look": {"fps": 30}}, "NOT_FOUND"),
        ("select_look", {"project_id": "x", "look": {"colour": "red"}}, "INVALID_ARGUMENT"),
        ("plan_video", {"project_id": "x"}, "NOT_FOUND"),
        ("preview_cut", {"project_id": "x"}, "NOT_FOUND"),
        ("update_scene", {"project_id": "x", "scene_number": 1}, "NOT_FOUND"),
        (
            "update_scene",
            {"project_id": "x", "scene_number": 1, "level_db": "loud"},
            "INVALID_ARGUMENT",
        ),
        ("make_video", {"topic": ""}, "TOPIC_INVALID"),
        ("make_video", {"topic": "Bees", "options": {"script": "/etc/passwd"}}, "INVALID_ARGUMENT"),
        ("preview_voice", {"voice_id": "nobody"}, "VOICE_UNKNOWN"),
        ("list_voices", {"gender": "robot"}, "INVALID_ARGUMENT"),
        ("chat", {"project_id": "x", "message": "Hello"}, "NOT_FOUND"),
        ("list_jobs", {"project_id": "x"}, "NOT_FOUND"),
        ("get_job", {"job_id": "x"}, "NOT_FOUND"),
        ("watch_job", {"job_id": "x"}, "NOT_FOUND"),
        ("cancel_job", {"job_id": "x"}, "NOT_FOUND"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code_and_a_sentence(
    call: Call, name: str, values: dict[str, Any], code: str
) -> None:
    """Never an exception at the caller's, never a stack trace in the answer."""
    problem = error(call(name, **values))
    assert problem["code"] == code
    assert problem["message"].rstrip().endswith((".", "!"))
    assert "Traceback" not in problem["message"]


def test_half_a_character_is_refused(desk: Endpoints) -> None:
    """JSON can carry what no text can hold; it does not reach the database."""
    assert error(desk.create_project("\ud800"))["code"] == "INVALID_ARGUMENT"


@pytest.mark.usefixtures("expect_errors")
def test_what_nobody_thought_of_has_a_reference_that_is_in_the_log(
    served: Served, desk: Endpoints, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller learns nothing of the inside, and whoever runs the app finds it."""
    project_id = projects.create_project(desk.studio, topic="Bees").project_id
    served.chat_model.answers.append(ZeroDivisionError("a secret detail"))
    problem = error(list(desk.chat(project_id, "Well?"))[-1])
    assert problem["code"] == "INTERNAL"
    assert "secret" not in problem["message"]
    found = re.search(r"reference ([0-9a-f]{8})", problem["message"])
    assert found
    assert found[1] in caplog.text


def test_a_failed_job_ends_its_stream_with_the_cause(served: Served, client: Client) -> None:
    """The code of what went wrong, not of the watching."""
    project_id = projects.create_project(served.studio, topic="Bees").project_id
    script.save_script(served.studio, project_id, [SceneDraft("No clip for this one.")])
    *states, last = list(client.submit(project_id, api_name="/assemble"))
    assert all(data(state)["kind"] == "assemble" for state in states)
    assert error(last)["code"] == "CLIP_NOT_CHOSEN"


def test_leaving_a_stream_leaves_the_job_at_work(served: Served, desk: Endpoints) -> None:
    """Closing stops the watching; the job ends on its own, and a second call finds it."""
    project_id = two_scenes(served)
    first = desk.assemble(project_id, {"quality": "draft"})
    job_id = data(next(first))["job_id"]
    first.close()
    assert data(next(desk.assemble(project_id)))["job_id"] == job_id
    *_, last = desk.watch_job(job_id)
    assert data(last)["state"] == "done"
    assert data(last)["result"]["file_size"] > 0


def test_a_cancelled_job_says_so_everywhere(served: Served, desk: Endpoints) -> None:
    """The stream of whoever waits ends with CANCELLED; a later look says the same."""
    project_id = two_scenes(served)
    waiting = desk.assemble(project_id)
    job_id = data(next(waiting))["job_id"]
    started = time.monotonic()
    assert data(desk.cancel_job(job_id))["state"] == "cancelled"
    *_, last = waiting
    assert error(last)["code"] == "CANCELLED"
    assert time.monotonic() - started < 2
    listed = data(desk.list_jobs(project_id))["jobs"]
    assert [(job["job_id"], job["state"], job["result"]) for job in listed] == [
        (job_id, "cancelled", None)
    ]
    assert data(desk.get_job(job_id))["state"] == "cancelled"


def test_a_scene_gets_its_own_even_while_a_job_is_about_another(
    served: Served, desk: Endpoints
) -> None:
    """A project has one job of a kind at a time; whoever asks gets what was asked for."""
    project_id = two_scenes(served)
    served.speaker.delay = 0.05
    try:
        desk.jobs.start("speak", project_id, {"scene_number": 1})
        *_, spoken = desk.generate_voice(project_id, 2)
        desk.jobs.start("speak", two_scenes(served))  # jobs take turns: the next one waits
        desk.jobs.start("fetch_clip", project_id, {"scene_number": 1})
        *_, fetched = desk.download_clip(project_id, 2)
    finally:
        served.speaker.delay = 0.0
    assert [each["scene_number"] for each in data(spoken)["narrations"]] == [2]
    original = served.finder.clips["a-hive"].read_bytes()
    assert Path(data(fetched)["file_path"]["path"]).read_bytes() == original


def test_a_file_outside_our_folders_is_copied_before_it_is_given(
    studio: Studio, tmp_path: Path
) -> None:
    """A clip in one's own footage folder can be downloaded, its folder stays closed."""
    own = tmp_path / "footage" / "holiday.mp4"
    own.parent.mkdir()
    own.write_bytes(b"moving pictures")
    given = shareable(studio.workspace, own)
    assert given.is_relative_to(studio.workspace.root)
    assert given.read_bytes() == b"moving pictures"
    assert shareable(studio.workspace, own) == given
    assert shareable(studio.workspace, given) == given


def test_arguments_that_are_left_out_have_their_defaults(desk: Endpoints) -> None:
    """A bound endpoint can be called with fewer values than it has parameters."""
    create = bind(ENDPOINTS[1], desk)
    made = data(create("A name"))
    assert (made["name"], made["aspect"]) == ("A name", "16:9")
    assert list(inspect.signature(create).parameters) == [
        "name",
        "topic",
        "system_prompt_id",
        "aspect",
    ]


def test_the_cut_can_be_had_before_it_is_rendered(served: Served, call: Call) -> None:
    """Every scene's picture, sound and words, with the times that the video will have."""
    project_id = two_scenes(served)
    cut = data(call("preview_cut", project_id, {"transition": "crossfade"}))["cut"]
    assert (cut["size"], cut["transition"], cut["missing"]) == ([854, 480], "crossfade", [])
    first, second = cut["scenes"]
    assert Path(first["proxy"]).read_bytes()[4:8] == b"ftyp"
    assert Path(first["narration"]).read_bytes()[:4] == b"RIFF"
    assert first["cues"][0]["words"][0] == FIRST_WORD
    assert second["start_seconds"] == pytest.approx(first["seconds"])
    assert second["transition_seconds"] == pytest.approx(0.5, abs=0.07)
    assert cut["seconds"] == pytest.approx(second["start_seconds"] + second["seconds"])
    video = data(call("assemble", project_id, {"quality": "preview"}))
    assert video["duration"] == pytest.approx(cut["seconds"], abs=0.01)
    assert call("list_jobs", project_id)["data"]["jobs"][0]["kind"] == "assemble"


def test_a_plan_says_what_a_render_would_do(served: Served, call: Call) -> None:
    """Before it starts, and again when it is done."""
    project_id = two_scenes(served)
    scenes = data(call("get_script", project_id))["scenes"]
    words = ("Words that no other test has.", "What was made for others would be found.")
    call("save_script", project_id, [{**s, "text": w} for s, w in zip(scenes, words, strict=True)])
    assert error(call("plan_video", project_id))["code"] == "SCENE_NOT_SPOKEN"
    call("generate_voice", project_id)
    plan = data(call("plan_video", project_id, {"quality": "draft"}))
    assert (plan["scenes"], plan["filmed"], plan["joins"], plan["sound"]) == (2, [1, 2], 0, True)
    assert plan["sentence"].startswith("2 of 2 scenes will be filmed, about ")
    crossed = data(call("plan_video", project_id, {"transition": "crossfade"}))
    assert (crossed["joins"], crossed["seconds"] > 0) == (1, True)
    call("assemble", project_id, {"quality": "draft"})
    after = data(call("plan_video", project_id, {"quality": "draft"}))
    assert (after["filmed"], after["sound"]) == ([], False)


def test_a_look_is_remembered_and_used(served: Served, call: Call) -> None:
    """What a program chooses the page shows; options of one call come before it."""
    project_id = two_scenes(served)
    look = {"transition": "fade", "caption_style": "pop", "quality": "draft"}
    assert data(call("select_look", project_id, look))["look"] == look
    more = data(call("select_look", project_id, {"caption_position": "top"}))["look"]
    assert more == {**look, "caption_position": "top"}
    assert data(call("get_project", project_id))["look"] == more
    chosen = autopilot.look_of(served.studio, project_id, {"quality": "high"})
    assert (chosen.transition, chosen.quality, chosen.style.preset) == ("fade", "high", "pop")
    refused = error(call("select_look", project_id, {"transition_seconds": 99}))
    assert refused["code"] == "INVALID_ARGUMENT"
    assert data(call("get_project", project_id))["look"] == more


def test_music_is_taken_from_an_upload_and_from_nowhere_else(
    served: Served, call: Call, tmp_path: Path
) -> None:
    """A path that a caller names is not read, wherever it leads; an upload is copied to us."""
    song = write_tone(tmp_path / "my song.wav", 2.0)
    project_id = two_scenes(served)
    look = data(call("select_look", project_id, {"music": handle_file(str(song))}))["look"]
    assert look == {"music_name": "my song.wav"}
    kept = autopilot.look_of(served.studio, project_id).music
    assert kept
    assert kept.is_relative_to(served.studio.workspace.root)
    assert kept.read_bytes() == song.read_bytes()
    database = served.studio.store.path
    for path in (song, database, f"{get_upload_folder()}/../{database.name}", get_upload_folder()):
        refused = error(call("select_look", project_id, {"music": {"path": str(path)}}))
        assert refused["code"] == "INVALID_ARGUMENT"
        assert "uploaded" in refused["message"]


def test_a_scene_can_be_told_by_a_recording_and_by_the_voice_again(
    served: Served, call: Call, tmp_path: Path
) -> None:
    """The upload answers with what tells the scene now; what is none is refused with its code."""
    project_id = two_scenes(served)
    take = write_tone(tmp_path / "my take.wav", 1.5)
    told = data(call("upload_narration", project_id, 2, handle_file(str(take))))
    [narration] = told["narrations"]
    assert narration["scene_number"] == 2
    assert Path(narration["audio"]).is_file()
    assert [word["text"] for word in narration["words"]] == ["They", "bring", "nectar", "home."]
    assert all(word["proportional"] for word in narration["words"])
    _, second = data(call("get_project", project_id))["scenes"]
    assert second["recording"] == {
        "name": "my take.wav",
        "duration_seconds": narration["duration"],
        "warning": "",
    }
    assert second["proportional"]
    (tmp_path / "song.mp3").write_text("#EXTM3U\nhttp://127.0.0.1/a.mp3\n", "utf-8")
    refused = error(
        call("upload_narration", project_id, 1, handle_file(str(tmp_path / "song.mp3")))
    )
    assert refused["code"] == "RECORDING_NOT_AUDIO"
    refused = error(
        call("upload_narration", project_id, 1, {"path": str(served.studio.store.path)})
    )
    assert refused["code"] == "INVALID_ARGUMENT"
    assert data(call("remove_narration", project_id, 2))["recording"] is None
    assert error(call("remove_narration", project_id, 2))["code"] == "NOT_FOUND"


def test_the_sound_of_a_scene_can_be_set(served: Served, call: Call) -> None:
    """Its narration's level and pause, and how loud its clip is; the words stay spoken."""
    project_id = two_scenes(served)
    call("generate_voice", project_id)
    scene = data(call("update_scene", project_id, 1, level_db=-3, pause_seconds=1.5))
    assert (scene["level_db"], scene["pause_seconds"]) == (-3, 1.5)
    assert scene["audio_seconds"]
    clip_id = scene["clip_id"]
    chosen = data(call("select_clip", project_id, 1, clip_id, sound_level_db=-12))
    assert chosen["sound_level_db"] == -12
    assert data(call("select_clip", project_id, 1, clip_id))["sound_level_db"] is None
    too_loud = error(call("select_clip", project_id, 1, clip_id, sound_level_db=60))
    assert too_loud["code"] == "INVALID_ARGUMENT"
    script_now = data(call("get_script", project_id))["scenes"]
    script_now[1]["level_db"] = 2.5
    saved = data(call("save_script", project_id, script_now))["scenes"]
    assert [each["level_db"] for each in saved] == [-3, 2.5]


def test_clips_are_found_looked_at_and_changed(served: Served, call: Call) -> None:
    """What the page does with a scene's clip, a program does too."""
    project_id = two_scenes(served)
    found = data(call("search_clips", project_id, 1, "bees at dawn", "fixed"))
    assert (found["query"], found["sources"], found["failures"]) == ("bees at dawn", ["fixed"], [])
    first = found["clips"][0]
    assert (first["reusable"], first["refused"], first["guess"]) == (True, "", False)
    assert first["reasons"]
    assert {each["title"]: each["used_in"] for each in found["clips"]} == {
        "a bee at work": [],
        "a hive": [2],
    }
    like = data(call("search_clips", project_id, 1, like=first["clip_id"]))
    assert [clip["title"] for clip in like["clips"]] == ["a hive"]
    assert data(call("preview_clip", first["clip_id"]))["file"] is None
    strip = data(call("clip_filmstrip", project_id, 1))
    assert Path(strip["file"]).read_bytes()[:2] == b"\xff\xd8"
    assert strip["frames"] > 1
    assert error(call("use_another_part", project_id, 1))["code"] == "INVALID_ARGUMENT"
    fetched = data(call("download_clip", project_id, 1, else_next=True))
    assert fetched["clip_id"] == first["clip_id"]


def test_a_clip_whose_scene_changed_can_be_confirmed(served: Served, call: Call) -> None:
    """A program sees it, and says that it still goes with the words."""
    project_id = two_scenes(served)
    scenes = data(call("get_script", project_id))["scenes"]
    assert [scene["check"] for scene in scenes] == [False, False]
    scenes[0]["text"] = "Honey was money in ancient kingdoms."
    saved = data(call("save_script", project_id, scenes))["scenes"]
    assert [scene["check"] for scene in saved] == [True, False]
    assert data(call("confirm_clip", project_id, 1))["check"] is False


def test_what_a_licence_asks_is_said_with_the_video(served: Served, call: Call) -> None:
    """While it is planned and while it is made."""
    project_id = two_scenes(served)
    call("generate_voice", project_id)
    with served.studio.store.session() as session:
        before = session.scalars(select(Clip.licence)).first()
        session.execute(update(Clip).values(licence="CC BY-SA 4.0", licence_url=""))
    try:
        planned = data(call("plan_video", project_id))["warnings"]
        states = list(desk_states(served, project_id))
    finally:
        with served.studio.store.session() as session:
            session.execute(update(Clip).values(licence=before))
    assert len(planned) == 2
    assert all("whole video may have to be published" in each for each in planned)
    assert states[0]["warnings"] == states[-1]["warnings"] == planned


def desk_states(served: Served, project_id: str) -> Iterator[Any]:
    """What a program sees while a preview is assembled."""
    endpoints = Endpoints(served.studio, served.jobs)
    for envelope in endpoints.assemble(project_id, {"quality": "preview"}):
        yield data(envelope)


def test_sources_and_consents_are_seen_by_programs(call: Call) -> None:
    """What each needs, and the words that are to be confirmed."""
    [source] = data(call("list_clip_sources"))["sources"]
    assert (source["name"], source["title"], source["consent"]) == ("fixed", "Fixed", "")
    [consent] = data(call("give_consent", "youtube-downloads"))["consents"]
    assert (consent["kind"], "right to use" in consent["text"]) == ("youtube-downloads", True)
    assert data(call("withdraw_consent", "youtube-downloads"))["consents"] == []
    assert error(call("give_consent", "anything"))["code"] == "UNKNOWN_PROVIDER"


def test_a_clip_can_be_uploaded(served: Served, call: Call, tmp_path: Path) -> None:
    """Into the library; what is no film is refused, and so is a path that was not uploaded."""
    film = Path(served.finder.clips["a-hive"])
    without = error(call("upload_clip", handle_file(str(film))))
    assert without["code"] == "UNKNOWN_PROVIDER"
    library = FootageFolder(served.studio.settings, served.studio.workspace)
    served.studio.finders["library"] = library  # type: ignore[index] # a dict, as a test knows
    try:
        clip = data(call("upload_clip", handle_file(str(film)), "My hive", "bees"))["clip"]
        (tmp_path / "notes.mp4").write_text("remember the milk")
        notes = error(call("upload_clip", handle_file(str(tmp_path / "notes.mp4"))))
        foreign = error(call("upload_clip", {"path": str(served.studio.store.path)}))
    finally:
        del served.studio.finders["library"]  # type: ignore[attr-defined] # as above
    assert (clip["title"], clip["source"], clip["licence"]) == ("My hive", "library", "own")
    assert clip["file_size"] == film.stat().st_size
    assert (notes["code"], foreign["code"]) == ("NOT_MEDIA", "INVALID_ARGUMENT")
