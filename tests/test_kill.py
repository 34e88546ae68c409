"""Killed at any moment, nothing that was promised is lost; knowledge changes under a running server."""

import json
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge import snapshot
from knowledge.dense import load_encoder
from knowledge.snapshot import Snapshot
from tests.conftest import DEMO
from tests.test_ingest_cli import TOWN, counts, environment, many, process, texts, version

pytestmark = pytest.mark.peer

QUESTIONS = (
    "転入届の期限はいつまでですか", "住民票はいくらですか", "担当の人と話したい", "テレビの捨て方", "今日の天気は",
    "I want to talk to a person", "こんにちは", "私の申請の結果を教えて",
)  # fmt: skip
SEED = 20261121


class Server:
    """A real `madoguchi serve` on a port of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.process = self._started()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def restart(self) -> None:
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        limits = {"MADOGUCHI_RATE_MESSAGES": "1000000", "MADOGUCHI_RATE_CONVERSATIONS": "1000000"}
        env = environment(self.home, PYTHONPATH=str(Path(__file__).parents[1]), **limits)
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.port)]
        started = subprocess.Popen(command, env=env, cwd=self.home.parent, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.base}/readyz", timeout=2).status_code == 200:
                    return started
            except httpx.TransportError:
                time.sleep(0.1)
            assert started.poll() is None, "the server ended by itself"
        started.kill()
        raise AssertionError("the server was not ready in time")


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    running = Server(home)
    yield running
    if running.process.poll() is None:
        running.kill()


class Resident(threading.Thread):
    """Talks until the server is gone; keeps what was answered with 200 and what was left open."""

    def __init__(self, base: str, number: int) -> None:
        super().__init__(daemon=True)
        self.base, self.number = base, number
        started = httpx.post(f"{base}/api/v1/conversations", json={"town": DEMO}, timeout=30).json()
        self.id, self.token = started["id"], {"Authorization": f"Bearer {started['token']}"}
        self.answered: dict[str, dict[str, object]] = {}
        self.open: str | None = None

    @property
    def url(self) -> str:
        return f"{self.base}/api/v1/conversations/{self.id}/messages"

    def say(self, turn: str, client: httpx.Client | None = None) -> httpx.Response:
        text = QUESTIONS[int(turn.rpartition("-")[2]) % len(QUESTIONS)]
        return (client or httpx).post(self.url, json={"text": text, "id": turn}, headers=self.token, timeout=30)

    def run(self) -> None:
        with httpx.Client() as client:
            for n in range(10_000):
                self.open = f"t{self.number}-{n}"
                try:
                    reply = self.say(self.open, client)
                except httpx.TransportError:
                    return
                assert reply.status_code == 200
                self.answered[self.open] = reply.json()


def test_every_turn_with_a_200_survives_a_kill(server: Server) -> None:
    chance = random.Random(SEED)
    for round_ in range(2):
        residents = [Resident(server.base, n) for n in range(3)]
        for resident in residents:
            resident.start()
        time.sleep(chance.uniform(0.3, 1.2))
        server.kill()
        for resident in residents:
            resident.join(timeout=40)
        server.restart()
        assert sum(len(resident.answered) for resident in residents) > 0, f"round {round_} answered nothing"
        for resident in residents:
            remembered(resident, server)


def remembered(resident: Resident, server: Server) -> None:
    """All that was answered is there as it was said; what was left open is answered now, once."""
    assert resident.open is not None
    first = resident.say(resident.open)
    assert first.status_code == 200 and resident.say(resident.open).json() == first.json()
    resident.answered[resident.open] = first.json()
    lines = httpx.get(resident.url, headers=resident.token, timeout=30).json()["messages"]
    messages = {line["message"]["in_reply_to"]: line["message"] for line in lines if line["message"]}
    assert messages == resident.answered
    assert len(lines) == 2 * len(resident.answered), "each turn once, each with one message"
    for turn in list(resident.answered)[:5]:
        assert resident.say(turn).json() == resident.answered[turn]
    wanted = {m["handoff"]["ticket"] for m in messages.values() if m["decision"] == "handoff"}
    assert wanted <= tickets(server.home, resident.id)
    assert len(tickets(server.home, resident.id)) == len(wanted), "no ticket without its message"


def tickets(home: Path, conversation: str) -> set[str]:
    with sqlite3.connect(f"file:{home / 'madoguchi.db'}?mode=ro", uri=True) as database:
        found = database.execute("SELECT id FROM tickets WHERE conversation = ?", (conversation,)).fetchall()
    return {row[0] for row in found}


@pytest.fixture
def stocked(tmp_path: Path) -> tuple[Path, Path]:
    """A home whose town holds 60 pages, and the folder of the pages."""
    home, folder = tmp_path / "home", tmp_path / "pages"
    folder.mkdir()
    many(folder, 60)
    assert process(home, "town", "add", "--code", TOWN, "--name", "試験市").returncode == 0
    assert process(home, "ingest", str(folder), "--town", TOWN).returncode == 0
    return home, folder


def importing(home: Path, *arguments: str) -> subprocess.Popen[str]:
    env = environment(home, PYTHONPATH=str(Path(__file__).parents[1]))
    command = [sys.executable, "-m", "assistant", "ingest", *arguments]
    return subprocess.Popen(
        command, env=env, cwd=home.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )  # fmt: skip


def until(condition: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("moment", ["reading", "building", "soon after"])
def test_an_import_killed_in_the_middle_is_completed_by_the_next(stocked: tuple[Path, Path], moment: str) -> None:
    home, folder = stocked
    before = version(home)
    for file in folder.iterdir():
        file.write_text(file.read_text().replace("日以内", "週間以内"))
    index = home / "index" / TOWN
    running = importing(home, str(folder), "--town", TOWN)
    if moment == "reading":
        time.sleep(0.3)
    else:
        until(lambda: any(index.glob(".building-*")) or running.poll() is not None)
        if moment == "soon after":
            time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=20)
    in_use = snapshot.current(home / "index", TOWN)
    assert in_use is not None and Snapshot(in_use, load_encoder(None)).count > 0, "whole, old or new"
    if version(home) == before:
        assert "7日以内" in texts(home, "手続き7")[0]
    done = process(home, "ingest", str(folder), "--town", TOWN)
    assert done.returncode == 0 and counts(done.stdout)[1] + counts(done.stdout)[2] == 60, done.stderr
    assert "7週間以内" in texts(home, "手続き7")[0]
    assert not list(index.glob(".building-*"))


def test_two_imports_at_once_both_go_in(stocked: tuple[Path, Path], tmp_path: Path) -> None:
    home, folder = stocked
    other = tmp_path / "other"
    other.mkdir()
    for n in range(40):
        (other / f"other{n}.md").write_text(f"# 別の届け{n}\n\n{n}番の窓口に出します。\n" * 5)
    for file in folder.iterdir():
        file.write_text(file.read_text() + "\n追加の一文です。\n")
    both = [importing(home, str(path), "--town", TOWN) for path in (folder, other)]
    said = [counts(running.communicate(timeout=120)[0]) for running in both]
    assert [running.returncode for running in both] == [0, 0]
    assert said == [(0, 60, 0, 0, 0), (40, 0, 0, 0, 0)]
    assert "別の届け7" in "".join(texts(home, "別の届け7 窓口")) or "7番の窓口" in "".join(
        texts(home, "別の届け7 窓口")
    )
    found = snapshot.current(home / "index", TOWN)
    assert found is not None
    opened = Snapshot(found, load_encoder(None))
    assert len({opened.row(n).passage.document for n in range(opened.count)}) == 100, "the last index shows both"


def test_the_same_import_twice_at_once_changes_nothing_twice(stocked: tuple[Path, Path]) -> None:
    home, folder = stocked
    many(folder, 70)
    both = [importing(home, str(folder), "--town", TOWN) for _ in range(2)]
    said = [counts(running.communicate(timeout=120)[0]) for running in both]
    assert [running.returncode for running in both] == [0, 0]
    assert all(added in (0, 10) and failed == 0 for added, _, _, _, failed in said)
    assert counts(process(home, "ingest", str(folder), "--town", TOWN).stdout) == (0, 0, 70, 0, 0)


def test_a_running_server_answers_from_new_knowledge_without_a_failed_request(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "kite.md").write_text(
        "# 凧揚げ広場の利用\n\n凧揚げ広場の利用は無料です。使う日の3日前までに申し込みます。\n"
    )
    statuses: list[int] = []
    over = threading.Event()

    def keep_asking() -> None:
        with httpx.Client(timeout=30) as client:
            while not over.is_set():
                body = {"town": DEMO, "query": "転入届の期限"}
                statuses.append(client.post(f"{server.base}/api/v1/search", json=body).status_code)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        done = process(server.home, "ingest", str(folder), "--town", DEMO)
        published = time.monotonic()
        assert (done.returncode, counts(done.stdout)) == (0, (1, 0, 0, 0, 0)), done.stderr
        body = {"town": DEMO, "query": "凧揚げ広場の利用"}
        while (
            "凧揚げ" not in httpx.post(f"{server.base}/api/v1/search", json=body, timeout=30).json()["hits"][0]["title"]
        ):
            assert time.monotonic() - published < 5
            time.sleep(0.1)
    finally:
        over.set()
        asking.join(timeout=40)
    assert len(statuses) > 3 and set(statuses) == {200}


def test_new_table_facts_are_answered_without_a_restart(server: Server, tmp_path: Path) -> None:
    folder = Path(
        shutil.copytree(Path(__file__).parents[1] / "knowledge" / "demo_city" / "tables", tmp_path / "tables")
    )
    fees = folder / "fees.csv"
    fees.write_text(
        fees.read_text().replace(
            "住民票の写し,じゅうみんひょうのうつし,住民票|住民票の謄本|住民票の抄本|世帯全員の住民票,300",
            "住民票の写し,じゅうみんひょうのうつし,住民票|住民票の謄本|住民票の抄本|世帯全員の住民票,350",
        )
    )
    assert "350" in fees.read_text()
    done = process(server.home, "ingest", str(fees), "--town", DEMO)
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 5
    while True:
        resident = Resident(server.base, 0)
        reply = httpx.post(
            resident.url, json={"text": "住民票の写しはいくらですか"}, headers=resident.token, timeout=30
        )
        if "350" in reply.json()["text"]:
            break
        assert time.monotonic() < deadline, json.dumps(reply.json(), ensure_ascii=False)[:300]
        time.sleep(0.2)


def test_a_kill_leaves_the_database_whole(server: Server) -> None:
    residents = [Resident(server.base, n) for n in range(4)]
    for resident in residents:
        resident.start()
    time.sleep(0.5)
    server.kill()
    for resident in residents:
        resident.join(timeout=40)
    with sqlite3.connect(server.home / "madoguchi.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
