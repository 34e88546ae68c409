"""Cue words that say which table a question is for, and the words beside them that name nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from assistant.language.folders import has_part, part, pattern_language
from assistant.language.formats import formats
from assistant.model import LANGUAGES
from knowledge.chinese import simplified
from knowledge.tokens import fold

_APART = re.compile(r"\s+")


def compared(text: str, language: str) -> str:
    """As texts of a language are compared with cues: folded, Chinese simplified, unspaced languages without spaces."""
    base = pattern_language(language)
    if base == "ja":
        return unicodedata.normalize("NFKC", text).lower()
    folded = fold(simplified(unicodedata.normalize("NFKC", text)) if base == "zh" else text)
    return folded if formats(language).spaced else _APART.sub("", folded)


def has_cue(cue: str, question: str, language: str) -> bool:
    """True when a word of that cue stands in the question. Raises KeyError for an unknown cue."""
    text, words = compared(question, language), _cues()[cue]
    if any(word in text for word in words.get(pattern_language(language), ())):
        return True
    # Chinese shares its characters with Japanese, and other words with them.
    return pattern_language(language) not in ("ja", "zh") and any(word in question for word in words["ja"])


@lru_cache(maxsize=20_000)
def is_cue(word: str, language: str) -> bool:
    """True when this (folded) word belongs to the cues of any table, as 'jogo' to 'jog', or only asks."""
    base = pattern_language(language)
    if word in _asking().get(base, ()):
        return True
    return any(cue in word or word in cue.split() for words in _cues().values() for cue in words.get(base, ()))


@cache
def cue_words(language: str) -> re.Pattern[str]:
    """Any cue of a table or asking word of the language, the longest first; of `compared` texts."""
    base = pattern_language(language)
    words = {word for words in _cues().values() for word in words.get(base, ())} | set(_asking().get(base, ()))
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)")


@cache
def asking_words(language: str) -> frozenset[str]:
    """The words of the language that ask, bind or describe, as `compared`."""
    return frozenset(_asking().get(pattern_language(language), ()))


@cache
def _cues() -> dict[str, dict[str, tuple[str, ...]]]:
    """cue → language of patterns → words, of `tables` in every cues.yaml; both Chinas' words are one."""
    found: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        held = part(language, "cues")["tables"] if has_part(language, "cues") else {}
        assert isinstance(held, dict)
        for cue, words in held.items():
            own = found.setdefault(cue, {}).setdefault(pattern_language(language), [])
            own.extend(compared(str(word), language) for word in words)
    return {cue: {base: tuple(dict.fromkeys(words)) for base, words in held.items()} for cue, held in found.items()}


@cache
def _asking() -> dict[str, tuple[str, ...]]:
    file = files("assistant.answering") / "asking_words.yaml"
    held: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {base: tuple(str(word) for word in words) for base, words in held.items()}
