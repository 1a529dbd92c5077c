"""How an illustrated scene comes about, from words to pixels.

``vocabulary`` reads a text (which icons, which number, which place), ``storyboard`` makes
recipes of it, ``picture`` draws a recipe. A recipe says what is seen; ``layouts``, ``cards``,
``globe`` and ``abstract`` say where it stands and how it moves, with what ``stage`` hands
them: ``sprites`` (skia), ``lettering`` (skia), the pure ``motion`` and ``palettes``, and the
``backdrop`` behind it all (numpy). Everything that imports skia is itself imported only when
the first picture is drawn.
"""
