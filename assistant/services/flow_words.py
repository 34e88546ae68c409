"""The words of every service's flow and the cues that it listens for, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from assistant.language.folding import view
from assistant.language.patterns import Rule, load_named
from assistant.services.checked_words import checked_words

WORDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("cancel", "skip", "which_change", "again", "not_offered", "full", "several", "not_identified",
                     "fee", "photo", "undo", "undo_refused", "kept", "no_number", "no_district", "which_district",
                     "other_town", "calendar"), frozenset[str]()),
    "change": frozenset({"label"}),
    "reminder": frozenset({"title"}),
    "lapsed": frozenset({"title"}),
    "cancelled": frozenset({"title"}),
    "undo_confirm": frozenset({"number"}),
    "undone": frozenset({"number"}),
}  # fmt: skip
"""Key → its placeholders."""

CUES: Final[tuple[str, ...]] = ("agree", "refuse", "cancel", "change", "skip", "question")

FlowWords = Mapping[str, Mapping[str, str]]
"""language → key → template"""


@lru_cache(maxsize=1)
def load_flow_words() -> FlowWords:
    """All words in all languages. Raises CatalogueInvalid naming what is missing or has other placeholders."""
    return checked_words("flow", WORDS)


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    return load_named("flow", CUES)


def cues_in(text: str) -> frozenset[str]:
    """What the message says to a flow, in whatever language."""
    forms = view(text.strip().rstrip("。.!！"))
    asked = view(text.strip())
    return frozenset(
        name
        for name in CUES
        if any(rule.search(asked if name == "question" else forms) is not None for rule in _rules()[name])
    )
