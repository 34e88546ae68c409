"""The server is killed in mid-call: what was said is stored, the case is not lost, and the telephone is up again."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from call_stage import free_port

from voice.caller import Call, Decide, Listen, Pause, Press, Speak, Step, call
from voice.speak import speak
from voice.wires import AudioSocketWire

pytest.importorskip("whisper", reason="the extra `whisper` is not installed")
pytest.importorskip("pyopenjtalk", reason="the extra `voice` is not installed")
pytestmark = pytest.mark.peer

DEMO = "482013"
MODEL = Path(__file__).parent / "assets" / "whisper-municipal"


class Server:
    """A real `madoguchi serve` that hears, on ports of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.http, self.calls = home, free_port(), free_port()
        self.start()

    def start(self) -> None:
        own = {"HOME": str(self.home), "TOWN": DEMO, "WHISPER": str(MODEL), "AUDIOSOCKET_PORT": str(self.calls)}
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
        env = {**plain, **{f"MADOGUCHI_{name}": value for name, value in own.items()}}
        env["PYTHONPATH"] = str(Path(__file__).parents[1])
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.http)]
        self.process = subprocess.Popen(command, env=env, cwd=self.home, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{self.http}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
            assert self.process.poll() is None, "the server ended by itself"
        raise AssertionError("the server was not ready in time")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "madoguchi.db", timeout=30)) as stored:
            return stored.execute(query).fetchall()


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    running = Server(home)
    yield running
    if running.process.poll() is None:
        running.kill()


def ring(server: Server, steps: Sequence[Step]) -> Call:
    async def made() -> Call:
        return await call(await AudioSocketWire.ring("127.0.0.1", server.calls, uuid.uuid4()), steps, linger=5)

    return asyncio.run(made())


def test_a_call_that_is_cut_off_by_a_kill_is_stored_and_the_desk_is_told(server: Server) -> None:
    question = Speak(audio=speak("転入届の手続きを教えてください", "ja", 8000))

    def wait_for(query: str) -> Sequence[Step]:
        until = time.monotonic() + 20
        while not server.rows(query) and time.monotonic() < until:
            time.sleep(0.02)
        return ()

    def cut() -> Sequence[Step]:
        wait_for("SELECT id FROM tickets")
        server.kill()  # while the case's number is being read out
        return ()

    answered = Decide(steps=lambda: wait_for("SELECT id FROM messages"))
    made = ring(
        server, [Pause(seconds=1.5), question, Pause(seconds=1.0), answered, Press(digit="0"), Decide(steps=cut)]
    )
    assert not made.ended_by_us  # the line is closed: the dialplan goes on to a person
    turns = server.rows("SELECT t.text, m.decision FROM turns t JOIN messages m ON m.turn = t.id ORDER BY t.seq")
    assert len(turns) == 2
    assert "転入" in str(turns[0][0]) and turns[0][1] == "reply"
    assert turns[1][1] == "handoff"
    assert server.rows("SELECT state FROM tickets") == [("waiting",)]
    server.start()
    assert server.rows("SELECT text FROM ticket_notes") == [
        ("電話は、サーバーが止まったため途中で切れました。折り返し先の番号は分かりません。",)
    ]
    ends = "SELECT json_extract(payload, '$.how') FROM events WHERE kind = 'call' ORDER BY seq"
    assert server.rows(ends) == [(None,), ("lost",)]
    assert server.rows("SELECT state FROM tickets") == [("waiting",)]
    again = ring(server, [Listen(quiet=0.2, at_most=20)])
    assert again.heard.seconds > 0.3  # the door is up
    server.kill()
    server.start()
    assert len(server.rows("SELECT text FROM ticket_notes")) == 1  # told once
