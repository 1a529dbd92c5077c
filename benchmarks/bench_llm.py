"""What our way to a language model costs beside the bare client, and what its memory saves.

Run it on a machine that does nothing else; the weights have to be there (``fetch``):

    python benchmarks/bench_llm.py [--rounds N] [--only servers|embedded|conversation]

Servers are stand-ins that speak at a fixed pace, so that only the clients differ.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import httpx  # noqa: E402 - the checkout has to be on the path first
from ollama import Client  # noqa: E402 - the same
from ollama_server import Answer, OllamaServer, running_ollama  # noqa: E402 - the same
from openai_server import Answer as ServedAnswer  # noqa: E402 - the same
from openai_server import OpenAIServer, running_openai  # noqa: E402 - the same

from aivideo import prompts  # noqa: E402 - the same
from aivideo.conversation import SPEECH  # noqa: E402 - the same
from aivideo.engines.chat import Asking, ChatModel, Turn  # noqa: E402 - the same
from aivideo.engines.local_chat import BuiltInModel  # noqa: E402 - the same
from aivideo.engines.local_chat import chat_request as local_request  # noqa: E402 - the same
from aivideo.engines.ollama_chat import OllamaModel  # noqa: E402 - the same
from aivideo.engines.ollama_chat import chat_request as ollama_request  # noqa: E402 - the same
from aivideo.engines.openai_chat import OpenAIModel  # noqa: E402 - the same
from aivideo.engines.openai_wire import chat_request  # noqa: E402 - the same
from aivideo.progress import finish  # noqa: E402 - the same
from aivideo.settings import Settings, calm_vendors  # noqa: E402 - the same
from aivideo.workspace import Workspace  # noqa: E402 - the same

WORDS: Final = ["word "] * 100
PACE: Final = 0.01
"""Seconds before each word of a stand-in: faster than most models."""
BOUND: Final = Asking(max_tokens=64, temperature=0.0, seed=1)
FIGURES: Final = {
    "first": "ms to the first word",
    "per_second": "tokens/s",
    "cpu": "CPU ms a token",
}
SAID: Final = (
    "I want to make something about honey.",
    "The journey, please. From one flower to the jar.",
    "It is for children who have never seen a hive.",
    "Could one bee tell the story herself?",
    "What would she be afraid of?",
    "Good. How does it end?",
)

Hear = Callable[[str], None]
Ask = Callable[[Hear], None]
"""Has something answered, and passes each piece on."""


@dataclass(frozen=True)
class Pace:
    """How an answer came.

    Attributes:
        first: Milliseconds until its first word, preparing included.
        per_second: Pieces in a second, from the first on.
        cpu: Processor milliseconds of this process for each piece. A stand-in and the embedded
            model work in it too, on both sides alike; other programs do not disturb this.
    """

    first: float
    per_second: float
    cpu: float


def timed(ask: Ask) -> Pace:
    """Hear an answer and time its pieces."""
    times: list[float] = []
    began, spent = time.perf_counter(), time.process_time()
    ask(lambda piece: times.append(time.perf_counter()) if piece else None)
    cpu = (time.process_time() - spent) * 1000 / len(times)
    return Pace((times[0] - began) * 1000, (len(times) - 1) / (times[-1] - times[0]), cpu)


def compare(name: str, bare: Ask, ours: Ask, rounds: int) -> None:
    """Print both, and what ours costs more.

    They take turns, so that both meet the same load, and change places, so that neither always
    follows the other; the first of each is not counted.
    """
    pairs = []
    for turn in range(rounds + 1):
        paces = {ask: timed(ask) for ask in ((bare, ours) if turn % 2 else (ours, bare))}
        pairs.append((paces[bare], paces[ours]))
    del pairs[0]
    sides = [*zip(*pairs, strict=True)]
    for what, unit in FIGURES.items():
        usual, other = (median(getattr(pace, what) for pace in side) for side in sides)
        more = [getattr(b, what) - getattr(a, what) for a, b in pairs]
        print(
            f"{name:<24} {unit:<22} {usual:9.2f} bare {other:9.2f} ours "
            f"{median(more):+8.2f} ({median(more) / usual:+.1%})"
        )


def whole(model: ChatModel, turns: Sequence[Turn], asking: Asking, hear: Hear) -> None:
    """An answer as a stage hears it: preparing first."""
    finish(model.prepare())
    for piece in model.stream(turns, asking):
        hear(piece)


def with_ollama(server: OllamaServer, rounds: int) -> None:
    """The official client, kept open, against our engine."""
    engine, client = OllamaModel(Settings(ollama_base_url=server.url)), Client(server.url)
    request = ollama_request(engine.model, opening(), SPEECH, 4096)

    def bare(hear: Hear) -> None:
        server.answers.append(Answer(WORDS, pause=PACE))
        for part in client.chat(**request):
            hear(part.message.content or "")

    def ours(hear: Hear) -> None:
        server.answers.append(Answer(WORDS, pause=PACE))
        whole(engine, opening(), SPEECH, hear)

    compare("Ollama's client", bare, ours, rounds)


def with_openai(server: OpenAIServer, rounds: int) -> None:
    """Events read off httpx by hand, its connection kept open, against our engine."""
    engine = OpenAIModel(Settings(openai_base_url=server.url, openai_model="small"))
    client, request = httpx.Client(timeout=60), chat_request("small", opening(), SPEECH)
    answer = ServedAnswer(WORDS, pause=PACE)

    def bare(hear: Hear) -> None:
        server.answers.append(answer)
        with client.stream("POST", f"{server.url}/chat/completions", json=request) as response:
            for line in response.iter_lines():
                if line.startswith("data: {"):
                    for choice in json.loads(line[6:])["choices"]:
                        hear(choice["delta"].get("content") or "")

    def ours(hear: Hear) -> None:
        server.answers.append(answer)
        whole(engine, opening(), SPEECH, hear)

    compare("OpenAI's events, httpx", bare, ours, rounds)


def with_embedded(model: BuiltInModel, server: Any, rounds: int) -> None:
    """The bare runtime against our engine: the same request, its prompt read before."""
    request = local_request(opening(), BOUND)

    def bare(hear: Hear) -> None:
        heard(server, request, hear)

    def ours(hear: Hear) -> None:
        whole(model, opening(), BOUND, hear)

    compare("the embedded model", bare, ours, rounds)


def talk(server: Any) -> None:
    """Six turns of a growing conversation, with and without what was read before."""
    turns, requests, kept = opening()[:-1], list[dict[str, Any]](), list[First]()
    for said in SAID:
        turns.append(Turn("user", said))
        requests.append(local_request(turns, replace(SPEECH, temperature=0.0, seed=1)))
        kept.append(first_word(server, requests[-1]))
        turns.append(Turn("assistant", kept[-1].text))
    print("turn  tokens   read anew   first word   without memory")
    for number, (request, first) in enumerate(zip(requests, kept, strict=True), 1):
        anew = first_word(server, {**request, "cache_prompt": False, "max_tokens": 2})
        print(
            f"{number:>4}  {first.read + first.kept:>6}   {first.read:>9}   "
            f"{first.seconds:>8.2f} s   {anew.seconds:>12.2f} s"
        )


@dataclass(frozen=True)
class First:
    """The first word of an answer: when it came, and how much was read for it."""

    seconds: float
    read: int
    kept: int
    text: str


def first_word(server: Any, request: dict[str, Any]) -> First:
    """Ask the bare runtime, which is what our engine's requests go to."""
    times, pieces = list[float](), list[str]()

    def hear(piece: str) -> None:
        if piece:
            times.append(time.perf_counter())
            pieces.append(piece)

    began = time.perf_counter()
    counts = heard(server, request, hear)
    return First(times[0] - began, counts["prompt_n"], counts["cache_n"], "".join(pieces))


