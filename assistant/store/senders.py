"""Conversations of doors that name only a sender: the same sender in the same town goes on where it was."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.errors import UnknownConversation
from assistant.model import Channel, Choice, Conversation
from assistant.store import tables as t


def sender_conversation(
    engine: Engine, door: str, town: str, sender: str, channel: Channel, now: datetime
) -> Conversation:
    """The sender's conversation, opened when there is none yet; it survives restarts and is shared by all workers.

    Its id is a digest: the sender's own name is stored nowhere. Nobody gets its token, so that no other door opens it.
    """
    id_ = f"{door}-{hashlib.sha256(chr(0).join((door, town, sender)).encode()).hexdigest()[:40]}"
    known = _conversation(engine, id_)
    if known is not None:
        return known
    values: dict[str, object] = {
        "id": id_, "town": town, "token_hash": hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        "channel": channel.value, "language": None, "topic_key": None, "pending": [], "created_at": now,
        "last_at": now,
    }  # fmt: skip
    try:
        with engine.begin() as c:
            c.execute(insert(t.conversations), values)
    except IntegrityError:
        pass  # another worker opened it at the same moment
    opened = _conversation(engine, id_)
    if opened is None:
        raise UnknownConversation
    return opened


def _conversation(engine: Engine, id_: str) -> Conversation | None:
    with engine.connect() as c:
        row = c.execute(select(t.conversations).where(t.conversations.c.id == id_)).first()
    if row is None:
        return None
    pending = tuple(Choice(label=p["label"], text=p["text"]) for p in row.pending)
    return Conversation(id=row.id, town=row.town, language=row.language, topic_key=row.topic_key, pending=pending)
