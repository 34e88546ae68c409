"""Webhook bodies as LINE sends them, and their signature. Forms from LINE's "Webhook event objects"."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import time
import urllib.error
import urllib.request

Event = dict[str, object]

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, of which a ULID is made
_message_ids = itertools.count(int(time.time() * 1000) * 1000)


def sign(secret: str, body: bytes) -> str:
    """X-Line-Signature of a body: base64 of HMAC-SHA256 with the channel secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def ulid() -> str:
    """A new id, sortable by time: 48 bits of milliseconds and 80 random ones."""
    value = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    return "".join(_SIGNS[(value >> shift) & 31] for shift in range(125, -1, -5))


def event(kind: str, user: str, *, reply_token: str = "", **more: object) -> Event:
    """The properties that all events have, and those of this one."""
    whole: Event = {
        "type": kind,
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": user},
        "webhookEventId": ulid(),
        "deliveryContext": {"isRedelivery": False},
        **more,
    }
    return whole | {"replyToken": reply_token} if reply_token else whole


def text_message(text: str) -> Event:
    """Message content of an event: a text."""
    return {"id": _message_id(), "type": "text", "quoteToken": secrets.token_urlsafe(32), "text": text}


def sticker_message() -> Event:
    """Message content of an event: a sticker."""
    return {
        "id": _message_id(), "type": "sticker", "quoteToken": secrets.token_urlsafe(32), "packageId": "446",
        "stickerId": "1988", "stickerResourceType": "STATIC", "keywords": ["cony", "sally", "Staring"],
    }  # fmt: skip


def image_message() -> Event:
    """Message content of an event: a picture, which is fetched by its id."""
    return {
        "id": _message_id(), "type": "image", "quoteToken": secrets.token_urlsafe(32),
        "contentProvider": {"type": "line"},
    }  # fmt: skip


def body_of(events: list[Event], destination: str = "U00000000000000000000000000000000") -> bytes:
    """The webhook's body, as LINE writes it: UTF-8, no spaces."""
    whole = {"destination": destination, "events": events}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def post(url: str, body: bytes, signature: str, *, seconds: float = 10.0) -> int:
    """Deliver a webhook; the status, or 0 when the bot server can't be reached or is silent."""
    request = urllib.request.Request(url, data=body, method="POST")
    request.add_header("Content-Type", "application/json; charset=utf-8")
    request.add_header("X-Line-Signature", signature)
    request.add_header("User-Agent", "LineBotWebhook/2.0")
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            return int(response.status)
    except urllib.error.HTTPError as exc:
        exc.close()
        return exc.code
    except (OSError, ValueError):
        return 0


def _message_id() -> str:
    return str(next(_message_ids))
