"""What goes into and comes out of the LINE store, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LineMessage = dict[str, object]
"""One LINE message object: plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One event that came in."""

    id: str  # webhookEventId
    resident: str  # keyed hash
    user_id: str  # LINE's own; "" when the event has none
    message: str  # LINE's id of the message that came or was taken back; or ""
    kind: str
    payload: dict[str, object]  # the event as it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event that this worker has taken out of the inbox."""

    seq: int
    town: str
    resident: str
    payload: dict[str, object]
    received_at: datetime
    tries: int  # before this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is held of a resident on LINE."""

    user_id: str  # "" once the resident has blocked the account
    conversation: str  # "" before the first word
    language: str  # "" when LINE does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Messages on their way to one resident; `source` makes them unique."""

    town: str
    resident: str
    source: str
    messages: tuple[LineMessage, ...]
    reply_token: str = ""
    reply_until: datetime | None = None
    # How far sending has come:
    seq: int = 0
    retry_key: str = ""
    pushing: bool = False
    doubt: bool = False
    pushed_at: datetime | None = None
    status: int = 0
    tries: int = 0
