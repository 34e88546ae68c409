"""LINE's Messaging API: signatures, webhook events, sending; the only home of line-bot-sdk.

Source: LINE Developers, "Messaging API reference" and "Retry failed API requests" (2026).
Importing this takes over a second: import it where LINE is set up, not at the top of what always runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import urllib3
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    ApiClient,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
    PushMessageRequest,
    ReplyMessageRequest,
)
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]
from linebot.v3.webhook import SignatureValidator  # type: ignore[import-untyped]
from linebot.v3.webhooks import (  # type: ignore[import-untyped]
    Event,
    FollowEvent,
    MessageEvent,
    PostbackEvent,
    TextMessageContent,
    UnfollowEvent,
    UnsendEvent,
    UserSource,
)
from pydantic.v1 import ValidationError  # the SDK's models are of pydantic 1

from connectors.line_messages import Json
from connectors.line_receipt import Receipt, Sent

CONNECT_SECONDS, READ_SECONDS = 3.0, 8.0
Call = Callable[[], object]
_UNREACHED = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
_LINE = "https://api.line.me"
_LONGEST_WAIT = 3600.0  # seconds; whatever the platform asks, a message must not be put off past its retry key
_ID_LENGTH = 64  # LINE's own ids have 26 to 33 characters
_TOKEN_LENGTH = 300  # reply tokens have 32 today


class ContentUnavailable(OSError):
    """LINE did not hand out what the message holds. It is tried again with the event."""


class LineKind(StrEnum):
    """What happened on LINE."""

    TEXT = "text"
    IMAGE = "image"
    STICKER = "sticker"
    MEDIA = "media"  # video, audio, file, location: something that is sent but can't be read
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    UNSEND = "unsend"
    OTHER = "other"  # a type that did not exist when this was written, or one that does not concern a resident


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvent:
    """One webhook event, as far as it concerns us."""

    id: str  # webhookEventId; when LINE gives none, a digest of the event
    kind: LineKind
    user: str = ""  # LINE's user id; "" when the event is of a group, or has none
    text: str = ""
    message: str = ""  # id of the message that came, or that was taken back
    reply_token: str = ""
    active: bool = True  # False: another module of the channel answers (mode "standby")
    redelivered: bool = False


def genuine(secret: str, body: bytes, signature: str) -> bool:
    """Whether LINE signed these very bytes: base64(HMAC-SHA256(channel secret, body)), compared in constant time."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False  # LINE sends UTF-8 only
    return bool(SignatureValidator(secret).validate(text, signature))


def read_event(raw: Mapping[str, object]) -> LineEvent:
    """The event; what the SDK does not know, or refuses, is OTHER with the ids that could be read. Never raises."""
    source, message = raw.get("source"), raw.get("message")
    bare = LineEvent(
        id=_identity(raw),
        kind=LineKind.OTHER,
        user=_id(source.get("userId")) if isinstance(source, dict) and source.get("type") == "user" else "",
        reply_token=_id(raw.get("replyToken"), _TOKEN_LENGTH),
        message=_id(message.get("id")) if isinstance(message, dict) else "",
        active=raw.get("mode") != "standby",
    )
    try:
        event = Event.from_dict(dict(raw))
    except Exception:  # the SDK's errors are many, and hold the resident's words: none is passed on
        new_medium = isinstance(message, dict) and raw.get("type") == "message"
        return replace(bare, kind=LineKind.MEDIA) if new_medium else bare
    bare = replace(bare, redelivered=bool(event.delivery_context.is_redelivery))
    if not isinstance(event.source, UserSource):
        return bare
    kind, text = _kind(event)
    taken_back = _id(event.unsend.message_id) if isinstance(event, UnsendEvent) else bare.message
    return replace(bare, kind=kind, text=text, message=taken_back)


def _kind(event: Event) -> tuple[LineKind, str]:
    match event:
        case MessageEvent():
            if isinstance(event.message, TextMessageContent):
                return LineKind.TEXT, _clean(event.message.text)
            kinds = {"sticker": LineKind.STICKER, "image": LineKind.IMAGE}
            return kinds.get(str(event.message.type), LineKind.MEDIA), ""
        case PostbackEvent():
            return LineKind.TEXT, _clean(event.postback.data)
        case FollowEvent():
            return LineKind.FOLLOW, ""
        case UnfollowEvent():
            return LineKind.UNFOLLOW, ""
        case UnsendEvent():
            return LineKind.UNSEND, ""
        case _:
            return LineKind.OTHER, ""


