"""From what the words offer to four to six clearly different recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aivideo.engines.drawing.motion import chance
from aivideo.engines.drawing.palettes import ranked
from aivideo.engines.drawing.reading import Hit, Reading
from aivideo.engines.drawing.recipe import Recipe
from aivideo.engines.drawing.vocabulary import listed, vocabulary

AT_LEAST: Final = 4
AT_MOST: Final = 6
CARDS: Final = frozenset({"number", "keyword", "quote", "statement"})
MOST_CARDS: Final = 2
NOTHING_FITS: Final = 0.12  # the score of a picture of nothing in particular: a guess
UNASKED: Final = 0.58  # below it, an icon that only the narration suggests is not sure enough
KEY_FACT: Final = 0.9  # a number of this worth is what the scene is about
UNSURE: Final = 0.75  # what counts less when it is only hinted at
VAGUE: Final = 0.3
CHANCE: Final = 0.2  # how much luck weighs, so that neighbouring scenes do not look alike ...
CALLED_FOR: Final = 0.03  # ... and where the words call for a layout
ALONE: Final = 0.88  # a way that nobody travels
PIN: Final = "round-pushpin"  # what stands on a place of which nothing else is known
AMONG_WORDS: Final = 0.45  # how sure an icon must be to stand beside words, or what it is like
LABEL_LETTERS: Final = 14
TRAVELLERS: Final = listed(
    "airplane automobile bicycle bus camel canoe ferry helicopter high-speed-train honeybee horse "
    "locomotive motorcycle package person-biking person-running person-walking rocket sailboat "
    "satellite ship speedboat taxi tractor delivery-truck articulated-lorry bird dove"
)


@dataclass(frozen=True)
class Sketch:
    """One candidate: what is drawn, what it is called, how well it fits (0..1)."""

    recipe: Recipe
    title: str
    score: float


@dataclass(frozen=True)
class _Idea:
    """A recipe without its colours."""

    layout: str
    fits: float
    title: str
    hits: tuple[Hit, ...] = ()
    labelled: bool = False
    text: str = ""
    figure: str = ""
    place: tuple[float, float] | None = None
    called_for: bool = False


def sketch(
    reading: Reading, seed: int, *, at_most: int, settable: Callable[[str], bool]
) -> list[Sketch]:
    """The candidates for a scene, best first, no two with the same layout or palette.

    Args:
        reading: What the scene's words offer.
        seed: Made from the words; decides between equals.
        at_most: How many are wanted; four to six come unless fewer are wanted.
        settable: Whether our fonts can set a text.
    """
    luck = chance(seed)
    hits = _sure_hits(reading)
    ideas = [
        replace(idea, fits=idea.fits * (1 - _chance(idea) * luck.random()))
        for idea in _ideas(reading, hits)
        if settable(idea.text + idea.figure + "".join(_labels(idea)))
    ]
    chosen = _different(sorted(ideas, key=lambda idea: -idea.fits), min(at_most, AT_MOST))
    return _colored(chosen, seed)


def _chance(idea: _Idea) -> float:
    return CALLED_FOR if idea.called_for else CHANCE


def _sure_hits(reading: Reading) -> tuple[Hit, ...]:
    """The icons that can be trusted: where the query calls for some, the rest must be named."""
    if not reading.hits:
        return ()
    asked = reading.covered > 0
    best = reading.hits[0].weight
    floor = min(UNASKED, 0.75 * best) if asked else max(VAGUE, 0.6 * best)
    return tuple(hit for hit in reading.hits if hit.weight >= floor)[:6]


def _ideas(reading: Reading, hits: tuple[Hit, ...]) -> Iterator[_Idea]:
    """Everything that could be drawn, with how well it fits."""
    match = _match(reading, hits)
    if hits:
        yield from _with_icons(reading, hits, match)
    yield from _on_the_globe(reading, hits, match)
    yield from _with_words(reading, hits, match)
    for place, layout in enumerate(("waves", "network", "ripples", "shapes")):
        yield _Idea(layout, NOTHING_FITS - 0.005 * place, f"{layout.capitalize()}, drawn")


def _match(reading: Reading, hits: tuple[Hit, ...]) -> float:
    """How well the icons say what the scene is about, 0..1."""
    if not hits:
        return 0.0
    if not reading.covered:
        return hits[0].weight * (1.0 if hits[0].weight >= AMONG_WORDS else UNSURE)
    return hits[0].weight * (0.45 + 0.5 * reading.covered)


def _with_icons(reading: Reading, hits: tuple[Hit, ...], match: float) -> Iterator[_Idea]:
    yield _Idea("hero", 0.93 * match, _title(hits[:2]), hits[:4])
    yield _Idea("pattern", 0.86 * match, _title(hits[:1], "in a pattern"), hits[:3])
    standing = tuple(hit for hit in hits if hit.slug in vocabulary().standing)
    if standing:
        peopled = (hits[0], *(hit for hit in standing if hit != hits[0]))[:4]
        title = _title(peopled[:2], "in a landscape")
        fits = (0.95 if hits[0] in standing else 0.72) * match
        yield _Idea("landscape", fits, title, peopled)
    if hits[1:]:
        yield from _with_two(reading, hits, match)
    if hits[2:]:
        yield _Idea("trio", 0.92 * match, _title(hits[:3]), hits[:3], labelled=True)
        yield _Idea("orbit", 0.93 * match, _title(hits[:3], "in orbit"), hits[:4])
        steps = _in_order(hits[:4])
        ordered = "steps" in reading.cues
        yield _Idea(
            "steps",
            (0.98 if ordered else 0.78) * match,
            _title(steps[:3], "one by one"),
            steps,
            labelled=True,
            called_for=ordered,
        )


def _with_two(reading: Reading, hits: tuple[Hit, ...], match: float) -> Iterator[_Idea]:
    named = (hit for hit in reading.hits if hit.spoken and hit.weight >= AMONG_WORDS)
    compared = tuple(named)[:2]
    versus = "versus" in reading.cues and bool(compared[1:])
    pair = _in_order(compared if versus else hits[:2])
    yield _Idea(
        "split",
        (0.97 if versus else 0.72) * match,
        _title(pair, "side by side"),
        pair,
        labelled=True,
        text="VS" if versus else "",
        called_for=versus,
    )
    way = _way(hits)
    if way:
        under_way = "journey" in reading.cues
        yield _Idea(
            "journey",
            (0.96 if under_way else 0.72) * match * (1.0 if way[2:] else ALONE),
            _title(way[:2], "and the way between"),
            way,
            labelled=True,
            called_for=under_way and bool(way[2:]),
        )


def _on_the_globe(reading: Reading, hits: tuple[Hit, ...], match: float) -> Iterator[_Idea]:
    if reading.place:
        name, point = reading.place
        first = replace(hits[0], said=name) if hits else Hit(PIN, 1.0, 0, name)
        yield _Idea(
            "globe",
            max(0.98 * match, 0.5),
            f"{name} on the globe, drawn",
            (first, *hits[1:3]),
            labelled=True,
            place=point,
            called_for=True,
        )
    elif "world" in reading.cues and hits:
        around = tuple(hit for hit in hits if not hit.slug.startswith("globe-showing"))
        yield _Idea("globe", 0.92 * match, _title(around[:2], "and the world"), around[:3])


def _with_words(reading: Reading, hits: tuple[Hit, ...], match: float) -> Iterator[_Idea]:
    helped = 0.2 * match
    beside = hits[:1] if match >= AMONG_WORDS else ()
    if reading.figure:
        figure = reading.figure
        title = f"The number {figure.text}, drawn"
        fits = 0.82 * figure.worth + helped
        yield _Idea(
            "number",
            fits,
            title,
            hits[:1],
            text=figure.counts,
            figure=figure.text,
            called_for=figure.worth > KEY_FACT,
        )
    if reading.quotation:
        yield _Idea(
            "quote", 0.98, "What was said, drawn", beside, text=reading.quotation, called_for=True
        )
    if reading.phrase:
        title = f"The words \u201c{reading.phrase}\u201d, drawn"
        known = reading.phrase.lower() in vocabulary().words
        fits = (0.34 if known else 0.26) + (2 if reading.covered else 0.3) * helped
        yield _Idea("keyword", fits, title, hits[:3], text=reading.phrase)
    if reading.statement and not reading.quotation:
        fits = 0.36 + (1.6 if reading.covered else 0.3) * helped
        yield _Idea("statement", fits, "A statement, drawn", beside, text=reading.statement)


def _different(ideas: Sequence[_Idea], at_most: int) -> list[_Idea]:
    """The best of each layout, few cards, and nothing in particular only to fill up."""
    chosen: list[_Idea] = []
    for idea in ideas:
        cards = sum(one.layout in CARDS for one in chosen)
        if idea.layout in CARDS and cards >= MOST_CARDS:
            continue
        filler = not idea.hits and idea.layout not in CARDS
        if len(chosen) < (min(at_most, AT_LEAST) if filler else at_most):
            chosen.append(idea)
    return chosen


def _colored(ideas: Sequence[_Idea], seed: int) -> list[Sketch]:
    """Give each idea a palette that its first icon stands out from, each another."""
    used: set[str] = set()
    sketches = []
    for index, idea in enumerate(ideas):
        color = vocabulary().colors[idea.hits[0].slug] if idea.hits else None
        palette = next(p for p in ranked(color, seed + index) if p.name not in used)
        used.add(palette.name)
        recipe = Recipe(
            layout=idea.layout,
            palette=palette.name,
            seed=seed + index,
            icons=tuple(hit.slug for hit in idea.hits),
            labels=_labels(idea),
            text=idea.text,
            figure=idea.figure,
            place=idea.place,
        )
        sketches.append(Sketch(recipe, idea.title, round(min(idea.fits, 1.0), 3)))
    return sketches


def _labels(idea: _Idea) -> tuple[str, ...]:
    """The words under the icons: all of them or none, since one alone looks forgotten."""
    if not idea.labelled:
        return ()
    shown = (
        idea.hits[:1] if idea.place else idea.hits[:2] if idea.layout == "journey" else idea.hits
    )
    words = tuple(_capital(hit.said) for hit in shown)
    fit = all(0 < len(word) <= LABEL_LETTERS for word in words)
    return words if fit and len(set(words)) == len(words) else ()


def _in_order(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The icons in the order in which they are mentioned."""
    return tuple(sorted(hits, key=lambda hit: hit.mentioned))


def _way(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Where it begins, where it ends, and who or what travels, if that is known."""
    travellers = tuple(hit for hit in hits if hit.slug in TRAVELLERS)[:1]
    ends = tuple(hit for hit in hits if hit.slug not in TRAVELLERS)[:2]
    return (*_in_order(ends), *travellers) if ends[1:] else ()


def _title(hits: Sequence[Hit], how: str = "") -> str:
    """Such as ``Honeybee and flower, drawn``."""
    names = [vocabulary().names[hit.slug] for hit in hits]
    listed = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
    return f"{_capital(listed)}{' ' if how else ''}{how}, drawn"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
