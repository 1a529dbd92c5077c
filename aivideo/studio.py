"""The collaborators that every step is handed, and the one place that makes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from aivideo import prompts
from aivideo.answers import Answers
from aivideo.engines.chat import ChatModel, open_chat_model
from aivideo.engines.commons import Commons
from aivideo.engines.encoders import VideoEncoder
from aivideo.engines.ffmpeg import FFmpeg
from aivideo.engines.finding import ClipFinder
from aivideo.engines.illustration import Illustrator
from aivideo.engines.library import FootageFolder
from aivideo.engines.meaning import Meaning
from aivideo.engines.openverse import Openverse
from aivideo.engines.pexels import Pexels
from aivideo.engines.pixabay import Pixabay
from aivideo.engines.speakers import open_speaker
from aivideo.engines.speech import Speaker
from aivideo.engines.youtube import YouTube
from aivideo.engines.youtube_search import YouTubeSearch
from aivideo.errors import UnknownProvider
from aivideo.settings import Settings
from aivideo.store import LOCAL_OWNER, Consent, Store, SystemPrompt
from aivideo.workspace import Workspace

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Growing:
    """An answer of the model that is being written.

    Attributes:
        project_id: Whose conversation it belongs to.
        message_id: The person's message that it answers.
        text: What was said so far.
    """

    project_id: str
    message_id: str
    text: str = ""


@dataclass(frozen=True)
class Studio:
    """Everything a step needs; made once, passed along, never reached for.

    Attributes:
        finders: The clip sources by name, in the order in which they are asked.
        meaning: How near texts are in meaning; None where only words are compared.
        growing: The answers that are being written in this process, by the message they answer.
    """

    settings: Settings
    store: Store
    workspace: Workspace
    chat_model: ChatModel
    speaker: Speaker
    finders: Mapping[str, ClipFinder]
    ffmpeg: FFmpeg
    encoder: VideoEncoder
    meaning: Meaning | None = None
    growing: dict[str, Growing] = field(default_factory=dict, compare=False, repr=False)


@contextmanager
def open_studio(
    settings: Settings,
    *,
    chat_model: ChatModel | None = None,
    speaker: Speaker | None = None,
    finders: Mapping[str, ClipFinder] | None = None,
) -> Iterator[Studio]:
    """Make the studio, and let go of everything when the block ends.

    Engines load nothing until they are first used, so this is quick. The three engines can
    be given, for tests.

    Raises:
        UnknownProvider: A setting names an engine that we do not have.
        NoWritePermission: A folder of ours cannot be written.
        DiskFull: There is no room.
    """
    workspace = Workspace(settings)
    store = Store(settings.database_path)
    opened: Mapping[str, ClipFinder] = finders or {}
    try:
        store.upgrade()
        _seed_personas(store)
        workspace.tidy()
        ffmpeg = FFmpeg(settings.ffmpeg)
        meaning = Meaning(settings, workspace)
        opened = opened or _open_finders(settings, workspace, store, meaning)
        yield Studio(
            settings=settings,
            store=store,
            workspace=workspace,
            chat_model=chat_model or open_chat_model(settings, workspace),
            speaker=speaker or open_speaker(settings, workspace),
            finders=opened,
            ffmpeg=ffmpeg,
            encoder=VideoEncoder(ffmpeg, settings.video_encoder, workspace.root),
            meaning=meaning,
        )
    finally:
        library = opened.get(FootageFolder.name)
        if isinstance(library, FootageFolder):
            library.stop()
        store.close()
        workspace.close()


def consented(store: Store, kind: str) -> bool:
    """Whether a person has confirmed what this kind of consent says."""
    with store.session() as session:
        given = select(Consent.id).where(Consent.owner_id == LOCAL_OWNER, Consent.kind == kind)
        return session.scalar(given) is not None


def _open_finders(
    settings: Settings, workspace: Workspace, store: Store, meaning: Meaning
) -> Mapping[str, ClipFinder]:
    """The sources that a setting names, in its order; those that lack a key say so when asked."""
    answers, allowed = Answers(store), partial(consented, store)
    factories: dict[str, Callable[[], ClipFinder]] = {
        FootageFolder.name: lambda: FootageFolder(settings, workspace, meaning=meaning),
        Pexels.name: lambda: Pexels(settings, workspace, answers),
        Pixabay.name: lambda: Pixabay(settings, workspace, answers),
        Commons.name: lambda: Commons(settings, workspace, answers),
        Openverse.name: lambda: Openverse(settings, workspace, answers),
        YouTube.name: lambda: YouTube(settings, workspace, answers, allowed=allowed),
        YouTubeSearch.name: lambda: YouTubeSearch(settings, workspace, answers, allowed=allowed),
        Illustrator.name: lambda: Illustrator(settings, workspace),
    }
    named = [name.strip() for name in settings.clip_source.split(",") if name.strip()]
    for name in named:
        if name not in {"auto", *factories}:
            raise UnknownProvider("clip source", name, ("auto", *factories))
    names = factories if "auto" in named or not named else dict.fromkeys(named)
    return {name: factories[name]() for name in names}


def _seed_personas(store: Store) -> None:
    """Add the preset personas that are missing; one that a person changed stays as it is."""
    with store.session() as session:
        for persona in prompts.PERSONAS:
            if session.get(SystemPrompt, persona.id) is None:
                session.add(
                    SystemPrompt(
                        id=persona.id,
                        name=persona.name,
                        prompt=persona.prompt,
                        description=persona.description,
                        is_preset=True,
                        is_default=persona.id == prompts.DEFAULT_PERSONA,
                    )
                )
