"""What goes into and comes out of the conversation store, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.model import Choice, Turn

Payload = dict[str, object]
"""A Message as CONTRACT.md gives it, or evidence: plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A case for staff that is opened together with its message."""

    id: str
    why: str
    reason: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What is stored when a decision was taken; all of it in one transaction."""

    turn: Turn
    decision: str
    why: str
    language: str
    confidence: float | None
    payload: Payload
    evidence: Payload
    at: datetime
    topic_key: str | None
    pending: tuple[Choice, ...]
    ticket: NewTicket | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One line of a thread: what the resident said, or the Message that answered."""

    text: str
    message: Payload | None  # None for a resident's turn
