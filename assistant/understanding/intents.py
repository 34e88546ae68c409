"""Messages that need no search: small talk, a wish to talk to a person, a question about one's own case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

import yaml

from assistant.language.errors import PatternsInvalid
from assistant.language.folding import unaccented, view
from assistant.language.patterns import PATTERN_LANGUAGES
from assistant.pii import without_marks
from assistant.understanding.facets import load_cues

SmallTalk = Literal["greeting", "thanks", "who_are_you", "goodbye", "yes", "no"]
SMALL_TALK: Final[tuple[SmallTalk, ...]] = ("thanks", "who_are_you", "goodbye", "greeting", "no", "yes")
"""Kinds of small talk; when a message holds several, the first of these names it."""

_MAX_CHARS = 120  # longer messages are never only small talk
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
    if len(text) > _MAX_CHARS or not any(letter.isalnum() for letter in text):
        return None
    forms = view(text)
    own = language.split("-", 1)[0]
    for code, units in sorted(_load_units().items(), key=lambda item: item[0] != own):
        folded = forms.tight.text if units.tight else forms.spaced.text
        patterns = units.accented if forms.accented or units.tight else units.bare
        if own in PATTERN_LANGUAGES and code not in (own, "ja", "en"):
            continue
        kinds = _consume(folded, patterns)
        if kinds:
            return next(kind for kind in SMALL_TALK if kind in kinds)
    return None


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
    own = language.split("-", 1)[0]
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
    """The units of small_talk.yaml per language; raises PatternsInvalid when a kind or language is missing."""
    parsed: object = yaml.safe_load((files("assistant.understanding") / "small_talk.yaml").read_text(encoding="utf-8"))
    units = parsed.get("units") if isinstance(parsed, dict) else None
    if not isinstance(units, dict) or set(units) != set(SMALL_TALK):
        raise PatternsInvalid("small_talk.yaml: units must hold exactly " + ", ".join(SMALL_TALK))
    loaded: dict[str, _Units] = {}
    for code in PATTERN_LANGUAGES:
        tight = code in ("ja", "zh")
        lists = {kind: _strings(units[kind], code, kind) for kind in SMALL_TALK}
        loaded[code] = _Units(
            tight,
            {kind: _whole(patterns, tight) for kind, patterns in lists.items()},
            {kind: _whole([unaccented(p) for p in patterns], tight) for kind, patterns in lists.items()},
        )
    return loaded


def _strings(entry: object, code: str, kind: str) -> list[str]:
    found = entry.get(code) if isinstance(entry, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(item, str) for item in found):
        raise PatternsInvalid(f"small_talk.yaml: units.{kind}.{code} must be a list of patterns")
    return found


def _whole(patterns: list[str], tight: bool) -> re.Pattern[str]:
    """One pattern of all; outside Japanese and Chinese it must end where a word ends."""
    try:
        return re.compile("(?:" + "|".join(patterns) + ")" + ("" if tight else r"(?!\w)"))
    except re.error as exc:
        raise PatternsInvalid(f"small_talk.yaml has a pattern that can't be read: {exc}") from exc
