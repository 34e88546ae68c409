"""The words of every service's flow and the cues that it listens for, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

import yaml

from assistant.language.folding import view
from assistant.language.patterns import Rules, load_rules
from assistant.language.words import placeholders
from assistant.model import LANGUAGES
from assistant.services.errors import CatalogueInvalid

WORDS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("cancel", "skip", "which_change", "again", "not_offered", "full", "several", "not_identified",
                     "fee", "photo", "undo", "undo_refused", "kept"), frozenset[str]()),
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
    held = yaml.safe_load((files("assistant.services") / "flow_words.yaml").read_text(encoding="utf-8"))
    if not isinstance(held, dict) or set(held) != set(LANGUAGES):
        raise CatalogueInvalid("flow_words.yaml must hold each language once")
    for language, words in held.items():
        for key in set(WORDS) | set(words):
            if key not in words or key not in WORDS or placeholders(words[key]) != WORDS[key]:
                raise CatalogueInvalid(f"flow_words.yaml: {language}.{key} is missing, unknown or wrong")
    return held


@lru_cache(maxsize=1)
def _rules() -> Rules:
    return load_rules("assistant.services", "flow_cues.yaml", {"flow": CUES})


def cues_in(text: str) -> frozenset[str]:
    """What the message says to a flow, in whatever language."""
    forms = view(text.strip().rstrip("。.!！"))
    asked = view(text.strip())
    return frozenset(
        name
        for name in CUES
        if any(rule.search(asked if name == "question" else forms) is not None for rule in _rules()["flow"][name])
    )
