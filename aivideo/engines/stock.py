"""What the stock sources share: how one is asked, and how its pictures and files come here."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from aivideo import ranking
from aivideo.answers import Answers
from aivideo.engines import guarded
from aivideo.engines.finding import About, ClipQuery, FoundClip, MediaFile, Wanted
from aivideo.engines.guarded import FILM, STILL, THUMBNAIL, Order
from aivideo.engines.network import Forbidden, Network, Patience, permitted
from aivideo.engines.stock_api import (
    ASKING,
    NO_ANSWER,
    NO_SECRET,
    Question,
    Secret,
    Service,
    StockApi,
    agent,
)
from aivideo.engines.stock_media import (
    THUMBNAIL_WIDTH,
    best_file,
    publish_media,
    publish_thumbnail,
    suffix_of,
)
from aivideo.engines.stock_text import plain_words
from aivideo.errors import (
    AIVideoError,
    ClipUnusable,
    DownloadRefused,
    Health,
    MachineFailure,
    StockKeyMissing,
)
from aivideo.progress import Work, within
from aivideo.settings import Settings
from aivideo.workspace import Workspace

logger = logging.getLogger(__name__)


FILES_TRIED: Final = 3
"""How many of a clip's files are tried: of those that are listed, some are not made yet."""


class Stock(ABC):
    """One stock source; what is its own about it is said by a class below this.

    Args:
        settings: The key, and whom the source may write to.
        workspace: Where pictures and videos are kept.
        answers: Where what it answered is kept.
        network: What may be connected to.
        asking: How long a search may take.
        patience: How long a download may take.
    """

    name: ClassVar[str]
    service: ClassVar[Service]

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        answers: Answers,
        *,
        network: Network | None = None,
        asking: Patience = ASKING,
        patience: Patience | None = None,
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._agent = agent(settings.contact)
        self._network = network or Network()
        self._patience = patience or Patience()
        self._api = StockApi(
            self.service, answers, agent=self._agent, network=self._network, patience=asking
        )

    @property
    def _glance(self) -> Patience:
        """How long is waited for a small picture: a clip can be chosen without."""
        wait = self._patience
        return replace(wait, idle=min(wait.idle, 8.0), total=min(wait.total, 20.0), tries=1)

    @property
    def about(self) -> About:
        """What it has, and whether a key is missing."""
        service = self.service
        return About(
            service.title,
            service.says,
            kinds=service.kinds,
            needs=self._missing.message if self._missing else "",
            address=service.terms,
        )

    def find(self, query: ClipQuery) -> Work[list[FoundClip]]:
        """What it has for the words of a query, in its own order: the answers of one request each.

        Raises:
            StockKeyMissing: There is no key.
            AIVideoError: It refused or did not answer, as ``StockApi.ask`` says.
        """
        if self._missing:
            raise self._missing
        words = plain_words(query.words)
        if not ranking.terms(words):
            return []
        found: list[FoundClip] = []
        questions = self._questions(words, query)
        for place, question in enumerate(questions):
            asking = self._ask(question)
            try:
                rows = yield from within(
                    asking, place / len(questions), (place + 1) / len(questions)
                )
            except MachineFailure:
                raise
            except AIVideoError as problem:
                if not found:
                    raise
                logger.info("%s: %s", self.name, problem.detail or problem.message)
                break
            found += self._clips(rows, question, query)
        return found

    def picture(self, clip: FoundClip) -> Work[FoundClip]:
        """The same clip with its small picture; without one when that cannot be had."""
        if not clip.picture_address:
            return clip
        final = self._workspace.artifact(
            "thumbnails",
            ".jpg",
            source=self.name,
            id=clip.source_id,
            width=THUMBNAIL_WIDTH,
            recipe=1,
        )
        order = Order(
            address=clip.picture_address,
            name=clip.title,
            source=self.service.title,
            hosts=self.service.hosts,
            load=THUMBNAIL,
            final=final,
            publish=partial(publish_thumbnail, clip.title),
            agent=self._agent,
        )
        try:
            yield from self._bring(order, self._glance)
        except MachineFailure:
            raise
        except AIVideoError as problem:
            logger.debug("%s has no picture: %s", clip.source_id, problem.message)
            return replace(clip, thumbnail="")
        return replace(clip, thumbnail=str(final))

    def fetch(self, wanted: Wanted) -> Work[Path]:
        """Bring the file that serves the canvas best; the next best when that one is not to be had.

        Raises:
            ClipUnusable: It is gone, is too large, or is no video or picture.
            DownloadRefused: It is not where or what it should be.
            StockLimited: Its host was asked too often.
            DownloadBrokeOff: It did not come to its end.
            DiskFull: There is no room for it.
        """
        name = wanted.title or f"{self.service.title} {wanted.source_id}"
        left, failures = list(wanted.media), list[AIVideoError]()
        while len(failures) < FILES_TRIED and (file := best_file(left, wanted.size)):
            try:
                return (yield from self._bring(self._order(wanted, name, file), self._patience))
            except (ClipUnusable, DownloadRefused) as problem:
                failures.append(problem)
                left.remove(file)
        missing = f"{self.service.title} has no file of it that can be taken"
        raise failures[0] if failures else ClipUnusable(name, missing)

    def check(self) -> Health:
        """Whether there is a key, and whether it wants to be left alone just now."""
        name = f"Clips: {self.service.title}"
        if self._missing:
            missing = self._missing.message
            return Health(name, works=False, says="There is no key.", remedy=missing, tried=False)
        says = "There is a key." if self.service.setting else "It needs no key."
        if not self._api.rest.is_over:
            says += f" It was asked often and answers again at {self._api.rest.clock}."
        return Health(name, works=True, says=f"{says} It was not asked now.", tried=False)

    # ---------------------------------------------------------------- what a source says itself
    @property
    def _secret(self) -> Secret:
        """The key and how it goes out, for a source that needs one."""
        return NO_SECRET

    @abstractmethod
    def _questions(self, words: str, query: ClipQuery) -> Sequence[Question]:
        """What to ask, one question for each kind of clip; the most wanted first."""

    @abstractmethod
    def _rows(self, answer: Any) -> list[Any]:
        """What was found, in an answer."""

    @abstractmethod
    def _clip(self, row: Any, question: Question, query: ClipQuery) -> FoundClip | None:
        """One found thing as a clip; None for one that is not offered."""

    # ---------------------------------------------------------------- and what follows from it
    @property
    def _missing(self) -> StockKeyMissing | None:
        service = self.service
        if not service.setting or self._secret.value:
            return None
        return StockKeyMissing(service.title, service.setting, service.key_address)

    def _ask(self, question: Question) -> Work[list[Any]]:
        return self._api.ask(question, self._rows, self._secret)

    def _clips(
        self, rows: Sequence[Any], question: Question, query: ClipQuery
    ) -> Iterator[FoundClip]:
        known = set()
        for row in rows:
            # What the source leaves out or writes differently costs one clip, not the answer.
            with suppress(*NO_ANSWER):
                clip = self._clip(row, question, query)
                media = tuple(filter(self._keeps, clip.media)) if clip else ()
                if clip and media and clip.source_id not in known:
                    known.add(clip.source_id)
                    yield replace(clip, media=media)

    def _keeps(self, file: MediaFile) -> bool:
        """Whether a file lies where it would be brought from."""
        try:
            return bool(permitted(file.address, self.service.hosts))
        except Forbidden:
            return False

    def _bring(self, order: Order, patience: Patience) -> Work[Path]:
        return guarded.bring(self._workspace, order, network=self._network, patience=patience)

    def _order(self, wanted: Wanted, name: str, file: MediaFile) -> Order:
        label = [file.width, file.height, file.mime]
        final = self._workspace.artifact(
            "videos", suffix_of(file), source=self.name, id=wanted.source_id, file=label
        )
        return Order(
            address=file.address,
            name=name,
            source=self.service.title,
            hosts=self.service.hosts,
            load=STILL if file.mime.startswith("image/") else FILM,
            final=final,
            publish=partial(publish_media, name),
            agent=self._agent,
            size=file.size,
        )
