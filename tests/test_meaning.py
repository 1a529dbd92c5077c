"""Texts compared by meaning: the model's arithmetic, its files, and what is said without it."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from aivideo.engines import weights
from aivideo.engines.finding import ClipQuery, FoundClip
from aivideo.engines.meaning import KEPT, Meaning, gelu, read_tensors, readable
from aivideo.engines.model_files import ModelFile
from aivideo.errors import WeightsUnreachable
from aivideo.progress import finish
from aivideo.settings import Settings
from aivideo.workspace import Workspace

WIDTH, INNER, HEADS, LAYERS, LONGEST = 24, 48, 12, 2, 64
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bee", "on", "a", "flower", "car", "road"]

Numbers = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Tiny:
    """A model with the shape of the real one and ten words, in a workspace."""

    numbers: Numbers
    files: tuple[ModelFile, ModelFile]


def random_numbers() -> Numbers:
    """Numbers under the names that the model's file gives them."""
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (LONGEST, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        same = [f"attention.self.{part}" for part in ("query", "key", "value")]
        for name in [*same, "attention.output.dense"]:
            shapes |= {f"{layer}.{name}.weight": (WIDTH, WIDTH), f"{layer}.{name}.bias": (WIDTH,)}
        shapes |= {
            f"{layer}.intermediate.dense.weight": (INNER, WIDTH),
            f"{layer}.intermediate.dense.bias": (INNER,),
            f"{layer}.output.dense.weight": (WIDTH, INNER),
            f"{layer}.output.dense.bias": (WIDTH,),
        }
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    shapes |= {f"{norm}.{part}": (WIDTH,) for norm in norms for part in ("weight", "bias")}
    chance = np.random.default_rng(7)
    found: Numbers = {}
    for name, shape in shapes.items():
        # Were the norms random too, or the words faint, all texts would look alike.
        wide = 2.0 if "word_embeddings" in name else 0.03 if "LayerNorm" in name else 0.2
        middle = 1.0 if name.endswith("LayerNorm.weight") else 0.0
        found[name] = chance.normal(middle, wide, shape).astype(np.float32)
    return found


def write_tensors(path: Path, numbers: Numbers) -> None:
    """A safetensors file, as its format is described; other kinds of numbers stand in it too."""
    entries: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, array in numbers.items():
        end = len(body) + array.nbytes
        entries[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(body), end],
        }
        body += array.tobytes()
    entries["embeddings.position_ids"] = {
        "dtype": "I64",
        "shape": [1],
        "data_offsets": [len(body), len(body) + 8],
    }
    head = json.dumps(entries).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(len(head).to_bytes(8, "little") + head + body + bytes(8))


def write_words(path: Path) -> None:
    """A tokenizer that knows ten words."""
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(path))


def file_of(path: Path) -> ModelFile:
    """What is known of a model file that no source has."""
    content = path.read_bytes()
    return ModelFile("The tiny model", path.name, len(content), sha256(content).hexdigest())


@pytest.fixture
def tiny(workspace: Workspace) -> Tiny:
    """The tiny model, where a fetch would have put it."""
    numbers, folder = random_numbers(), workspace.folder("weights")
    write_tensors(folder / "model.safetensors", numbers)
    write_words(folder / "tokenizer.json")
    return Tiny(
        numbers, (file_of(folder / "model.safetensors"), file_of(folder / "tokenizer.json"))
    )


@pytest.fixture
def meaning(tiny: Tiny, settings: Settings, workspace: Workspace) -> Meaning:
    """The engine with the tiny model."""
    return Meaning(settings, workspace, files=tiny.files)


