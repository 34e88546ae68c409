"""Killed between the back office's deed and our receipt: the same turn gets the same receipt of one booking."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.store.audit import AccessRecord
from assistant.store.database import open_engine
from tests.conftest import DEMO
from tests.test_ingest_cli import environment

pytestmark = pytest.mark.peer

ROOT = str(Path(__file__).parents[1])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answering(url: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
        assert running.poll() is None, "the process ended by itself"
    raise AssertionError(f"{url} was not ready in time")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[str]:
    """The stand-in back office as a process of its own, with its own database."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "connectors.sandbox.backoffice", "--database", str(tmp_path / "office.db"),
               "--port", str(port), "--delay", "6"]  # fmt: skip
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    answering(f"{url}/openapi.json", running)
    yield url
    running.kill()
    running.wait(timeout=60)


class Server:
    """A real `madoguchi serve` over that back office."""

    def __init__(self, home: Path, office: str) -> None:
        self.home, self.office, self.port = home, office, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        env = environment(
            self.home, PYTHONPATH=ROOT, MADOGUCHI_SERVICES_URL=self.office, MADOGUCHI_SERVICES_TIMEOUT="20"
        )
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=env, cwd=self.home.parent, stderr=subprocess.DEVNULL)
        answering(f"{self.base}/readyz", self.process)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)


@pytest.fixture
def server(home: Path, office: str) -> Iterator[Server]:
    running = Server(home, office)
    yield running
    if running.process.poll() is None:
        running.kill()


def bookings(office: str) -> list[dict]:
    return list(httpx.get(f"{office}/_sandbox/bookings").json()["rows"])


def test_a_kill_between_the_call_and_the_receipt_books_once(server: Server, office: str) -> None:
    started = httpx.post(f"{server.base}/api/v1/conversations", json={"town": DEMO}).json()
    url = f"{server.base}/api/v1/conversations/{started['id']}"
    token = {"Authorization": f"Bearer {started['token']}"}

    def say(text: str, id_: str, timeout: float = 30) -> dict:
        sent = httpx.post(f"{url}/messages", json={"text": text, "id": id_}, headers=token, timeout=timeout)
        assert sent.status_code == 200, sent.text
        return dict(sent.json())

    say("布団の粗大ごみの収集を予約したい", "m-1")
    say("はい", "m-2")
    day = say("港町1-2-3", "m-3")["choices"][0]["text"]
    assert say(day, "m-4")["why"] == "confirm"
    httpx.post(f"{office}/_sandbox/mode", json={"mode": "slow"})
    with pytest.raises(httpx.TimeoutException):
        say("はい", "m-5", timeout=2)
    assert len(bookings(office)) == 1, "the back office has acted; its reply is on its way"
    server.kill()
    httpx.post(f"{office}/_sandbox/mode", json={"mode": "good"})
    server.start()
    done = say("はい", "m-5")
    assert done["decision"] == "act" and done["why"] == "done"
    (booked,) = bookings(office)
    assert booked["number"] == done["receipt"]["number"]
    assert say("はい", "m-5") == done, "and the same Message again for the same turn"
    entries = httpx.get(f"{url}/access", headers=token).json()["entries"]
    assert [entry["outcome"] for entry in entries] == ["asked", "asked", "done"]
    engine = open_engine(f"sqlite:///{server.home / 'madoguchi.db'}")
    assert AccessRecord(engine, server.home / "audit").verify() is None
    engine.dispose()


def test_a_flow_goes_on_after_a_kill_between_two_turns(server: Server, office: str) -> None:
    started = httpx.post(f"{server.base}/api/v1/conversations", json={"town": DEMO}).json()
    url = f"{server.base}/api/v1/conversations/{started['id']}/messages"
    token = {"Authorization": f"Bearer {started['token']}"}
    for n, text in enumerate(("I want to book a bulky waste pickup", "a bicycle", "yes")):
        httpx.post(url, json={"text": text, "id": f"m-{n}"}, headers=token, timeout=30)
    server.kill()
    server.start()
    asked = httpx.post(url, json={"text": "1-2-3 Minato-machi", "id": "m-9"}, headers=token, timeout=30).json()
    assert asked["decision"] == "ask" and asked["language"] == "en" and "day" in asked["text"]
