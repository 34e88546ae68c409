"""The words of every service's flow and the cues that it listens for, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from assistant.language.folders import in_all
from assistant.language.folding import view
from assistant.language.patterns import Rule, load_named
from assistant.language.words import placeholders
from assistant.services.errors import CatalogueInvalid

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
    return {language: _checked(language, words) for language, words in in_all("flow").items()}


def _checked(language: str, words: Mapping[str, object]) -> dict[str, str]:
    for key in set(WORDS) | set(words):
        if key not in words or key not in WORDS or placeholders(str(words[key])) != WORDS[key]:
            raise CatalogueInvalid(f"words/{language}/flow.yaml: {key} is missing, unknown or wrong")
    return {key: str(text) for key, text in words.items()}


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
