"""Make ``languages/*.json``, what icons are called in other languages, for the app to read.

Needed only when ``languages.txt``, the selection of icons, or the names change.

    npm pack emojibase-data && tar xzf emojibase-data-*.tgz
    python assets/icons/make_languages.py package
"""  # noqa: INP001 - a script beside its data, not a package

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
NAMED: Final = 1.0
TAGGED: Final = {1: 0.8, 2: 0.65, 3: 0.5, 4: 0.5}  # by how many icons bear the tag
LESS: Final = 0.05  # from one icon of a tag to the next, as they come
SHORTEST: Final = 3  # letters of a tag, where letters are not whole words
WHOLE_WORDS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SAME_ICON: Final = {"blackbird": "black-bird", "phoenix-bird": "phoenix"}  # ours: theirs

Weights = dict[str, float]
Words = dict[str, Weights]


def main() -> None:
    """Read the arguments, write one file a language."""
    parser = argparse.ArgumentParser(description="Make languages/*.json.")
    parser.add_argument("emojibase", type=Path, help="the folder of the package emojibase-data")
    package = parser.parse_args().emojibase
    index = json.loads((HERE / "index.json").read_text("utf-8"))
    sections = read_sections((HERE / "languages.txt").read_text("utf-8"))
    subjects = read_subjects(sections["subjects"], index["words"])
    lists = {name: read_lists(sections[name]) for name in ("endings", "small", "articles")}
    codes = {slug_of(row["label"]): row["hexcode"] for row in _rows(package, "en")}
    shipped = {slug: codes[SAME_ICON.get(slug, slug)] for slug in index["icons"]}
    folder = HERE / "languages"
    folder.mkdir(exist_ok=True)
    for language, own in subjects.items():
        words = own
        if (package / language).is_dir():
            known = {row["hexcode"]: row for row in _rows(package, language)}
            named = {slug: known[code] for slug, code in shipped.items() if code in known}
            words = merged(named_words(named), own)
        data: dict[str, object] = {name: of.get(language, []) for name, of in lists.items()}
        data["words"] = words
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        (folder / f"{language}.json").write_text(text + "\n", "utf-8")


def read_sections(text: str) -> dict[str, list[str]]:
    """The lines that say something, by the section they stand in."""
    sections: dict[str, list[str]] = {}
    name = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            sections.setdefault(name, []).append(line)
    return sections


def read_lists(lines: list[str]) -> dict[str, list[str]]:
    """Lines such as ``de: bei gut``: a language and its words."""
    pairs = (line.partition(":") for line in lines)
    return {language: words.split() for language, _, words in pairs}


def read_subjects(lines: list[str], english: Words) -> dict[str, Words]:
    """For each language its words for the subjects that ``english`` knows icons for."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    languages = rows[0][1:]
    subjects: dict[str, Words] = {language: {} for language in languages}
    for subject, *cells in rows[1:]:
        for language, cell in zip(languages, cells, strict=True):
            for word in cell.split("/"):
                if word.strip("- "):
                    subjects[language][folded(word)] = dict(english[subject])
    return subjects


def named_words(rows: dict[str, dict[str, Any]]) -> Words:
    """What icons are called, and their tags; a tag of many icons is a category and left out."""
    bearers = Counter(folded(tag) for row in rows.values() for tag in row.get("tags", ()))
    words: Words = {}
    seen: Counter[str] = Counter()
    for slug, row in rows.items():
        for tag in map(folded, row.get("tags", ())):
            weight = TAGGED.get(bearers[tag])
            if weight and (len(tag) >= SHORTEST or WHOLE_WORDS.search(tag)):
                words.setdefault(tag, {})[slug] = round(weight - LESS * seen[tag], 2)
                seen[tag] += 1
    for slug, row in rows.items():
        words[folded(row["label"])] = {**words.get(folded(row["label"]), {}), slug: NAMED}
    return words


def merged(names: Words, subjects: Words) -> Words:
    """Both; where a word is in both, a subject's icons first and the named one not lost."""
    both = dict(names)
    for word, icons in subjects.items():
        best = {slug: weight for slug, weight in names.get(word, {}).items() if weight == NAMED}
        both[word] = {**icons, **best}
    return both


def folded(word: str) -> str:
    """A word as the app looks it up: composed, in small letters."""
    return unicodedata.normalize("NFC", word).strip().lower()


def slug_of(label: str) -> str:
    """An English label as icons are named: small letters and hyphens."""
    return re.sub("[^a-z0-9]+", "-", re.sub("['\u2019.]", "", label.lower())).strip("-")


def _rows(package: Path, language: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((package / language / "data.json").read_text("utf-8"))
    return rows


if __name__ == "__main__":
    main()
