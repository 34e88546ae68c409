"""A stage for LINE tests: the stand-in platform and our application, both on real sockets in this process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from sqlalchemy import delete, select

from assistant.bootstrap import System, build
from assistant.channels.line import LineChannel
from assistant.store.line_tables import line_inbox, line_outbox, line_residents
from assistant.store.tables import conversations, events, messages, tickets, turns
from assistant.web.app import create_app
from connectors.sandbox.line import LinePlatform
from connectors.sandbox.line_state import Delivered, State
from tests.conftest import DEMO, settings_for

SECRET, TOKEN = "8c570fa6dd201bb328f1c1eac23a96d8", "access-token-of-the-test"
JA, VI = "Uja00000000000000000000000000000a", "Uvi00000000000000000000000000000b"


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a test acts with."""

    platform: LinePlatform
    system: System
    channel: LineChannel

    def tune(self, *, reply_for: float = 50.0, token_seconds: float = 60.0, seconds: float = 1.0,
             first_wait: float = 0.05) -> None:  # fmt: skip
        """How long we trust a reply token, how long it lives, how long LINE may be silent, how long we wait."""
        self.channel._events = replace(self.channel._events, reply_for=timedelta(seconds=reply_for))
        self.platform.token_seconds = token_seconds
        self.channel._client._timeout = (3.0, seconds)
        self.channel._first_wait = first_wait

    def clear(self) -> None:
        """Forget everything that was said, and everything that was tuned."""
        self.settled()
        with self.system.engine.begin() as c:
            for table in (line_inbox, line_outbox, line_residents, events, messages, turns, tickets, conversations):
                c.execute(delete(table))
        with self.platform.lock:
            self.platform.state = State()
        self.tune()

    def outbox(self) -> list[tuple[str, bool, int]]:
        """(state, pushing, status) of everything that went out, oldest first."""
        query = select(line_outbox.c.state, line_outbox.c.pushing, line_outbox.c.status).order_by(line_outbox.c.seq)
        with self.system.engine.connect() as c:
            return [(row.state, row.pushing, row.status) for row in c.execute(query)]

    def settled(self, seconds: float = 15.0) -> list[tuple[str, bool, int]]:
        """The outbox once nothing waits any more, neither to be dealt with nor to be sent."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.system.engine.connect() as c:
                waiting = c.execute(select(line_inbox.c.seq).where(line_inbox.c.state == "new")).first()
            if waiting is None and all(state != "ready" for state, _, _ in self.outbox()):
                return self.outbox()
            time.sleep(0.02)
        raise AssertionError(f"still waiting: {self.outbox()}")

    def wait_for(self, condition: Callable[[], object], seconds: float = 30.0) -> None:
        """Until the condition holds; a failure when it never does."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.05)

    def texts(self, user: str, count: int = 1) -> list[str]:
        """All texts that this user has read, once there are `count` deliveries."""
        return [text_of(delivered) for delivered in self.platform.received(user, count)]


def text_of(delivered: Delivered) -> str:
    return "\n".join(str(m["text"]) for m in delivered.messages if m["type"] == "text")


@contextmanager
def line_stage(home: Path, **more: object) -> Iterator[Stage]:
    """The whole, running; `more` are settings."""
    with LinePlatform(secret=SECRET, access_token=TOKEN) as platform:
        configured = settings_for(
            home, line_channel_secret=SECRET, line_access_token=TOKEN, line_api_base=platform.url, **more
        )  # fmt: skip
        system = build(configured)
        channel = LineChannel.open(system)
        opened, LineChannel.open = LineChannel.open, lambda _: channel  # type: ignore[assignment,method-assign]
        try:
            with _serving(system) as port:
                platform.webhook = f"http://127.0.0.1:{port}/channels/line/{DEMO}/webhook"
                yield Stage(platform=platform, system=system, channel=channel)
        finally:
            LineChannel.open = opened  # type: ignore[method-assign]


@contextmanager
def _serving(system: System) -> Iterator[int]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(system), log_level="error", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    end = time.monotonic() + 180
    while not server.started:
        assert thread.is_alive() and time.monotonic() < end
        time.sleep(0.02)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(timeout=20)
    listening.close()
