"""What became of an attempt to send on LINE; light, so that rules about it need not load the SDK."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sent(StrEnum):
    """What became of one attempt to send."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # 409: a push with this retry key was accepted before
    TOKEN_DEAD = "token_dead"  # 400: the reply token was used, or its time is over
    LIMITED = "limited"  # 429, 401, 403: nothing was sent; later it may be
    UNREACHED = "unreached"  # no connection: nothing was sent
    UNSURE = "unsure"  # 5xx, or silence after the request had gone out: it may or may not have been sent
    REFUSED = "refused"  # another 4xx: it will never be accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The end of one attempt; `status` 0 when there was no reply."""

    sent: Sent
    status: int = 0
    retry_after: float = 0.0  # seconds that the platform asks to wait
