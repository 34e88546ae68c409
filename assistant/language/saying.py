"""Says an outcome with the values that its words need."""

from __future__ import annotations

from assistant.language.phrases import OUTCOME_PLACEHOLDERS
from assistant.language.words import Words
from assistant.model import MAX_TURN_CHARS, Why


def outcome_words(words: Words, why: Why, language: str, town: str, *, kind: str = "plain") -> str:
    """The words of an outcome that needs no more than the town's name and our limits.

    Raises WordsMisused for an outcome that needs more, such as `confirm` with its summary.
    """
    known: dict[str, str | int] = {"town": town, "limit": MAX_TURN_CHARS}
    wanted = frozenset() if kind == "goodbye" else OUTCOME_PLACEHOLDERS.get(why, frozenset())
    return words.say(why, language, kind=kind, **{name: known[name] for name in wanted if name in known})
