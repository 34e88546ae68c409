"""What the desk reads of a case, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.desk.ticket import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """How and when a resident wants to be called back; personal data: shown to staff, never logged."""

    ticket: str
    town: str
    name: str
    phone: str
    email: str
    wanted: str  # when, in the resident's words
    at: datetime
    done_at: datetime | None = None
    done_by: str | None = None

    def __post_init__(self) -> None:
        if not (self.phone or self.email):
            raise ValueError("a call-back needs a telephone number or a mail address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a clerk wrote for colleagues; the resident never sees it."""

    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A case for staff."""

    id: str
    town: str
    conversation: str
    message: str  # the message that handed over
    state: State
    why: str
    reason: str  # label for staff
    summary: str  # the question, personal data masked
    language: str
    opened_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    closed_at: datetime | None
    callback: Callback | None = None
