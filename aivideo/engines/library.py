"""The person's own footage: folders of videos and pictures, found by words and by meaning."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from aivideo import ranking
from aivideo.engines import footage, footage_folders, media, thumbnails
from aivideo.engines.ffmpeg import FFmpeg, frames_of
from aivideo.engines.finding import About, ClipQuery, FoundClip, Wanted
from aivideo.engines.folder_watch import FolderWatch
from aivideo.engines.footage import Footage
from aivideo.engines.footage_folders import UPLOADS, Root
from aivideo.engines.footage_index import FootageIndex
from aivideo.engines.footage_indexing import LOOKING, Indexing, IndexState
from aivideo.engines.footage_matching import Question, clip_of
from aivideo.engines.footage_meanings import Embedder, Meanings
from aivideo.engines.footage_previews import PREVIEW, preview_arguments
from aivideo.engines.footage_tables import Waiting
from aivideo.engines.waiting import aside
from aivideo.errors import (
    ClipGone,
    ClipUnreadable,
    ClipUnusable,
    Health,
    MediaTruncated,
    NotMedia,
    PictureTooLarge,
    ProgramFailed,
)
from aivideo.progress import Progress, Work
from aivideo.settings import Settings
from aivideo.workspace import Workspace, save_copy

THUMBNAIL_WIDTH: Final = 480
PREVIEW_BYTES: Final = 1 << 30
"""Of all previews together; those that were not looked at for longest go first."""

AT_ONCE: Final = 40
"""New files that a search looks into before it answers; more of them wait for the background."""
PATIENCE: Final = 4.0
"""Seconds that it does so at most."""
CANDIDATES: Final = 50
"""Clips that a search answers with, if so many have a word or a meaning in common with it."""
_LOOKED_AT: Final = 120
"""Files that have such a word, of which the best are taken."""
_REASONS_SHOWN: Final = 5


class FootageFolder:
    """The person's own videos and pictures.

    They are found by the words of the file name, of the folders above it, of a ``.txt``,
    ``.json``, ``.srt`` or ``.vtt`` file of the same name beside it and of the file's own tags,
    and by what these words mean; a ``.json`` may also give ``title``, ``tags`` and the credits.
    Footage that is handed in through the app lies in the workspace and is searched together with
    the folders. What was found out is kept in an index; ``start_watching`` keeps it up to date.
    """

    name = "library"

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        *,
        meaning: Embedder | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._folders = settings.footage_dirs
        self._workspace = workspace
        self._patience = patience
        self._ffmpeg = FFmpeg(settings.ffmpeg)
        self._roots = footage_folders.roots_of(settings, workspace)
        self._by_key = {root.key: root for root in self._roots}
        self._index = FootageIndex(workspace.folder("library"), list(self._by_key))
        self._meanings = Meanings(self._index, meaning)
        self._indexing = Indexing(self._index, self._roots, self._meanings, self._thumbnail)
        self._watch = FolderWatch(self._indexing.run, self._indexing.notice)

    @property
    def about(self) -> About:
        """What it can."""
        return About(
            "Your own footage",
            f"Videos and pictures of yours in {self._where}, and those uploaded here.",
            kinds=("video", "still"),
            online=False,
        )

    @property
    def _where(self) -> str:
        return " and ".join(map(str, self._folders))

    # ----------------------------------------------------------------- finding
    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """Clips that have words or a meaning in common with a query, nearest first.

        What is new is looked into before, where it is little; otherwise the answer is what is
        known, while the rest is looked into in the background. Where too few have anything in
        common, others come last, as guesses.
        """
        yield from self._catch_up()
        return self._answer(query)

    def _catch_up(self) -> Work[None]:
        """Look into what is new or has changed, if that is quickly done."""
        self._indexing.notice()
        waiting = self._index.waiting(AT_ONCE + 1)
        if len(waiting) <= AT_ONCE:
            # Those that the program has ended over are not looked into while somebody waits.
            yield from self._look_into([one for one in waiting if not one.tries])
        left = self._index.counts().waiting if waiting else 0
        if left:
            self._watch.nudge()
            yield Progress(1.0, f"Still looking through {left:,} files of your footage")

    def _look_into(self, waiting: Collection[Waiting]) -> Work[None]:
        found: list[tuple[Waiting, Footage]] = []
        ends = time.monotonic() + self._patience
        try:
            for place, one in enumerate(waiting):
                yield Progress(place / len(waiting), f"Looking at {Path(one.name).name}")
                found.append((one, self._indexing.examine(one)))
                if time.monotonic() > ends:
                    break
        finally:
            # When this is closed half-way, what was found out stays known.
            self._index.settle(found)
        if found:
            self._meanings.learn(AT_ONCE)

    def _answer(self, query: ClipQuery) -> list[FoundClip]:
        question = Question.of(query)
        near = self._meanings.nearest(ranking.question(query), CANDIDATES)
        numbers = {*self._index.matching(question.tokens, _LOOKED_AT), *near}
        found = self._offers(numbers, question, near)[: max(query.at_most, CANDIDATES)]
        missing = query.at_most - len(found)
        if missing > 0:
            others = set(self._index.newest(query.at_most + len(numbers))) - numbers
            found += self._offers(others, question, near)[:missing]
        return found

    def _offers(
        self, numbers: Iterable[int], question: Question, near: Mapping[int, float]
    ) -> list[FoundClip]:
        """Files as clips, nearest first."""
        offers = [
            clip_of(
                entry.footage,
                self._by_key[entry.root].prefix,
                score=question.closeness(entry, near.get(entry.id, 0.0)),
            )
            for entry in self._index.entries(numbers)
        ]
        return sorted(offers, key=lambda clip: (-clip.score, clip.source_id))

    # ----------------------------------------------------------------- pictures and files
    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The same clip with its thumbnail; without one when none can be made."""
        yield Progress(0.0, "Making thumbnails")
        name, _, digest = clip.source_id.rpartition("#")
        root, below = self._placed(name)
        return replace(clip, thumbnail=self._thumbnail(root, below, digest))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """The file itself, wherever it was moved within the folders.

        Raises:
            ClipGone: It was removed or replaced.
        """
        yield Progress(0.0)
        return self._found(wanted)

    def proxy(self, wanted: Wanted) -> Work[Path | None]:
        """A few seconds of a video, small and mute, for looking at in a page; kept when made.

        None for what does not move, or moves by itself in every page: stills and animations.

        Raises:
            ClipGone: It was removed or replaced.
            ClipUnreadable: It cannot be decoded any more.
            DiskFull: There is no room for it.
        """
        path = self._found(wanted)
        digest = wanted.source_id.rpartition("#")[2]
        target = self._workspace.artifact("previews", ".mp4", footage=digest, recipe=PREVIEW)
        if self._workspace.use(target):
            return target
        yield Progress(0.0, "Making a preview")
        try:
            info = media.probe(path)
            if info.kind == "still" or info.animation:
                return None
            frames, arguments = preview_arguments(path, info)
            with self._workspace.draft(target) as draft:
                told = frames_of(frames, "Making a preview")
                yield from self._ffmpeg.run(arguments, draft, read_line=told)
        except (ProgramFailed, NotMedia, MediaTruncated, PictureTooLarge) as problem:
            title = wanted.title or path.name
            raise ClipUnreadable(title, detail=problem.message) from problem
        self._workspace.trim("previews", PREVIEW_BYTES)
        return target

    def _found(self, wanted: Wanted) -> Path:
        """The file: under its name, or under another when it was moved."""
        name, _, digest = wanted.source_id.rpartition("#")
        root, below = self._placed(name)
        others = [(self._by_key[key], other) for key, other in self._index.located(digest)]
        for place, at in [(root, below), *others]:
            path = place.locate(at)
            if path is not None and footage.digest_of(path) == digest:
                return path
        raise ClipGone(below)

    def _placed(self, name: str) -> tuple[Root, str]:
        """The root that a name of the library begins with, and the path below it."""
        for root in self._roots:
            if root.prefix and name.startswith(root.prefix):
                return root, name.removeprefix(root.prefix)
        main = next(root for root in self._roots if not root.prefix)
        return main, name

    def _thumbnail(self, root: Root, name: str, digest: str) -> str:
        """A small picture of the clip; empty when none can be made."""
        picture = self._workspace.artifact(
            "thumbnails", ".jpg", digest=digest, width=THUMBNAIL_WIDTH, recipe=2
        )
        path = root.locate(name)
        if path is None:
            return ""
        try:
            if not picture.exists():
                frame = thumbnails.thumbnail(path)
                height = max(1, round(frame.height * THUMBNAIL_WIDTH / frame.width))
                with self._workspace.draft(picture) as draft:
                    frame.resize((THUMBNAIL_WIDTH, height)).save(draft, "JPEG", quality=85)
        except (NotMedia, MediaTruncated, PictureTooLarge, OSError):
            return ""
        return str(picture)

    # ----------------------------------------------------------------- the index
    def index(self, *, pictures: bool = True) -> Work[IndexState]:
        """Look into everything that is new or has changed; can be closed, and goes on next time.

        Args:
            pictures: Whether thumbnails are made too, which takes far longer than the rest.

        Raises:
            DiskFull: There is no room for what is found out.
            NoWritePermission: It cannot be written.
        """
        yield from aside(partial(self._indexing.run, pictures=pictures), LOOKING)
        return self.state

    @property
    def state(self) -> IndexState:
        """How far the index is."""
        return self._indexing.state

    def start_watching(self) -> None:
        """Index now, and again whenever something has changed, in a thread."""
        self._watch.start()

    def stop(self) -> None:
        """Stop watching and let go of the index; everything else goes on working."""
        self._watch.stop()
        self._index.close()

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
        uploads = next(root for root in self._roots if root.prefix == UPLOADS)
        found = footage.look_into(footage.FootageFile(file.parent, file, file.name))
        target = uploads.path / f"{stem}-{found.digest}{suffix}"
        save_copy(file, target)
        with self._workspace.draft(target.with_suffix(".json")) as draft:
            beside = {"title": title or found.title, "tags": tags}
            draft.write_text(json.dumps(beside, ensure_ascii=False), encoding="utf-8")
        self._index.enter(uploads.key, footage_folders.walk(uploads))
        waiting = self._index.waiting_for(uploads.key, target.name)
        self._index.settle([(one, self._indexing.examine(one)) for one in waiting])
        added = replace(found, name=target.name, title=beside["title"])
        thumbnail = self._thumbnail(uploads, target.name, added.digest)
        return replace(clip_of(added, uploads.prefix), thumbnail=thumbnail)

    # ----------------------------------------------------------------- how it is
    def check(self) -> Health:
        """How many clips there are, and which files cannot be used and why."""
        self._indexing.notice()
        state = self.state
        unreadable = [
            f"{self._by_key[key].path / folder.name} cannot be read ({folder.problem})."
            for key, folder in self._index.folders()
            if folder.problem and (folder.name or key in self._present())
        ]
        bad = bool(state.unusable or unreadable)
        return Health(
            "Clips: your own footage",
            works=True,
            says=self._account(state, unreadable),
            remedy="Convert or copy again the files that cannot be used." if bad else "",
        )

    def _present(self) -> set[str]:
        return {root.key for root in self._roots if root.path.exists()}

    def _account(self, state: IndexState, unreadable: Sequence[str]) -> str:
        if not (state.files or unreadable):
            return (
                f"There is none yet: videos and pictures that you put into {self._where} are "
                "offered before every other source."
            )
        waiting = state.files - state.indexed
        said = f"{state.indexed - state.unusable:,} clips are in {self._where}"
        said += f", {waiting:,} files were not looked at yet" if waiting else ""
        said += f", {state.unusable:,} files cannot be used" if state.unusable else ""
        return " ".join([f"{said}.", *self._index.reasons(_REASONS_SHOWN), *unreadable])
