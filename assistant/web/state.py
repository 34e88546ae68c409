"""What every door needs from the application: the system, the limits, the caller's address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from assistant.bootstrap import System
from assistant.web.rate import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The rate limits in force."""

    messages: RateLimit
    conversations: RateLimit
    logins: RateLimit


def system(request: Request) -> System:
    """The system that this application serves."""
    return cast("System", request.app.state.system)


def limits(request: Request) -> Limits:
    """The application's rate limits."""
    return cast("Limits", request.app.state.limits)


def address(request: Request) -> str:
    """The caller's address, as the server (or the proxy that it trusts) gives it."""
    return request.client.host if request.client else "unknown"
