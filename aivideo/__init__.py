"""From a conversation to a finished video, on one's own machine.

The map. A video is made in five stages, each a module: ``conversation`` (settle the topic),
``voiceover`` (the spoken scenes), ``script`` (the scenes' words), ``clips`` (a picture for
each), ``render`` (one MP4, with ``captions`` and ``export``). ``quicklook`` has the cut played
before it is rendered, ``autopilot`` walks the stages in a row. They are handed a ``studio``:
the settings, the ``store`` of rows, the ``workspace`` of files and the ``engines`` that reach
outside this process. ``jobs`` runs long work that survives a crash; ``api`` and ``ui`` are two
doors to the same functions.
"""

__version__ = "0.1.0"
