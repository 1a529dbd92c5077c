"""What is better done before clips are looked for: footage looked through, meanings understood."""

from __future__ import annotations

import logging

from aivideo.engines.library import FootageFolder
from aivideo.errors import AIVideoError, MachineFailure
from aivideo.progress import Progress, Work, within
from aivideo.studio import Studio

logger = logging.getLogger(__name__)


def get_ready(studio: Studio) -> Work[None]:
    """Look through what is new of the person's footage, and learn what it means.

    Raises:
        DiskFull: There is no room for what would be brought.
        NoWritePermission: It cannot be written.
    """
    library = studio.finders.get(FootageFolder.name)
    if isinstance(library, FootageFolder):
        yield from within(library.index(pictures=False), 0.0, 0.4)
    knew = studio.meaning is not None and studio.meaning.ready
    yield from within(understand(studio), 0.4, 0.8)
    if isinstance(library, FootageFolder) and not knew:
        yield from within(library.index(pictures=False), 0.8, 1.0)


def understand(studio: Studio) -> Work[None]:
    """Bring the model for meanings where clips are to be told apart by it.

    Whatever fails, clips are found by their words.

    Raises:
        DiskFull: There is no room for it.
        NoWritePermission: It cannot be written.
    """
    if studio.meaning is not None and _has_footage(studio):
        try:
            yield from studio.meaning.prepare()
        except MachineFailure:
            raise
        except AIVideoError as failure:
            logger.info("Clips are judged by their words alone: %s", failure.code)
    yield Progress(1.0)


def watch_footage(studio: Studio) -> None:
    """Keep the index of the person's footage at what lies in the folders, from now on."""
    library = studio.finders.get(FootageFolder.name)
    if isinstance(library, FootageFolder):
        library.start_watching()


def _has_footage(studio: Studio) -> bool:
    """Whether any source may have clips that have to be told apart."""
    for finder in studio.finders.values():
        if isinstance(finder, FootageFolder):
            if finder.state.files:
                return True
        elif finder.about.online and not finder.about.needs:
            return True
    return False
