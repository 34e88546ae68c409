"""What residents ask, as the knowledge says it: the questions of guides and FAQs with their topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from assistant.store import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One wording, in one language, of a question that a document answers."""

    text: str
    topic: str
    language: str  # BCP-47
    key: str  # the document's key; language versions share it


def asked_questions(engine: Engine, owners: Sequence[str]) -> list[Asked]:
    """Questions and titles of all documents in force that have a topic, by document and in their order.

    Laws have none, so that only guides and FAQs are read, whatever else a town holds.
    """
    payload = t.documents.c.payload
    wanted = (
        select(
            payload["key"].as_string().label("key"),
            payload["topic"].as_string().label("topic"),
            payload["language"].as_string().label("language"),
            payload["title"].as_string().label("title"),
            payload["questions"].as_json().label("questions"),
        )
        .where(
            t.documents.c.owner.in_(owners),
            t.documents.c.withdrawn_at.is_(None),
            payload["topic"].as_string() != "",
        )
        .order_by(t.documents.c.owner, t.documents.c.id)
    )
    with engine.connect() as c:
        rows = c.execute(wanted).all()
    return [
        Asked(text=text, topic=row.topic, language=row.language, key=row.key)
        for row in rows
        for text in dict.fromkeys((*(row.questions or ()), row.title))
        if text.strip()
    ]
