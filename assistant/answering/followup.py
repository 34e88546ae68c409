"""Makes a follow-up such as 'いくらですか' stand alone by naming the procedure of the last answer."""

from __future__ import annotations

from assistant.model import Conversation, Understanding
from assistant.understanding.around import says_nothing, unnamed
from knowledge.search import Library


def standalone(
    understanding: Understanding, conversation: Conversation, owners: tuple[str, ...], library: Library
) -> str:
    """The question, led by the last answer's title when it only asks for a fact ('and how much?').

    A question that names something of its own stays as it is.
    """
    if conversation.topic_key is None or not asks_for_a_fact(understanding):
        return understanding.question
    about = library.passage(owners, conversation.topic_key, understanding.language)
    return f"{about.title} {understanding.question}" if about else understanding.question


def names_nothing(understanding: Understanding) -> bool:
    """True for what can't be searched for: 'いくらですか', 'how much is it?', a smile, a figure alone."""
    return says_nothing(understanding.question) or asks_for_a_fact(understanding)


def asks_for_a_fact(understanding: Understanding) -> bool:
    """True for a question for a fact that names no procedure, in any of our languages."""
    written = understanding.asked_in or understanding.language
    return bool(understanding.facets) and unnamed(understanding.question, written)
