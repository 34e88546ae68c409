"""A telephone for the LINE stand-in, as a web page: a person writes as a resident does on LINE, and sees what arrives.

    MADOGUCHI_LINE_CHANNEL_SECRET=… MADOGUCHI_LINE_ACCESS_TOKEN=… python -m connectors.sandbox.line_phone \\
        --webhook http://127.0.0.1:8000/channels/line/482013/webhook --port 8001

Prints the address of the platform's API, which is MADOGUCHI_LINE_API_BASE for the bot server, and the page's address.
Everything passes through the platform: signed webhooks to the bot server, replies and pushes back. Nothing is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import threading
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from connectors.sandbox.line import LinePlatform
from connectors.sandbox.line_state import Friend
from connectors.sandbox.line_webhooks import Event, event, image_message, sticker_message, text_message
from connectors.sandbox.loopback import Loopback, Spoken

PAGES = Path(__file__).with_name("phone")
_FILES = {
    "/": ("phone.html", "text/html; charset=utf-8"),
    "/phone.css": ("phone.css", "text/css; charset=utf-8"),
    "/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
    "/words.js": ("words.js", "text/javascript; charset=utf-8"),
    "/flex.js": ("flex.js", "text/javascript; charset=utf-8"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_USER = re.compile(r"U[0-9a-f]{32}")
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko", "vi", "pt-BR", "es", "fil", "id", "ne", "th", "my")
_MOST_TEXT = 5000  # UTF-16 units; LINE's own limit for a text message
_MOST_BYTES = 100_000
_WAIT_SECONDS = 20.0  # how long a page may wait for the next message in one request


class Phone(Loopback):
    """The page's server. Each user of the page is a user of the platform."""

    def __init__(self, platform: LinePlatform, *, name: str, port: int = 0) -> None:
        """`name` is the account's; `port` 0, or one that is taken, gives a free one."""
        self.platform, self.name = platform, name
        self._said: dict[str, list[dict[str, object]]] = {}
        self._lock = threading.Lock()
        try:
            super().__init__(_Screen, name="line-phone", port=port)
        except OSError:
            super().__init__(_Screen, name="line-phone", port=0)

    def befriend(self, user: str, language: str) -> int:
        """The user adds the account; the bot server's status."""
        with self.platform.lock:
            self.platform.state.friends[user] = Friend(language=language)
        return self.platform.send([event("follow", user, reply_token=self.platform.token(user),
                                         follow={"isUnblocked": False})])  # fmt: skip

    def say(self, user: str, content: Event, shown: str) -> int:
        """The user sends this; `shown` is what stands in the bubble. Returns the bot server's status, 0 for none."""
        before = len(self.platform.received(user, 0))
        with self._lock:
            self._said.setdefault(user, []).append({"after": before, "text": shown})
        return self.platform.send([event("message", user, reply_token=self.platform.token(user), message=content)])

    def screen(self, user: str) -> dict[str, object]:
        """All that this user sees: own words, each with how many deliveries stood before it, and the deliveries."""
        with self.platform.lock:
            friend = self.platform.state.friends.get(user)
        with self._lock:
            said = list(self._said.get(user, ()))
        delivered = self.delivered(user, 0, 0.0)
        return {"name": self.name, "friend": friend is not None, "said": said, "delivered": delivered}

    def delivered(self, user: str, after: int, seconds: float) -> list[dict[str, object]]:
        """Deliveries beyond the first `after`, waiting that long for one."""
        received = self.platform.received(user, after + 1, seconds)
        return [{"way": each.way, "messages": each.messages} for each in received[after:]]


class _Screen(Spoken):
    """What the page asks for."""

    peer: Phone

    def do_GET(self) -> None:
        """The page and its files, the screen so far, the next messages."""
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path in _FILES:
            name, kind = _FILES[path]
            return self.send_bytes(200, (PAGES / name).read_bytes(), kind, _HEADERS)
        user = query.get("user", [""])[0]
        if path not in ("/screen", "/messages") or not _USER.fullmatch(user):
            return self._refuse(HTTPStatus.NOT_FOUND)
        if path == "/screen":
            return self.send_json(200, self.peer.screen(user), _HEADERS)
        after = query.get("after", ["0"])[0]
        if not after.isdecimal() or len(after) > 9:
            return self._refuse(HTTPStatus.BAD_REQUEST)
        self.send_json(200, {"delivered": self.peer.delivered(user, int(after), _WAIT_SECONDS)}, _HEADERS)

    def do_POST(self) -> None:
        """The user does something; replies with the status that the bot server gave to the webhook."""
        sent = self._sent()
        user = str(sent.get("user", ""))
        if not _USER.fullmatch(user):
            return self._refuse(HTTPStatus.BAD_REQUEST)
        if self.path == "/friend" and sent.get("language") in LANGUAGES:
            status = self.peer.befriend(user, str(sent["language"]))
        elif self.path == "/say" and (content := _content(sent)) is not None:
            status = self.peer.say(user, *content)
        else:
            return self._refuse(HTTPStatus.BAD_REQUEST)
        self.send_json(200, {"webhook": status}, _HEADERS)

    def _sent(self) -> dict[str, object]:
        """The body. Another site's page can't send JSON here without asking first, which is never granted."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isdecimal() or int(length) > _MOST_BYTES:
            self.close_connection = True  # the body was not read
            return {}
        try:
            value = json.loads(self.body())
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_json(status, {"message": status.phrase}, _HEADERS)


def _content(sent: dict[str, object]) -> tuple[Event, str] | None:
    """Message content and what the bubble shows; None for what LINE does not know."""
    kind, text = sent.get("kind"), sent.get("text")
    if kind == "sticker":
        return sticker_message(), "🙂"
    if kind == "picture":
        return image_message(), "🖼"
    if kind == "text" and isinstance(text, str) and text.strip() and len(text.encode("utf-16-le")) // 2 <= _MOST_TEXT:
        return text_message(text), text
    return None


def main(arguments: list[str] | None = None) -> int:
    """Serve the platform and the page until Ctrl-C, or until stdin is closed."""
    parser = argparse.ArgumentParser(
        prog="connectors.sandbox.line_phone", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("--webhook", required=True, help="the bot server's address for LINE")
    parser.add_argument("--name", default="窓口", help="of the account, as the telephone shows it")
    parser.add_argument("--port", type=int, default=8001, help="of the page; a free one when it is taken")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin is closed, as when the parent dies")
    chosen = parser.parse_args(arguments)
    secret = os.environ.get("MADOGUCHI_LINE_CHANNEL_SECRET", "")
    token = os.environ.get("MADOGUCHI_LINE_ACCESS_TOKEN", "")
    if not secret or not token:
        print("Set MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_ACCESS_TOKEN, the same as for the bot server; any "
              "values do.", file=sys.stderr)  # fmt: skip
        return 2
    with LinePlatform(secret=secret, access_token=token, webhook=chosen.webhook) as platform:
        phone = Phone(platform, name=chosen.name, port=chosen.port)
        print(platform.url, f"{phone.url}/", flush=True)
        if chosen.with_parent:
            threading.Thread(target=_end_with_stdin, args=(phone,), daemon=True).start()
        phone.serve()
    return 0


def _end_with_stdin(phone: Phone) -> None:
    sys.stdin.read()
    phone.stop()


if __name__ == "__main__":
    sys.exit(main())
