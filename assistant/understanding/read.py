"""Reads a turn: small talk, a wish for a person, a personal case, or a question with facets."""

from __future__ import annotations

from assistant.model import Understanding
from assistant.understanding.facets import facets
from assistant.understanding.intents import asks_for_person, personal_case, small_talk


def read_turn(text: str, language: str) -> Understanding:
    """What the masked text means.

    intent: "greeting" | "thanks" | "who_are_you" | "goodbye" | "yes" | "no" | "staff" | "personal" | "ask".
    """
    talk = small_talk(text, language)
    if talk is not None:
        return Understanding(language=language, question=text, intent=talk)
    if asks_for_person(text, language):
        return Understanding(language=language, question=text, intent="staff")
    if personal_case(text, language):
        return Understanding(language=language, question=text, intent="personal")
    return Understanding(language=language, question=text, intent="ask", facets=facets(text, language))
