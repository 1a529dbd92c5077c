"""A light guess at the language of a text, from its script and its smallest words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

LANGUAGES: Final = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "tr": "Turkish",
    "zh": "Mandarin Chinese",
}
"""What people call the languages that can be told."""

_OF_SCRIPT: Final = {
    "ARABIC": "ar",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
}
_SMALL_WORDS: Final = {
    "de": "aber auch auf aus bei das dem den der des die ein eine einer eines er es für hat ich "
    "im ist mit nach nicht nur oder sich sie sind und uns von war was wie wird wir zu zum zur",
    "en": "a about all an and are as at be but by can do for from had has have he how if in into "
    "is it its more no not of on or our she so than that the their them then there these they "
    "this to up was we were what when which who will with you your",
    "es": "al como con cuando de del el ella en entre es esta este están fue hay la las lo los "
    "más muy no nos para pero por porque que qué se ser sin sobre son su sus también un una y ya",
    "fr": "au aussi avec aux ce cette ces chez comme dans de des du elle elles en est et être il "
    "ils je la le les leur mais même ne nous ont on ou où par pas plus pour qui que sa sans se "
    "ses son sont sur tout très un une vous",
    "it": "al alla anche che chi ci come con da dal dalla dei del della delle di e ed è gli ha "
    "hanno i il in la le lo ma ne nel nella non o per perché più quando quella questo se si sono "
    "su sul sulla tra un una uno",
    "nl": "aan als bij dan dat de deze die dit door een en er het hij hoe ik in is je kan maar "
    "met naar niet nog of om ook op over te tot uit van voor was wat we wij worden zijn zo",
    "pl": "ale bardzo by być co czy dla do gdy i ich jak jako jest jego już która które lub ma na "
    "nie od po pod przez się są tak to tylko w we z za że",
    "pt": "ao aos as até com como da das de do dos e ela ele elas eles em entre essa esse está "
    "foi há isso já mais mas mesmo na nas não no nos o os ou para pela pelo por quando que quem "
    "se sem ser seu sua são também tem um uma você",
    "tr": "ama bir bu çok da daha de değil en gibi her için ile ise kadar ki mi mu ne o olan "
    "olarak sonra şey ve veya ya",
}
_WEIGHTS: Final = Counter(word for words in _SMALL_WORDS.values() for word in words.split())
_FEWEST_LETTERS: Final = 0.1
"""Kana among the letters of a text from which it is Japanese; other texts quote a word of it."""
_ENOUGH: Final = 2.0
"""Small words of one language alone that a guess needs."""
_AHEAD: Final = 1.5
"""How much better than the next language a guess must be."""


def script_of(text: str) -> str:
    """The script of most letters, by the first word of its Unicode names; LATIN without any."""
    scripts = _scripts(text)
    return scripts.most_common(1)[0][0] if scripts else "LATIN"


def language_of(text: str) -> str | None:
    """The language of a text, by its ISO 639 code; None where a light guess is no use."""
    scripts = _scripts(text)
    script = script_of(text)
    if script == "CJK":
        kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
        return "ja" if kana > _FEWEST_LETTERS * scripts.total() else "zh"
    return _OF_SCRIPT.get(script) if script != "LATIN" else _by_small_words(text)


def _scripts(text: str) -> Counter[str]:
    return Counter(unicodedata.name(c, "LATIN").split()[0] for c in text if c.isalpha())


def _by_small_words(text: str) -> str | None:
    """The language most of whose small words stand in a text; shared ones count less."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    scores = sorted(
        (sum(1 / _WEIGHTS[word] for word in words if word in small.split()), language)
        for language, small in _SMALL_WORDS.items()
    )
    (second, _), (best, language) = scores[-2:]
    return language if best >= _ENOUGH and best >= _AHEAD * second else None
