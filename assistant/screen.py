"""What must be noticed before a message is understood: emergencies, crises, abuse, injected instructions, hidden text.

Nothing here decides by a model: the patterns stand in language/words/*/cues.yaml, each with the surroundings in which
it does not count, and are measured against the towns' ordinary questions.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.language.folding import has_hidden_message, strip_hidden, view
from assistant.language.patterns import Rule, Rules, load_rules
from assistant.model import MAX_TURN_CHARS, Why
from assistant.pii import Masked, mask

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "emergency": ("sea", "medical", "fire", "crime", "disaster", "plain"),
    "crisis": ("suicide", "dv", "child_abuse"),
    "abuse": ("threat", "plain"),
    "injection": ("override", "extract", "persona", "markup"),
}
"""Kinds of each verdict, in the order in which they are tried."""

_ORDER = (Why.CRISIS, Why.EMERGENCY, Why.INJECTION, Why.ABUSE)
_BLOB = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}(?![A-Za-z0-9+/=])")
_STOPS = "．・！？"
_SAYS_SOMETHING = re.compile(r"\w", re.UNICODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """One message after screening."""

    text: str  # NFC, without hidden characters, trimmed: what is shown and from which the language is detected
    masked: str  # the same with personal data as marks: the only form that is stored, searched or logged
    personal: tuple[str, ...]  # kinds of personal data that were masked
    verdict: Why | None  # None: go on to understand it
    kind: str  # which one of the verdict's kinds, "plain" when there are none
    spans: tuple[tuple[int, int], ...]  # where in `text` the verdict was read (end exclusive)


@lru_cache(maxsize=1)
def load_screening() -> Rules:
    """The patterns of `screening`, read once; raises PatternsInvalid naming the file and key."""
    return load_rules("screening", GROUPS)


def screened(text: str, language_hint: str | None, phones: Collection[str]) -> Screened:
    """The message screened by the patterns of `screening`; `phones` are the town's own numbers."""
    return screen(text, language_hint=language_hint, cues=load_screening(), allow=phones)


def screen(text: str, *, language_hint: str | None, cues: Rules, allow: Collection[str] = ()) -> Screened:
    """Screen one message. `cues` come from `load_screening`; `allow` are the town's own telephone numbers.

    Verdicts in order: EMPTY, TOO_LONG (over MAX_TURN_CHARS), CRISIS, EMERGENCY, INJECTION, ABUSE. All languages are
    tried, that of the hint first, since a resident in need may write in any.
    """
    clean = _cleaned(text)
    verdict, kind, spans = _verdict(text, clean, language_hint, cues)
    masked = mask(clean, allow=allow) if verdict is not Why.TOO_LONG else Masked(text="", kinds=())
    return Screened(
        text=clean, masked=masked.text, personal=masked.kinds, verdict=verdict, kind=kind, spans=spans
    )  # fmt: skip


def _verdict(
    text: str, clean: str, language_hint: str | None, cues: Rules
) -> tuple[Why | None, str, tuple[tuple[int, int], ...]]:
    if not clean or not (_SAYS_SOMETHING.search(clean) or _is_meaningful_sign(clean)):
        return Why.EMPTY, "plain", ()
    if len(clean) > MAX_TURN_CHARS:
        return Why.TOO_LONG, "plain", ()
    forms = view(clean)
    for why in _ORDER:
        for rule in _rules(cues, why, language_hint):
            span = rule.search(forms)
            if span is not None:
                return why, rule.name, (span,)
        if why is Why.INJECTION:
            blob = _encoded_message(clean)
            if blob is not None:
                return why, "encoded", (blob,)
            if has_hidden_message(text):
                return why, "hidden", ()
    return None, "plain", ()


def _cleaned(text: str) -> str:
    """Without hidden characters and outer space; trimming can leave a joiner without its neighbour, so again."""
    previous = None
    while text != previous:
        previous, text = text, strip_hidden(text).strip()
    return text


def _rules(cues: Rules, why: Why, language_hint: str | None) -> Iterator[Rule]:
    """The rules of a verdict in the order of its kinds, each kind with the hint's language first."""
    own = (language_hint or "ja").split("-", 1)[0]
    for name in GROUPS[why.value]:
        yield from sorted(cues[why.value][name], key=lambda rule: rule.language != own)


def _is_meaningful_sign(clean: str) -> bool:
    """True for emoji and the like: thanks or a thumb is something said, dots and dashes are not."""
    return any(letter > "\u2190" and not "\u3000" <= letter <= "\u303f" and letter not in _STOPS for letter in clean)


def _encoded_message(clean: str) -> tuple[int, int] | None:
    """Where a base64 blob stands that holds readable words; None when there is none."""
    for match in _BLOB.finditer(clean):
        raw = match[0].rstrip("=")
        try:
            plain = base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if " " in plain and plain.isprintable():
            return match.span()
    return None
