"""How messages reach a resident on LINE: which way, and what each attempt's end means. Pure.

LINE has two ways. A *reply* costs nothing, but its token lives about a minute and can be used once; it takes no retry
key. A *push* works at any time and takes a retry key, with which it is accepted once however often it is sent.

So: reply while the token lives. When a reply's end is not known (5xx, silence, our own crash), only the same token may
tell: a second try with it either sends, or is refused because the first one did. Such messages never go by push, or
the resident could read them twice. When the token dies meanwhile, the end is `unsure` for good.
Source: LINE Developers, "Retry failed API requests" (retry keys hold for 24 hours).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.store.line_records import Outgoing
from connectors.line_receipt import Receipt, Sent

PUSH_FOR = timedelta(hours=23)  # after the first push; an hour less than LINE knows the retry key
LONGEST_WAIT = 300.0  # seconds between two attempts


class Way(StrEnum):
    """How to send next."""

    REPLY = "reply"
    PUSH = "push"
    GIVE_UP = "give_up"  # it may have been sent, and no safe way is left to find out


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Nothing more is to be done: sent, failed or unsure."""

    outgoing: Outgoing
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """To be tried again after so many seconds."""

    outgoing: Outgoing
    wait: float


def choose(outgoing: Outgoing, now: datetime) -> Way:
    """Which way is safe now."""
    if outgoing.pushing:
        return Way.PUSH
    if outgoing.reply_token and outgoing.reply_until is not None and now < outgoing.reply_until:
        return Way.REPLY
    return Way.GIVE_UP if outgoing.doubt else Way.PUSH


def begun(outgoing: Outgoing, way: Way, now: datetime) -> Outgoing:
    """What must be written down before the attempt: should we die in it, the next one knows what may have happened."""
    if way is Way.REPLY:
        return replace(outgoing, doubt=True)
    return replace(outgoing, pushing=True, pushed_at=outgoing.pushed_at or now)


def judge(before: Outgoing, way: Way, receipt: Receipt, now: datetime, first_wait: float = 1.0) -> Ended | Again:
    """What the attempt's end means; `before` is the row as it was before `begun`."""
    after = begun(before, way, now)
    after = replace(after, tries=before.tries + 1, status=receipt.status)
    if receipt.sent in (Sent.ACCEPTED, Sent.DUPLICATE):
        return Ended(outgoing=after, state="sent")
    if receipt.sent is Sent.REFUSED:
        return Ended(outgoing=replace(after, doubt=before.doubt), state="failed")
    wait = max(min(LONGEST_WAIT, first_wait * 2.0 ** min(before.tries, 20)), receipt.retry_after)
    if way is Way.PUSH:
        over = after.pushed_at is not None and now - after.pushed_at >= PUSH_FOR
        return Ended(outgoing=after, state="failed") if over else Again(outgoing=after, wait=wait)
    if receipt.sent is Sent.TOKEN_DEAD:
        if before.doubt:  # an attempt before this one used the token
            return Ended(outgoing=after, state="sent")
        return Again(outgoing=replace(after, doubt=False, pushing=True), wait=0.0)
    if receipt.sent is Sent.UNSURE:
        return Again(outgoing=after, wait=wait)
    return Again(outgoing=replace(after, doubt=before.doubt), wait=wait)  # surely not sent by this attempt