def by_hand(numbers: Numbers, ids: list[int]) -> NDArray[np.float64]:
    """The vector of one text, worked out piece by piece as the model is described."""

    def linear(state: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return np.asarray(numbers[f"{name}.weight"] @ state + numbers[f"{name}.bias"], float)

    def norm(state: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        scaled = (state - state.mean()) / math.sqrt(state.var() + 1e-12)
        return np.asarray(scaled * numbers[f"{name}.weight"] + numbers[f"{name}.bias"])

    states = [
        norm(
            numbers["embeddings.word_embeddings.weight"][piece].astype(float)
            + numbers["embeddings.position_embeddings.weight"][place]
            + numbers["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        for place, piece in enumerate(ids)
    ]
    for number in range(LAYERS):
        layer, size = f"encoder.layer.{number}", WIDTH // HEADS
        asked, keys, values = (
            [linear(state, f"{layer}.attention.self.{part}") for state in states]
            for part in ("query", "key", "value")
        )
        after = []
        for state, query in zip(states, asked, strict=True):
            heard = np.zeros(WIDTH)
            for start in range(0, WIDTH, size):
                head = slice(start, start + size)
                heed = [math.exp(query[head] @ key[head] / math.sqrt(size)) for key in keys]
                for share, value in zip(heed, values, strict=True):
                    heard[head] += share / sum(heed) * value[head]
            heard = linear(heard, f"{layer}.attention.output.dense")
            state = norm(state + heard, f"{layer}.attention.output.LayerNorm")  # noqa: PLW2901 - the layer's own state
            inner = linear(state, f"{layer}.intermediate.dense")
            inner = np.array([0.5 * x * (1 + math.erf(x / math.sqrt(2))) for x in inner])
            after.append(
                norm(state + linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
            )
        states = after
    mean = np.mean(states, axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


# ------------------------------------------------------------------------- arithmetic
def test_a_vector_is_what_the_model_says_it_is(tiny: Tiny, meaning: Meaning) -> None:
    """The fast way gives what the description gives, up to its approximation of one curve."""
    found = meaning.vectors(["bee on a flower", "car"])
    assert found.dtype == np.float32
    assert found[0] @ found[1] < 0.9
    np.testing.assert_allclose(found[0], by_hand(tiny.numbers, [2, 4, 5, 6, 7, 3]), atol=2e-3)
    np.testing.assert_allclose(found[1], by_hand(tiny.numbers, [2, 8, 3]), atol=2e-3)


def test_a_vector_does_not_depend_on_its_company(
    tiny: Tiny, settings: Settings, workspace: Workspace
) -> None:
    """Texts of any length and number are worked out together; each gives what it gives alone."""
    texts = ["car", "bee on a flower", "", "a " * 200, *(f"road {'bee ' * n}" for n in range(70))]
    together = Meaning(settings, workspace, files=tiny.files).vectors(texts)
    alone = Meaning(settings, workspace, files=tiny.files)
    for place, text in enumerate(texts):
        np.testing.assert_allclose(together[place], alone.vectors([text])[0], atol=1e-5)


def test_vectors_have_length_one(meaning: Meaning) -> None:
    """Their products are cosines."""
    found = meaning.vectors(["bee", "car on a road", "unknown words"])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_of_no_texts_there_are_no_vectors(meaning: Meaning) -> None:
    """An empty search is no failure."""
    assert len(meaning.vectors([])) == 0
    assert meaning.likeness(ClipQuery("bee"), []) == []


def test_the_inner_step_is_the_usual_one() -> None:
    """Nought stays nought, large stays as it is, far below nought becomes nought."""
    found = gelu(np.array([0.0, 10.0, -10.0, 1.0], np.float32))
    np.testing.assert_allclose(found, [0.0, 10.0, 0.0, 0.8413], atol=1e-3)


def test_only_the_numbers_that_are_needed_are_read(tiny: Tiny, workspace: Workspace) -> None:
    """What else stands in the file is passed over."""
    found = read_tensors(weights.where(tiny.files[0], workspace))
    assert set(found) == set(tiny.numbers)
    np.testing.assert_array_equal(
        found["embeddings.LayerNorm.bias"], tiny.numbers["embeddings.LayerNorm.bias"]
    )


def test_a_text_is_worked_out_once(meaning: Meaning, tiny: Tiny, workspace: Workspace) -> None:
    """What is known is answered from memory: the same text twice, in one question or in two."""
    first = meaning.vectors(["bee", "car", "bee"])
    np.testing.assert_array_equal(first[0], first[2])
    model = meaning._model
    assert model is not None
    weights.where(tiny.files[0], workspace).unlink()
    again = meaning.vectors(["car", "bee"])
    np.testing.assert_array_equal(again, first[[1, 0]])
    assert len(meaning._known.of([f"{n}" for n in range(KEPT)])) == 0


def test_what_was_asked_longest_ago_is_forgotten(meaning: Meaning) -> None:
    """Ten thousand names leave no more behind than is bounded."""
    meaning._known._at_most = 3
    meaning.vectors(["bee", "car", "road"])
    meaning.vectors(["bee", "flower"])
    assert set(meaning._known.of(["bee", "car", "road", "flower"])) == {"bee", "road", "flower"}


def test_several_may_ask_at_once(meaning: Meaning) -> None:
    """Threads get what one alone would get, and load the model once."""
    texts = [f"bee {'a ' * n}" for n in range(20)]
    found: list[NDArray[np.float32]] = []
    threads = [
        threading.Thread(target=lambda: found.append(meaning.vectors(texts))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for one in found[1:]:
        np.testing.assert_allclose(one, found[0], atol=1e-5)


# ----------------------------------------------------------------------------- clips
def clips(*titles: str) -> list[FoundClip]:
    """Clips of which only the title is known."""
    return [FoundClip("fixed", title, title) for title in titles]


def test_likeness_is_the_cosine_of_what_both_say(meaning: Meaning) -> None:
    """The same words are as near as can be; a file name is read as words."""
    same, other = meaning.likeness(
        ClipQuery("bee on a flower"), clips("bee_on_a_flower_03.mp4", "car road")
    )
    assert same == pytest.approx(1.0, abs=1e-5)
    assert other is not None
    assert other < 0.9


def test_what_cannot_be_read_is_not_compared(meaning: Meaning) -> None:
    """Two texts of unknown letters look alike to the model, and are not."""
    found = meaning.likeness(ClipQuery("bee"), clips("蜜蜂在花上", "IMG_2031.JPG", "bee"))
    assert found[:2] == [None, None]
    assert found[2] is not None
    assert meaning.likeness(ClipQuery("пчела на цветке"), clips("bee")) == [None]


@pytest.mark.parametrize(
    ("text", "can"),
    [("bee", True), ("Blüte", True), ("пчела", False), ("蜜蜂 4K", False), ("2031", False)],
    ids=["english", "german", "russian", "chinese", "number"],
)
def test_latin_letters_are_readable(text: str, *, can: bool) -> None:
    """The model has seen hardly any other."""
    assert readable(text) is can


# ------------------------------------------------------------------------- its files
def test_without_the_model_nothing_is_compared(settings: Settings, workspace: Workspace) -> None:
    """Words alone decide, and the health says so and what mends it."""
    meaning = Meaning(settings, workspace)
    assert not meaning.ready
    assert meaning.likeness(ClipQuery("bee"), clips("bee", "car")) == [None, None]
    health = meaning.check()
    assert health.works
    assert not health.needed
    assert "by their words alone" in health.says
    assert "fetch" in health.remedy


def test_with_the_model_the_health_says_so(meaning: Meaning) -> None:
    """Nothing has to be mended, and nothing is loaded to find that out."""
    assert meaning.ready
    health = meaning.check()
    assert "is on this machine" in health.says
    assert health.remedy == ""
    assert meaning._model is None


def test_preparing_loads_what_is_here(meaning: Meaning) -> None:
    """Without a network, when it was fetched before."""
    finish(meaning.prepare())
    assert meaning._model is not None
    assert meaning.ready


def test_preparing_says_what_it_could_not_fetch(
    settings: Settings, workspace: Workspace, tmp_path: Path
) -> None:
    """No source has it: the sentence names the model."""
    gone = (file_of_nothing("model.safetensors"), file_of_nothing("tokenizer.json"))
    assert not list(tmp_path.glob("*.safetensors"))
    with pytest.raises(WeightsUnreachable, match="tiny model"):
        finish(Meaning(settings, workspace, files=gone).prepare())


def file_of_nothing(name: str) -> ModelFile:
    """A file that is nowhere."""
    return ModelFile("The tiny model", name, 10, "0" * 64)


def test_every_file_of_the_model_is_pinned() -> None:
    """Sums of 64 digits, packages of one version, and an address on the hub."""
    assert [file.file_name.rpartition("/")[2] for file in weights.MINILM] == [
        "model.safetensors",
        "tokenizer.json",
    ]
    for file in weights.MINILM:
        assert len(file.sha256) == 64
        assert all(part.version for part in file.parts)
        assert file.parts
        assert file.hub


# ------------------------------------------------------------------------ real weights
@pytest.fixture
def real(weights_dir: Path, settings: Settings) -> Iterator[Meaning]:
    """The real model, when it was fetched before."""
    if not all((weights_dir / file.file_name).is_file() for file in weights.MINILM):
        pytest.skip("The model for meanings is not in the cache")
    workspace = Workspace(settings.model_copy(update={"cache_dir": weights_dir.parent}))
    yield Meaning(settings, workspace)
    workspace.close()


@pytest.mark.slow
def test_a_pollinator_is_a_bee_and_a_crane_is_told_from_a_crane(real: Meaning) -> None:
    """What words alone cannot know."""
    bee, traffic = real.likeness(ClipQuery("pollinator"), clips("honeybee", "city traffic"))
    assert bee is not None
    assert traffic is not None
    assert bee > traffic + 0.1
    birds = ClipQuery("cranes", "Every autumn the birds gather and fly south.")
    sky, site = real.likeness(birds, clips("Birds flying in formation", "Crane on a building site"))
    assert sky is not None
    assert site is not None
    assert sky > site
