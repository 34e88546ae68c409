"""The port of intent engines: what a turn means beyond what rules see; and how rules and engines go together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Protocol

from assistant.language.errors import PatternsInvalid
from assistant.language.folders import has_part, part
from assistant.model import LANGUAGES, Understanding
from assistant.understanding.read import read_turn

TALK: Final[tuple[str, ...]] = (
    "greeting", "thanks", "goodbye", "who_are_you", "staff", "personal", "out_of_scope"
)  # fmt: skip
"""Labels that are no topic; the keys of `examples` in cues.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One thing that residents say, and what it is about."""

    text: str
    label: str  # one of TALK, or topic_label(…)
    language: str  # BCP-47


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What an engine stands by; one that it would not act on is no guess at all."""

    label: str  # one of TALK, or topic_label(…)
    confidence: float  # 0-1
    engine: str  # which engine said so, for the stored evidence


class IntentReader(Protocol):
    """Reads what a turn means; never raises for its engine, and answers within a second whatever happens to it."""

    @property
    def name(self) -> str:
        """Which engine reads."""

    def read(self, text: str, language: str) -> Understanding:
        """What a masked text means: intent as `read_turn` names it, or "out_of_scope"; topic when one is recognised."""


def topic_label(topic: str) -> str:
    """The label of questions about a topic of the guides; also Rasa's name for the intent, so without hyphens."""
    return "ask_" + "".join(letter if letter.isalnum() else "_" for letter in topic)


def is_topic(label: str) -> bool:
    """True for a label made by `topic_label`."""
    return label.startswith("ask_")


def rules_first(text: str, language: str, guess: Callable[[str], Guess | None], name: str) -> Understanding:
    """What rules read; where they see no more than a question, the engine's guess on top.

    A message that asks for a fee, a place or another fact stays a question whatever the engine says: turning a real
    question away is worse than searching for one that is none. Yes and no are left to rules.
    """
    reading = read_turn(text, language)
    if reading.intent != "ask" or not any(letter.isalnum() for letter in text):
        return reading
    found = guess(text)
    if found is None:
        return replace(reading, engine=name)
    if is_topic(found.label):
        return replace(reading, topic=found.label, confidence=found.confidence, engine=found.engine)
    if found.label not in TALK or reading.facets:
        return replace(reading, engine=found.engine)
    return replace(reading, intent=found.label, confidence=found.confidence, engine=found.engine)


@lru_cache(maxsize=1)
def talk_examples() -> tuple[Example, ...]:
    """The examples of all languages. Raises PatternsInvalid when a label or its texts are missing."""
    found: list[Example] = []
    for language in LANGUAGES:
        held = part(language, "cues").get("examples") if has_part(language, "cues") else {}
        if not isinstance(held, dict) or (held and set(held) != set(TALK)):
            raise PatternsInvalid(f"words/{language}/cues.yaml: examples must hold exactly " + ", ".join(TALK))
        for label, texts in held.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
                raise PatternsInvalid(f"words/{language}/cues.yaml: examples.{label} must be a list of texts")
            found.extend(Example(text=text, label=label, language=language) for text in texts)
    return tuple(found)
