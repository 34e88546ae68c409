"""Killed at any step, no turn, no clerk's word, no ticket, no note and no notice is lost, and none comes twice."""

import random
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.conftest import DEMO
from tests.test_ingest_cli import environment
from tests.test_kill import Server

pytestmark = pytest.mark.peer
PASSWORD = "a long enough password"
SEED = 20261121


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    root = str(Path(__file__).parents[1])
    for name in ("tanaka", "sato"):
        env = environment(home, PYTHONPATH=root, MADOGUCHI_USER_PASSWORD=PASSWORD)
        command = [sys.executable, "-m", "assistant", "user", "add", name, "--role", "clerk", "--town", DEMO]
        added = subprocess.run(command, env=env, cwd=home.parent, capture_output=True, text=True, check=True)
        assert added.stdout == f"{name}: clerk in {DEMO} (added)\n"
    running = Server(home)
    yield running
    if running.process.poll() is None:
        running.kill()


class Clerk:
    """A clerk's browser: logs in once; the session outlives a restart."""

    def __init__(self, base: str, name: str) -> None:
        self.base = base
        page = httpx.get(f"{base}/login", timeout=30)
        fields = {"name": name, "password": PASSWORD, "form": self.field(page.text, "form")}
        entered = httpx.post(f"{base}/login", data=fields, cookies=page.cookies, timeout=30)
        assert entered.status_code == 303
        self.cookies = entered.cookies
        self.csrf = self.field(self.page("/desk"), "csrf")

    def page(self, path: str) -> str:
        return httpx.get(self.base + path, cookies=self.cookies, timeout=30).text

    @staticmethod
    def field(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', page)
        assert found
        return found[1]

    def act(self, ticket: str, act: str, **fields: str) -> str:
        """Where the form led to. Raises TransportError when the server was killed."""
        path, form = f"{self.base}/desk/tickets/{ticket}/{act}", {"csrf": self.csrf, **fields}
        reply = httpx.post(path, data=form, cookies=self.cookies, timeout=30)
        assert reply.status_code == 303, reply.status_code
        return reply.headers["location"]


class Resident:
    """A resident's conversation with its ticket."""

    def __init__(self, base: str) -> None:
        started = httpx.post(f"{base}/api/v1/conversations", json={"town": DEMO}, timeout=30).json()
        self.url = f"{base}/api/v1/conversations/{started['id']}"
        self.token = {"Authorization": f"Bearer {started['token']}"}
        said = self.say("t0", "担当の人と話したい").json()
        self.id, self.ticket = started["id"], said["handoff"]["ticket"]

    def say(self, id_: str, text: str) -> httpx.Response:
        body = {"text": text, "id": id_, "language": "ja"}
        return httpx.post(f"{self.url}/messages", json=body, headers=self.token, timeout=30)

    def thread(self) -> list[tuple[str, str]]:
        lines = httpx.get(f"{self.url}/messages", headers=self.token, timeout=30).json()["messages"]
        return [(line["role"], line["text"]) for line in lines]


def numbered(send: object, prefix: str, confirmed: list[str], open_: list[str], over: threading.Event) -> None:
    """Sends numbered words until the server is gone; the last one is left open."""
    for n in range(10_000):
        if over.is_set():
            return
        open_[:] = [f"{prefix}{n}"]
        try:
            send(open_[0])  # type: ignore[operator]
        except httpx.TransportError:
            return
        confirmed.append(open_[0])
        time.sleep(0.01)


def test_no_word_is_lost_or_doubled_when_the_server_is_killed(server: Server) -> None:
    chance = random.Random(SEED)
    resident, clerk = Resident(server.base), Clerk(server.base, "tanaka")
    clerk.act(resident.ticket, "move", to="claim")
    said: list[str] = []
    replied: list[str] = []
    for round_ in range(3):
        open_turn: list[str] = []
        open_reply: list[str] = []
        over = threading.Event()
        sides = [
            threading.Thread(target=numbered, args=(
                lambda words: resident.say(words, words).raise_for_status(), f"r{round_}-", said, open_turn, over)),
            threading.Thread(target=numbered, args=(
                lambda words: clerk.act(resident.ticket, "reply", said_id=words, text=words), f"c{round_}-", replied,
                open_reply, over)),
        ]  # fmt: skip
        for side in sides:
            side.start()
        time.sleep(chance.uniform(0.3, 1.0))
        server.kill()
        over.set()
        for side in sides:
            side.join(timeout=40)
        server.restart()
        for words in open_turn:
            resident.say(words, words)
            resident.say(words, words)
            said.append(words)
        for words in open_reply:
            clerk.act(resident.ticket, "reply", said_id=words, text=words)
            clerk.act(resident.ticket, "reply", said_id=words, text=words)
            replied.append(words)
    thread = resident.thread()
    turns = [text for role, text in thread if role == "resident"]
    assert len(said) > 10 and len(replied) > 10
    assert sorted(turns[1:]) == sorted(set(said)) == sorted(dict.fromkeys(said))
    assert sorted(text for role, text in thread if role == "clerk") == sorted(set(replied))
    assert [text for role, text in thread if role == "state"] == ["taken"], "the case is still this clerk's"
    assert clerk.act(resident.ticket, "move", to="close").startswith("/desk?")


@pytest.mark.parametrize("step", ["handed over", "claimed", "noted", "returned", "called back"])
def test_a_ticket_survives_a_kill_right_after_each_step(server: Server, step: str) -> None:
    resident, clerk = Resident(server.base), Clerk(server.base, "tanaka")
    wish = {"ticket": resident.ticket, "phone": "000-482-9999"}
    steps = {
        "handed over": lambda: None,
        "claimed": lambda: clerk.act(resident.ticket, "move", to="claim"),
        "noted": lambda: clerk.act(resident.ticket, "note", said_id="n1", text="本人確認済み"),
        "returned": lambda: clerk.act(resident.ticket, "move", to="return"),
        "called back": lambda: httpx.post(f"{resident.url}/callbacks", json=wish, headers=resident.token, timeout=30),
    }
    for name, act in steps.items():
        act()
        if name == step:
            break
    server.kill()
    server.restart()
    with closing(sqlite3.connect(f"file:{server.home / 'madoguchi.db'}?mode=ro", uri=True)) as database:
        state, holder = database.execute("SELECT state, taken_by FROM tickets").fetchone()
        notes = database.execute("SELECT count(*) FROM ticket_notes").fetchone()[0]
        phones = database.execute("SELECT phone FROM callbacks").fetchall()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    done = list(steps)[: list(steps).index(step) + 1]
    expected = "returned" if "returned" in done else "taken" if "claimed" in done else "waiting"
    assert (state, holder) == (expected, None if expected == "waiting" else "tanaka")
    assert notes == int("noted" in done) and len(phones) == int("called back" in done)
    assert resident.ticket in clerk.page("/desk"), "the session is still good"


def test_a_half_done_turn_beside_a_clerk_is_seen_by_the_clerk(server: Server) -> None:
    """The turn is stored and the clerk told in one step, before anything is answered."""
    resident = Resident(server.base)
    with closing(sqlite3.connect(server.home / "madoguchi.db", timeout=30, isolation_level=None)) as database:
        told = database.execute("SELECT count(*) FROM desk_events WHERE kind = 'turn'").fetchone()[0]
        database.execute("CREATE TRIGGER stop BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'killed here'); END")
    assert resident.say("t1", "まだですか").status_code in (404, 500)
    server.kill()
    with closing(sqlite3.connect(server.home / "madoguchi.db", timeout=30, isolation_level=None)) as database:
        assert database.execute("SELECT count(*) FROM desk_events WHERE kind = 'turn'").fetchone()[0] == told + 1
        database.execute("DROP TRIGGER stop")
    server.restart()
    clerk = Clerk(server.base, "sato")
    assert "まだですか" in clerk.page(f"/desk/tickets/{resident.ticket}")
    assert resident.say("t1", "まだですか").status_code == 200
    assert [role for role, text in resident.thread() if text == "まだですか"] == ["resident"]
