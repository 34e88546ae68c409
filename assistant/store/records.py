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
    flow: Payload | None = None  # state of a service after the turn; {}: it ended; None: untouched
    kept: str | None = None  # what replaces the words of the turn; None: they stay
    again: str | None = None  # an open ticket of the conversation that this hand-over joins


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One line of a thread: what the resident said, or the Message that answered."""

    text: str
    message: Payload | None  # None for a resident's turn
    staff: Payload | None = None  # a clerk's words {id, text, language} or a change of state {ticket, state}

    @property
    def role(self) -> str:
        """Who speaks: resident, assistant, clerk; `state` when the case changed hands."""
        if self.staff is not None:
            return "clerk" if "id" in self.staff else "state"
        return "assistant" if self.message else "resident"
