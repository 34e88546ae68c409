"""A stand-in for the LINE platform on a real socket, written from the published Messaging API.

It sends signed webhooks (`say`, `follow`, `show_sticker`, …), issues reply tokens that can be used once and live a
minute, checks every message against LINE's limits, knows retry keys, and fails on demand. Paths: POST
/v2/bot/message/reply and /push, GET /v2/bot/profile/{userId}, GET /v2/bot/message/{id}/content.
"""

from __future__ import annotations

import secrets
import threading
import time

from connectors.sandbox.line_requests import Requests
from connectors.sandbox.line_state import Call, Delivered, Friend, Planned, State, Token, Trouble
from connectors.sandbox.line_webhooks import (
    Event,
    body_of,
    event,
    image_message,
    post,
    sign,
    sticker_message,
    text_message,
)
from connectors.sandbox.loopback import Loopback

TOKEN_SECONDS = 60.0


class LinePlatform(Loopback):
    """The platform as a server in a thread; use it as a context manager."""

    def __init__(self, *, secret: str, access_token: str, webhook: str = "", port: int = 0,
                 token_seconds: float = TOKEN_SECONDS) -> None:  # fmt: skip
        """`webhook` is the bot server's address; `port` 0 takes a free one."""
        self.secret, self.access_token, self.webhook, self.token_seconds = secret, access_token, webhook, token_seconds
        self.state, self.lock = State(), threading.Lock()
        self._arrived = threading.Condition(self.lock)
        super().__init__(Requests, name="line", port=port)

    def say(self, user: str, text: str) -> Event:
        """A resident writes; returns the event that was sent."""
        return self._send(self._message(user, text_message(text)))

    def show_sticker(self, user: str) -> Event:
        """A resident sends a sticker."""
        return self._send(self._message(user, sticker_message()))

    def show_image(self, user: str, data: bytes = b"\xff\xd8\xff\xe0") -> Event:
        """A resident sends a picture."""
        content = image_message()
        with self.lock:
            self.state.contents[str(content["id"])] = data
        return self._send(self._message(user, content))

    def follow(self, user: str, language: str = "ja") -> Event:
        """A resident adds the account as a friend."""
        with self.lock:
            self.state.friends[user] = Friend(language=language)
        more: Event = {"follow": {"isUnblocked": False}}
        return self._send(event("follow", user, reply_token=self.token(user), **more))

    def block(self, user: str) -> Event:
        """A resident blocks the account."""
        with self.lock:
            self.state.friends[user] = Friend(blocked=True)
        return self._send(event("unfollow", user))

    def unsend(self, user: str, of: Event) -> Event:
        """A resident takes a message back."""
        message = of["message"]
        assert isinstance(message, dict)
        return self._send(event("unsend", user, unsend={"messageId": message["id"]}))

    def send(self, events: list[Event], *, redelivery: bool = False) -> int:
        """Deliver these events in one webhook; returns the bot server's status, 0 for none."""
        if redelivery:
            events = [{**e, "deliveryContext": {"isRedelivery": True}} for e in events]
        body = body_of(events)
        return post(self.webhook, body, sign(self.secret, body))

    def token(self, user: str) -> str:
        """A new reply token."""
        token = secrets.token_hex(16)
        with self.lock:
            self.state.friends.setdefault(user, Friend())
            self.state.tokens[token] = Token(user=user, until=time.monotonic() + self.token_seconds)
        return token

    def fail(self, kind: Trouble, way: str, times: int = 1, seconds: float = 1.0) -> None:
        """The next requests of that way fail."""
        with self.lock:
            self.state.planned.append(Planned(kind=kind, way=way, times=times, seconds=seconds))

    def received(self, user: str, count: int, seconds: float = 10.0) -> list[Delivered]:
        """What this user has received, once it is at least `count`; earlier when the time is over."""

        def enough() -> bool:
            return sum(1 for d in self.state.delivered if d.user == user) >= count

        with self._arrived:
            self._arrived.wait_for(enough, timeout=seconds)
            return [d for d in self.state.delivered if d.user == user]

    def deliver(self, delivered: Delivered) -> None:
        """Show messages to their user; called with the lock held."""
        self.state.delivered.append(delivered)
        self._arrived.notify_all()

    def calls(self, way: str) -> list[Call]:
        """The requests of that way so far."""
        with self.lock:
            return [call for call in self.state.calls if call.way == way]

    def _message(self, user: str, content: Event) -> Event:
        return event("message", user, reply_token=self.token(user), message=content)

    def _send(self, whole: Event) -> Event:
        self.send([whole])
        return whole