class LineClient:
    """Sends to one channel; every call ends within about eleven seconds, and none is repeated by itself."""

    def __init__(self, *, access_token: str, address: str, seconds: float = READ_SECONDS) -> None:
        """`seconds` is how long the platform may be silent before the end is taken as unsure."""
        configuration = Configuration(access_token=access_token)
        configuration.retries = urllib3.Retry(0, redirect=0, raise_on_status=False)  # whoever sends decides on retries
        self._api = MessagingApi(ApiClient(configuration))
        self._api.line_base_path = address.rstrip("/")
        self._content = MessagingApiBlob(ApiClient(_for_content(access_token, address)))
        self._timeout = (CONNECT_SECONDS, seconds)

    def reply(self, token: str, messages: Sequence[Json]) -> Receipt:
        """Answer an event with its one-use token; LINE takes no retry key here."""

        def call() -> object:
            request = ReplyMessageRequest.from_dict({"replyToken": token, "messages": list(messages)})
            return self._api.reply_message(request, _request_timeout=self._timeout)

        return _sent(call)

    def push(self, to: str, messages: Sequence[Json], retry_key: str) -> Receipt:
        """Send at any time; the same retry key (a UUID) is accepted once within 24 hours."""

        def call() -> object:
            request = PushMessageRequest.from_dict({"to": to, "messages": list(messages)})
            return self._api.push_message(request, x_line_retry_key=retry_key, _request_timeout=self._timeout)

        return _sent(call)

    def picture(self, message: str) -> bytes:
        """What a picture message holds; LINE takes none over 10 MB. Raises ContentUnavailable."""
        try:
            return bytes(self._content.get_message_content(message, _request_timeout=self._timeout))
        except (ApiException, urllib3.exceptions.HTTPError, ValueError, TypeError) as exc:
            raise ContentUnavailable from exc

    def language_of(self, user: str) -> str:
        """The language of the user's LINE (BCP-47), or "" when LINE does not say."""
        try:
            profile = self._api.get_profile(user, _request_timeout=self._timeout)
        except (ApiException, urllib3.exceptions.HTTPError, ValueError):
            return ""  # only a comfort: the greeting is then in Japanese
        return str(profile.language or "")


def _for_content(access_token: str, address: str) -> Configuration:
    """LINE serves what messages hold at another host; a stand-in serves all at one."""
    elsewhere = None if address.rstrip("/") == _LINE else address.rstrip("/")
    configuration = Configuration(access_token=access_token, host=elsewhere)
    configuration.retries = urllib3.Retry(0, redirect=0, raise_on_status=False)
    return configuration


def _sent(call: Call) -> Receipt:
    try:
        call()
    except ApiException as exc:
        return _refusal(exc)
    except _UNREACHED:
        return Receipt(sent=Sent.UNREACHED)
    except urllib3.exceptions.MaxRetryError as exc:
        return Receipt(sent=Sent.UNREACHED if isinstance(exc.reason, _UNREACHED) else Sent.UNSURE)
    except ValidationError:
        return Receipt(sent=Sent.REFUSED)  # the SDK knows that LINE would not take it
    except (urllib3.exceptions.HTTPError, ValueError):
        return Receipt(sent=Sent.UNSURE)  # torn off, silent, or a 200 whose body is no JSON
    return Receipt(sent=Sent.ACCEPTED, status=200)


def _refusal(exc: ApiException) -> Receipt:
    status = int(exc.status or 0)
    if status == 409:
        return Receipt(sent=Sent.DUPLICATE, status=status)
    if status in (401, 403, 429):
        waiting = str((exc.headers or {}).get("Retry-After", ""))
        seconds = min(float(waiting), _LONGEST_WAIT) if waiting.isdigit() else 0.0
        return Receipt(sent=Sent.LIMITED, status=status, retry_after=seconds)
    if status == 400 and b"reply token" in _bytes(exc.body).lower():
        return Receipt(sent=Sent.TOKEN_DEAD, status=status)
    if 400 <= status < 500:
        return Receipt(sent=Sent.REFUSED, status=status)
    return Receipt(sent=Sent.UNSURE, status=status)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()


def _identity(raw: Mapping[str, object]) -> str:
    given = _id(raw.get("webhookEventId"))
    return given or hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:_ID_LENGTH]


def _id(value: object, longest: int = _ID_LENGTH) -> str:
    sound = isinstance(value, str) and len(value) <= longest and value.isascii() and value.isprintable()
    return str(value) if sound else ""


def _clean(text: str) -> str:
    # A lone half of a surrogate pair can't be stored; NUL is refused by PostgreSQL and means nothing in a message.
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
