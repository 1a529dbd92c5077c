"""Make ``icons.zip`` and ``index.json`` from the Fluent Emoji vectors and ``words.txt``.

Needed only when the selection, the words or the artwork change; the app reads the results.

    pip install resvg-py pillow
    npm pack @iconify-json/fluent-emoji && tar xzf iconify-json-fluent-emoji-*.tgz
    python assets/icons/make_icons.py package/icons.json

Rasterising takes about five minutes. With ``--renders FOLDER`` the rasters are kept as PNG
and used again. Where only words have changed, and no icon is new, ``--words`` alone does:
nothing is drawn, the archive stays.
"""  # noqa: INP001 - a script beside its data, not a package

from __future__ import annotations

import argparse
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image

HERE: Final = Path(__file__).parent
SIZE: Final = 512
NAMED: Final = 1.0
SUGGESTED: Final = 0.55
TOPIC: Final = (0.95, 0.85, 0.75, 0.65, 0.55)
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that the same input gives the same archive

Words = dict[str, dict[str, float]]


class Chosen(NamedTuple):
    """What ``words.txt`` says.

    Attributes:
        names: The icons that are shipped, and what they are called.
        words: The icons that each word calls for, weighted.
        asked: The same, for words that count only where nouns stand.
        standing: The icons that can stand in a landscape.
    """

    names: dict[str, str]
    words: Words
    asked: Words
    standing: set[str]


def main() -> None:
    """Read the arguments, write the archive and the index beside this file."""
    parser = argparse.ArgumentParser(description="Make icons.zip and index.json.")
    parser.add_argument(
        "vectors", type=Path, nargs="?", help="icons.json of @iconify-json/fluent-emoji"
    )
    parser.add_argument("--renders", type=Path, help="folder that keeps the rasters")
    parser.add_argument("--words", action="store_true", help="only the words have changed")
    arguments = parser.parse_args()
    chosen = read_words((HERE / "words.txt").read_text("utf-8"))
    if arguments.words:
        known = json.loads((HERE / "index.json").read_text("utf-8"))["icons"]
        write_index(chosen, {slug: known[slug]["color"] for slug in chosen.names})
        return
    if arguments.vectors is None:
        parser.error("the vectors are needed, or --words")
    bodies = json.loads(arguments.vectors.read_text("utf-8"))["icons"]
    with tempfile.TemporaryDirectory() as folder:
        renders = arguments.renders or Path(folder)
        renders.mkdir(parents=True, exist_ok=True)
        pictures = {slug: raster(slug, bodies[slug]["body"], renders) for slug in chosen.names}
    pack(pictures, HERE / "icons.zip")
    colors = {slug: mean_color(picture) for slug, picture in pictures.items()}
    write_index(chosen, colors)


def write_index(chosen: Chosen, colors: dict[str, str]) -> None:
    """Write what the app looks icons up in."""
    index = {
        "version": 2,
        "icons": {
            slug: {"name": chosen.names[slug], "color": color, "stands": slug in chosen.standing}
            for slug, color in sorted(colors.items())
        },
        "words": {word: chosen.words[word] for word in sorted(chosen.words)},
        "asked": {word: chosen.asked[word] for word in sorted(chosen.asked)},
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (HERE / "index.json").write_text(text + "\n", "utf-8")


def read_words(text: str) -> Chosen:
    """What ``words.txt`` says."""
    chosen = Chosen({}, {}, {}, set())
    for section, line in lines(text):
        if section in {"things", "standing"}:
            slug, _, rest = line.partition(":")
            named, _, suggested = rest.partition(";")
            chosen.names[slug] = listed(named)[0]
            if section == "standing":
                chosen.standing.add(slug)
            for weight, group in ((NAMED, named), (SUGGESTED, suggested)):
                for word in listed(group):
                    note(chosen.words, word, slug, weight)
        else:
            subjects, _, slugs = line.partition("->")
            for word in listed(subjects):
                for weight, slug in zip(TOPIC, slugs.split(), strict=False):
                    note(chosen.asked if section == "asked" else chosen.words, word, slug, weight)
    return chosen


def lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line that says something, with the section it stands in."""
    section = ""
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            yield section, line


def listed(text: str) -> list[str]:
    """The words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def note(words: Words, word: str, slug: str, weight: float) -> None:
    """Let a word call for an icon, with the greatest weight that was said."""
    icons = words.setdefault(word, {})
    icons[slug] = max(icons.get(slug, 0.0), weight)


def raster(slug: str, body: str, renders: Path) -> Image.Image:
    """An icon as pixels, from the folder of rasters when it is there already."""
    path = renders / f"{slug}.png"
    if not path.exists():
        import resvg_py  # noqa: PLC0415 - wanted only where rasters are missing

        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{SIZE}" height="{SIZE}" viewBox="0 0 32 32">{body}</svg>'
        )
        path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=svg)))
    return Image.open(path).convert("RGBA")


def mean_color(picture: Image.Image) -> str:
    """The mean colour of what is opaque, as #rrggbb: what a background has to differ from."""
    values = picture.resize((32, 32), Image.Resampling.BOX).tobytes()
    pixels = [values[start : start + 4] for start in range(0, len(values), 4)]
    opaque = sum(pixel[3] for pixel in pixels)
    mean = [round(sum(pixel[k] * pixel[3] for pixel in pixels) / opaque) for k in range(3)]
    return "#" + "".join(f"{value:02x}" for value in mean)


def pack(pictures: dict[str, Image.Image], path: Path) -> None:
    """Write the archive; the pictures are compressed already, so it only stores them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for slug, picture in sorted(pictures.items()):
            buffer = io.BytesIO()
            picture.save(buffer, "WEBP", quality=84, alpha_quality=90, method=6)
            archive.writestr(zipfile.ZipInfo(f"{slug}.webp", EPOCH), buffer.getvalue())


if __name__ == "__main__":
    main()