def heard(server: Any, request: dict[str, Any], hear: Hear) -> dict[str, Any]:
    """Pass an answer of the bare runtime on; its own counts."""
    counts: dict[str, Any] = {}

    def listen(chunk: dict[str, Any]) -> bool:
        for choice in chunk.get("choices", ()):
            hear(choice["delta"].get("content") or "")
        counts.update(chunk.get("timings", {}))
        return False

    server.handle_chat_completions(request, listen)
    return counts


def opening() -> list[Turn]:
    """What stands before a conversation with the default persona, and its first message."""
    persona = next(each for each in prompts.PERSONAS if each.id == prompts.DEFAULT_PERSONA)
    asked, answered = prompts.CHAT_EXAMPLE
    return [
        Turn("system", f"{persona.prompt}\n\n{prompts.CHAT_STYLE}"),
        Turn("user", asked),
        Turn("assistant", answered),
        Turn("user", SAID[0]),
    ]


@contextmanager
def embedded() -> Iterator[tuple[BuiltInModel, Any]]:
    """The built-in model, loaded, and the bare runtime in it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache_dir=ROOT / ".cache", output_dir=Path(folder))
        calm_vendors(settings)
        workspace = Workspace(settings)
        try:
            model = BuiltInModel(settings, workspace)
            finish(model.prepare())
            yield model, finish(model._server.get())  # noqa: SLF001 - the bare runtime is compared
        finally:
            workspace.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", choices=("servers", "embedded", "conversation"))
    chosen = parser.parse_args()
    if chosen.only in {None, "servers"}:
        with running_ollama() as server:
            with_ollama(server, chosen.rounds)
        with running_openai() as served:
            with_openai(served, chosen.rounds)
    if chosen.only == "servers":
        return 0
    with embedded() as (model, runtime):
        if chosen.only != "embedded":
            talk(runtime)
        if chosen.only != "conversation":
            with_embedded(model, runtime, chosen.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
