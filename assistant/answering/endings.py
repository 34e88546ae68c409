"""Words without the endings that a language puts on them, so that a name and a question meet. Pure.

Not a stemmer: both sides are cut the same way, and the longest name decides, so that cutting too much does little harm.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.folders import pattern_language

Rule = tuple[re.Pattern[str], str]

_LEAST = 4  # letters of a word that is cut; shorter ones are left as they are
_RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("ies$", "y"), ("(ss|x|ch|sh)es$", r"\1"), ("(?<!s)s$", "")),
    # luces → luc, luz → luc; colchones → colchon; juguete and juguetes → juguet
    "es": (("s$", ""), ("(?<=..)e$", ""), ("z$", "c")),
    "pt": (("(?:oes|ões)$", "ao"), ("ão$", "ao"), ("(?:ais|áis)$", "al"), ("(?:eis|éis)$", "el"), ("ns$", "m"),
           ("(?<=[rz])es$", ""), ("(?<!s)s$", "")),
    "fil": (("(?<=[aeiou])ng$", ""),),  # bateryang luma
    "id": (("(?:nya|kah|lah)$", ""),),  # baterainya
    "ne": (("(?:हरूलाई|हरुलाई|हरूको|हरुको|हरू|हरु|लाई|बाट|सँग|संग|को|का|की|ले|मा)$", ""),
           ("(?:haruko|harulai|haru|lai|bata)$", "")),
}  # fmt: skip
# How Nepali is typed in Latin letters differs from hand to hand: khaat, khat; phohor, fohor; chha, cha, xa.
_LOOSE: tuple[tuple[str, str], ...] = (
    ("ph", "f"), ("chh", "ch"), ("x", "ch"), ("w", "v"), ("z", "j"), ("ee", "i"), ("oo", "u"), (r"([a-z])\1", r"\1"),
    ("(?<=[^aeiou])y$", "i"),
)  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The word in lower case without its ending."""
    base = pattern_language(language)
    if len(word) >= _LEAST:
        for pattern, plain in _RULES.get(base, ()):
            cut = re.sub(pattern, plain, word)
            word = cut if len(cut) > 1 else word
    if base == "ne" and word.isascii():
        for pattern, plain in _LOOSE:
            word = re.sub(pattern, plain, word)
    return word
