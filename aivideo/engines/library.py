"""The person's own footage: folders of videos and pictures, found by the words of their names."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Final

from aivideo import ranking
from aivideo.engines import footage, thumbnails
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.footage import UPLOADS, Footage, FootageFile
from aivideo.errors import (
    ClipGone,
    ClipUnusable,
    Health,
    MediaTruncated,
    NotMedia,
    PictureTooLarge,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace, save_copy

MOST_FILES: Final = 5_000
THUMBNAIL_WIDTH: Final = 480

_INDEX_VERSION: Final = 2
CHECK_SECONDS: Final = 3.0
"""How long ``check`` may look at files that are new to it."""
_REASONS_SHOWN: Final = 5


class FootageFolder:
    """The person's own videos and pictures, found by the words of their names.

    The words come from the file name, the folders above it, and a ``.txt`` or ``.json`` file
    of the same name beside it; a ``.json`` may also give ``title``, ``tags`` and the credits.
    What was found out about a file is kept until the file changes. Footage that is handed in
    through the app lies in the workspace and is searched together with the folder.
    """

    name = "library"

    def __init__(
        self, settings: Settings, workspace: Workspace, *, patience: float = CHECK_SECONDS
    ) -> None:
        self._folder = settings.footage_dir
        self._workspace = workspace
        self._patience = patience
        self._known: Mapping[str, Footage] = {}

    @property
    def about(self) -> About:
        """What it can."""
        return About(
            "Your own footage",
            f"Videos and pictures of yours in {self._folder}, and those uploaded here.",
            kinds=("video", "still"),
            online=False,
        )

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """The clips whose words fit best, best first; what fits badly comes last, as a guess."""
        everything = yield from self._look_through()
        offers = [_offer(one, query) for one in everything if not one.unusable]
        return ranking.shortlist(offers, query.at_most, per_author=query.at_most)

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The same clip with its thumbnail; without one when none can be made."""
        yield Progress(0.0, "Making thumbnails")
        name, _, digest = clip.source_id.rpartition("#")
        return replace(clip, thumbnail=self._thumbnail(name, digest))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file itself.

        Raises:
            ClipGone: It was moved, removed or replaced.
        """
        yield Progress(0.0)
        name, _, digest = wanted.source_id.rpartition("#")
        path = self._locate(name)
        if path is None or footage.digest_of(path) != digest:
            raise ClipGone(name)
        return path

    def add(self, file: Path, *, title: str = "", tags: str = "") -> FoundClip:
        """Take a copy of a video or picture into the library.

        Raises:
            ClipUnusable: It is of no kind that counts as footage.
            AIVideoError: It cannot be opened, as ``media.probe`` says.
            DiskFull: There is no room for it.
        """
        suffix = file.suffix.lower()
        if suffix not in footage.SUFFIXES:
            raise ClipUnusable(file.name, "its kind of file is not known as footage")
        stem = re.sub(r"[^\w-]+", "-", title or file.stem)[:60]
        target = self._uploads / f"{stem}-{footage.digest_of(file)}{suffix}"
        found = footage.look_into(FootageFile(file.parent, file, UPLOADS + target.name))
        save_copy(file, target)
        with self._workspace.draft(target.with_suffix(".json")) as draft:
            beside = {"title": title or found.title, "tags": tags}
            draft.write_text(json.dumps(beside, ensure_ascii=False), encoding="utf-8")
        added = replace(found, title=beside["title"])
        return replace(
            _offer(added, ClipQuery("")), thumbnail=self._thumbnail(added.name, added.digest)
        )

    def check(self) -> Health:
        """How many clips there are, and which files cannot be used and why."""
        ends = time.monotonic() + self._patience
        looking = self._look_through()
        for _ in looking:
            if time.monotonic() > ends:
                looking.close()
        present = {file.stamp for file in self._files()}
        seen = [one for stamp, one in self._known.items() if stamp in present]
        bad = [one for one in seen if one.unusable]
        return Health(
            "Clips: your own footage",
            works=True,
            says=self._account(len(seen) - len(bad), len(present) - len(seen), bad),
            remedy="Convert or copy again the files that cannot be used." if bad else "",
        )

    def _account(self, usable: int, unseen: int, bad: Collection[Footage]) -> str:
        if not (usable or unseen or bad):
            return (
                f"There is none yet: videos and pictures that you put into {self._folder} are "
                "offered before every other source."
            )
        said = f"{usable} clips are in {self._folder}"
        said += f", {unseen} files were not looked at yet" if unseen else ""
        said += f", {len(bad)} files cannot be used" if bad else ""
        reasons = [one.unusable for one in islice(bad, _REASONS_SHOWN)]
        return " ".join([f"{said}.", *reasons])

    def _look_through(self) -> Work[list[Footage]]:
        """Everything in the folder; only what is new or has changed is opened."""
        files = list(self._files())
        self._known = known = self._known or self._read_index()
        found: dict[str, Footage] = {}
        try:
            for place, file in enumerate(files):
                if file.stamp not in known:
                    yield Progress(place / len(files), f"Looking at {file.path.name}")
                found[file.stamp] = known.get(file.stamp) or footage.examine(file)
        finally:
            # When this is closed half-way, what was known of the rest stays known.
            self._remember(found if len(found) == len(files) else {**known, **found})
        yield Progress(1.0)
        return list(found.values())

    @property
    def _uploads(self) -> Path:
        return self._workspace.folder("footage")

    def _files(self) -> Iterator[FootageFile]:
        """The files that count as footage, at most ``MOST_FILES``."""
        uploads = footage.walk(self._uploads, UPLOADS)
        yield from islice((*uploads, *footage.walk(self._folder)), MOST_FILES)

    def _locate(self, name: str) -> Path | None:
        """The file of this name, if it is there and inside the folder."""
        root = self._uploads if name.startswith(UPLOADS) else self._folder
        path = root / name.removeprefix(UPLOADS)
        return path if path.is_file() and footage.inside(root, path) else None

    def _thumbnail(self, name: str, digest: str) -> str:
        """A small picture of the clip; empty when none can be made."""
        picture = self._workspace.artifact(
            "thumbnails", ".jpg", digest=digest, width=THUMBNAIL_WIDTH, recipe=2
        )
        path = self._locate(name)
        if path is None:
            return ""
        try:
            if not picture.exists():
                frame = thumbnails.thumbnail(path)
                height = round(frame.height * THUMBNAIL_WIDTH / frame.width)
                with self._workspace.draft(picture) as draft:
                    frame.resize((THUMBNAIL_WIDTH, height)).save(draft, "JPEG", quality=85)
        except (NotMedia, MediaTruncated, PictureTooLarge):
            return ""
        return str(picture)

    @property
    def _index(self) -> Path:
        folder = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:16]
        return self._workspace.folder("library") / f"{folder}-{_INDEX_VERSION}.json"

    def _read_index(self) -> Mapping[str, Footage]:
        """What an earlier run found out; nothing when there is no index that can be read."""
        try:
            rows = json.loads(self._index.read_text("utf-8"))
            return {stamp: Footage(**row) for stamp, row in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _remember(self, known: Mapping[str, Footage]) -> None:
        if known.keys() == self._known.keys():
            return
        self._known = known
        with self._workspace.draft(self._index) as draft:
            rows = {stamp: asdict(one) for stamp, one in known.items()}
            draft.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _offer(found: Footage, query: ClipQuery) -> FoundClip:
    relevant = ranking.relevance(
        frozenset(ranking.terms(query.words)),
        found.named,
        found.described,
        frozenset(ranking.terms(query.narration)),
    )
    size = (found.width, found.height)
    suitable = ranking.suitability(size, query.size, found.seconds, query.seconds)
    return FoundClip(
        source=FootageFolder.name,
        source_id=found.source_id,
        title=found.title,
        kind=found.kind,
        duration_seconds=found.seconds,
        width=found.width,
        height=found.height,
        description=found.description,
        url=found.credit.get("url", ""),
        author=found.credit.get("author", ""),
        author_url=found.credit.get("author_url", ""),
        licence=found.credit.get("licence", "own"),
        licence_url=found.credit.get("licence_url", ""),
        score=ranking.score(relevant, suitable),
    )
