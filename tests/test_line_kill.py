"""Killed at any moment after the 200, no resident on LINE goes without an answer, and none gets it twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sandbox.line import LinePlatform
from connectors.sandbox.line_state import Trouble
from connectors.sandbox.line_webhooks import event, text_message
from tests.conftest import DEMO
from tests.line_stage import SECRET, TOKEN

pytestmark = pytest.mark.peer

LINES = ("住民票の写しはいくらですか", "Bản sao phiếu cư trú giá bao nhiêu?", "担当の人と話したい", "Cảm ơn bạn")


class Bot:
    """A real `madoguchi serve` with LINE set up, on a port of its own."""

    def __init__(self, home: Path, platform: LinePlatform) -> None:
        self.home, self.platform = home, platform
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        platform.webhook = f"http://127.0.0.1:{self.port}/channels/line/{DEMO}/webhook"
        self.start()

    def start(self) -> None:
        held = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
        settings = {
            "MADOGUCHI_HOME": str(self.home), "MADOGUCHI_LINE_CHANNEL_SECRET": SECRET,
            "MADOGUCHI_LINE_ACCESS_TOKEN": TOKEN, "MADOGUCHI_LINE_API_BASE": self.platform.url,
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }  # fmt: skip
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env={**held, **settings}, cwd=self.home.parent)
        end = time.monotonic() + 180
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None, "the server ended by itself"
                time.sleep(0.05)
        raise AssertionError("the server was not ready in time")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def states(self) -> tuple[list[str], list[str]]:
        """States of the inbox and of the outbox."""
        with sqlite3.connect(f"file:{self.home / 'madoguchi.db'}?mode=ro", uri=True) as database:
            inbox = [row[0] for row in database.execute("SELECT state FROM line_inbox ORDER BY seq")]
            outbox = [row[0] for row in database.execute("SELECT state FROM line_outbox ORDER BY seq")]
        return inbox, outbox


@pytest.fixture
def platform() -> Iterator[LinePlatform]:
    with LinePlatform(secret=SECRET, access_token=TOKEN) as running:
        yield running


@pytest.fixture
def bot(home: Path, platform: LinePlatform) -> Iterator[Bot]:
    running = Bot(home, platform)
    yield running
    if running.process.poll() is None:
        running.kill()


def settled(bot: Bot, seconds: float = 60.0) -> tuple[list[str], list[str]]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        inbox, outbox = bot.states()
        if "new" not in inbox and "ready" not in outbox:
            return inbox, outbox
        time.sleep(0.1)
    raise AssertionError(f"still waiting: {bot.states()}")


def test_a_kill_right_after_the_200_loses_nothing(bot: Bot, platform: LinePlatform) -> None:
    users = [f"U{n:032x}" for n in range(len(LINES))]
    for user, line in zip(users, LINES, strict=True):
        said = event("message", user, reply_token=platform.token(user), message=text_message(line))
        assert platform.send([said]) == 200
    bot.kill()  # the last 200 has just been read
    inbox, _ = bot.states()
    assert len(inbox) == len(LINES)
    bot.start()
    inbox, outbox = settled(bot)
    assert inbox == ["done"] * len(LINES) and outbox == ["sent"] * len(LINES)
    for user in users:
        assert len(platform.received(user, 1)) == 1


def test_kills_at_any_moment_send_each_answer_once(bot: Bot, platform: LinePlatform) -> None:
    chance, users = random.Random(20261121), [f"U{n:032x}" for n in range(9)]
    for n in range(3):
        for user in users[3 * n : 3 * n + 3]:
            said = event("message", user, reply_token=platform.token(user), message=text_message(LINES[n % 4]))
            assert platform.send([said]) == 200
        time.sleep(chance.uniform(0.0, 0.5))
        bot.kill()
        bot.start()
    _, outbox = settled(bot)
    assert len(outbox) == len(users)
    for user in users:
        assert len(platform.received(user, 1)) == 1
    assert set(outbox) == {"sent"}


def test_a_push_cut_off_after_line_took_it_is_not_said_again(home: Path) -> None:
    """LINE takes the push and keeps silent; we are killed while we wait, and ask again with the same key: 409."""
    with LinePlatform(secret=SECRET, access_token=TOKEN, token_seconds=0.0) as platform:
        bot = Bot(home, platform)
        try:
            platform.fail(Trouble.SILENT_AFTER, "push", seconds=30.0)
            platform.say("U1", "ありがとう")
            assert len(platform.received("U1", 1)) == 1
            bot.kill()
            bot.start()
            _, outbox = settled(bot)
            assert outbox == ["sent"] and len(platform.received("U1", 1)) == 1
            calls = platform.calls("push")
            assert [call.status for call in calls] == [0, 409] and len({call.retry_key for call in calls}) == 1
        finally:
            bot.kill()
