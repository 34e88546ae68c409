"""Messages that need no search: small talk, a wish to talk to a person, a question about one's own case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from assistant.language.errors import PatternsInvalid
from assistant.language.folders import pattern_language
from assistant.language.folding import unaccented, view
from assistant.language.patterns import PATTERN_LANGUAGES, folded, sections, writing
from assistant.pii import without_marks
from assistant.understanding.facets import load_cues

SmallTalk = Literal["greeting", "thanks", "who_are_you", "goodbye", "yes", "no"]
SMALL_TALK: Final[tuple[SmallTalk, ...]] = ("thanks", "who_are_you", "goodbye", "greeting", "no", "yes")
"""Kinds of small talk; when a message holds several, the first of these names it."""

_MAX_CHARS = 120  # longer messages are never only small talk
_THANKS = "👍👌🙏🙇💯❤♥🥰💕💖👏🎉🆗⭕💪🤝"
_FILLER = re.compile(
    r"[\W_]+|(?:笑|www*|w|えっと|えーと|さん|ね|ー|です|haha+|lol|hihi|kkk+|rsrs*|hehe+|and|so|e|và|then|well|also|too)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class _Units:
    """The units of one language: compiled for each kind, without accents as well."""

    tight: bool
    accented: Mapping[SmallTalk, re.Pattern[str]]
    bare: Mapping[SmallTalk, re.Pattern[str]]


def small_talk(text: str, language: str) -> SmallTalk | None:
    """Which small talk a message is, when it is nothing else; None for 'こんにちは、引っ越しました'."""
    if len(text) > _MAX_CHARS:
        return None
    if not any(letter.isalnum() for letter in text):
        return _by_signs(text)
    forms = view(text)
    own = pattern_language(language)
    for code, units in sorted(_load_units().items(), key=lambda item: item[0] != own):
        text = forms.simplified.text if code == "zh" else forms.tight.text if units.tight else forms.spaced.text
        patterns = units.accented if forms.accented or units.tight else units.bare
        if own in PATTERN_LANGUAGES and code not in (own, "ja", "en"):
            continue
        kinds = _consume(text, patterns)
        if kinds:
            return next(kind for kind in SMALL_TALK if kind in kinds)
    return None


def _by_signs(text: str) -> SmallTalk | None:
    """A thumb or folded hands alone are thanks, a waving hand is a greeting; other faces say nothing."""
    if any(sign in text for sign in _THANKS):
        return "thanks"
    return "greeting" if "👋" in text else None


def asks_for_person(text: str, language: str) -> bool:
    """True when somebody wants to talk to a person, or to be called back, rather than to this program."""
    return _has_intent("asks_for_person", text, language)


def personal_case(text: str, language: str) -> bool:
    """True when somebody asks about their own record, application, debt or appointment.

    Only staff can answer that, after making sure who asks; general questions ('how do I change a reservation?') are not
    personal cases.
    """
    return _has_intent("personal_case", text, language)


def _has_intent(name: str, text: str, language: str) -> bool:
    forms = view(without_marks(text))
    own = pattern_language(language)
    allowed = (own, "ja", "en") if own in PATTERN_LANGUAGES else PATTERN_LANGUAGES
    return any(rule.language in allowed and rule.search(forms) for rule in load_cues()["intents"][name])


def _consume(text: str, patterns: Mapping[SmallTalk, re.Pattern[str]]) -> set[SmallTalk]:
    """The kinds that a text is made of when units and fillers cover it all; else the empty set."""
    kinds: set[SmallTalk] = set()
    at = 0
    while at < len(text):
        longest: tuple[int, SmallTalk | None] = (at, None)
        for kind, pattern in patterns.items():
            match = pattern.match(text, at)
            if match and match.end() > longest[0]:
                longest = (match.end(), kind)
        if longest[1] is None:
            filler = _FILLER.match(text, at)
            if filler is None:
                return set()
            at = filler.end()
            continue
        at = longest[0]
        kinds.add(longest[1])
    return kinds


@lru_cache(maxsize=1)
def _load_units() -> Mapping[str, _Units]:
    """The units of small talk per language; raises PatternsInvalid when a kind or language is missing."""
    loaded: dict[str, _Units] = {}
    for code, held in sections("small_talk").items():
        units = held.get("units") if isinstance(held, dict) else None
        if not isinstance(units, dict) or set(units) != set(SMALL_TALK):
            raise PatternsInvalid(f"{code}: small_talk.units must hold exactly " + ", ".join(SMALL_TALK))
        kind = writing(code)
        lists = {each: _strings(units[each], f"{code}: small_talk.units.{each}") for each in SMALL_TALK}
        loaded[code] = _Units(
            kind.tight,
            {each: _whole(patterns, kind.tight) for each, patterns in lists.items()},
            {each: _whole([unaccented(p) for p in patterns], kind.tight) for each, patterns in lists.items()},
        )
    return loaded


def _strings(found: object, where: str) -> list[str]:
    if not isinstance(found, list) or not found or not all(isinstance(item, str) for item in found):
        raise PatternsInvalid(f"{where} must be a list of patterns")
    return found


def _whole(patterns: list[str], tight: bool) -> re.Pattern[str]:
    """One pattern of all; in languages with spaces it must end where a word ends."""
    try:
        return re.compile("(?:" + "|".join(map(folded, patterns)) + ")" + ("" if tight else r"(?!\w)"))
    except re.error as exc:
        raise PatternsInvalid(f"small_talk has a pattern that can't be read: {exc}") from exc
