"""What the stand-in for LINE knows: tokens, friends, what was delivered, and the trouble that is to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """How the platform fails."""

    ERROR = "error"  # 500, nothing was sent
    ERROR_AFTER = "error-after"  # 500, though the message was sent
    LIMITED = "limited"  # 429 with Retry-After
    SILENT = "silent"  # no reply, nothing was sent
    SILENT_AFTER = "silent-after"  # no reply, though the message was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a resident has received on the telephone."""

    way: str  # reply | push
    user: str
    messages: list[dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that came in."""

    way: str
    status: int  # 0: it was left without a reply
    retry_key: str
    at: float  # monotonic seconds


@dataclass(slots=True, kw_only=True)
class Token:
    """A reply token."""

    user: str
    until: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Friend:
    """A user who has added the account."""

    language: str = "ja"
    name: str = "住民"
    blocked: bool = False


@dataclass(slots=True, kw_only=True)
class Planned:
    """Trouble that is to come."""

    kind: Trouble
    way: str  # reply | push
    times: int
    seconds: float = 1.0  # Retry-After of LIMITED, length of silence


@dataclass(slots=True, kw_only=True)
class State:
    """All that the platform knows; changed under its lock only."""

    tokens: dict[str, Token] = field(default_factory=dict)
    friends: dict[str, Friend] = field(default_factory=dict)
    delivered: list[Delivered] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    retry_keys: dict[str, str] = field(default_factory=dict)  # key → id of the request that was accepted
    contents: dict[str, bytes] = field(default_factory=dict)
    planned: list[Planned] = field(default_factory=list)
