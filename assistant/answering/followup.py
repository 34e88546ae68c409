"""Makes a follow-up such as 'いくらですか' stand alone by naming the procedure of the last answer."""

from __future__ import annotations

from assistant.model import Conversation, Understanding
from knowledge.search import Library
from knowledge.tokens import tokens

_FEW = 2  # content words up to which a question with a facet can't name its own procedure


def standalone(
    understanding: Understanding, conversation: Conversation, owners: tuple[str, ...], library: Library
) -> str:
    """The question, led by the last answer's title when it only asks for a fact ('and how much?').

    A question that names something of its own stays as it is.
    """
    if conversation.topic_key is None or not understanding.facets:
        return understanding.question
    if len(set(tokens(understanding.question, understanding.language))) > _FEW:
        return understanding.question
    about = library.passage(owners, conversation.topic_key, understanding.language)
    return f"{about.title} {understanding.question}" if about else understanding.question
