"""Makes a follow-up such as 'いくらですか' stand alone by naming the procedure of the last answer."""

from __future__ import annotations

from assistant.model import Conversation, Understanding
from knowledge.search import Library
from knowledge.tokens import tokens

# What a question for a fact may hold without naming a procedure: the words for the facts themselves.
_FACTS = frozenset(
    (
        "いくら 料金 手数料 値段 費用 何 何処 何時 いつ 期限 持ち物 持ち 必要 窓口 時間 場所 電話 番号 "
        "締め切り 円 どれ くらい 幾ら お金 掛かり 物 要り how much cost fee price deadline bring "
        "documents hours open phone number long"
    ).split()
)
_FEW = 2  # content words up to which a question with a facet can't name its own procedure


def standalone(
    understanding: Understanding, conversation: Conversation, owners: tuple[str, ...], library: Library
) -> str:
    """The question, led by the last answer's title when it only asks for a fact ('and how much?').

    A question that names something of its own stays as it is.
    """
    if conversation.topic_key is None or not understanding.facets:
        return understanding.question
    words = set(tokens(understanding.question, understanding.language))
    if len(words - _FACTS) > 0 and len(words) > _FEW:
        return understanding.question
    about = library.passage(owners, conversation.topic_key, understanding.language)
    return f"{about.title} {understanding.question}" if about else understanding.question


def names_nothing(understanding: Understanding) -> bool:
    """True for a question that asks for a fact and names no procedure: 'いくらですか', 'how much is it?'."""
    if not understanding.facets:
        return False
    return set(tokens(understanding.question, understanding.language)) <= _FACTS
