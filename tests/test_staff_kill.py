"""SIGKILL at random moments of a clerk's case and of publishing: all that was said is there once, and all agrees."""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from curation_people import HANAKO, JIRO, Office, add_staff, published
from curation_people import Resident as Asker

from assistant.bootstrap import build
from knowledge import snapshot
from tests.conftest import DEMO, settings_for
from tests.test_desk_kill import Clerk, Resident, server  # noqa: F401 - fixture
from tests.test_kill import Server

pytestmark = pytest.mark.peer
SEED = 20261121
KILLS = 10
KITE_ID = "guide:kite-plaza@ja"
T = TypeVar("T")


class Killer(threading.Thread):
    """Kills the server again and again at random moments, and starts it again each time."""

    def __init__(self, running: Server) -> None:
        super().__init__(daemon=True)
        self.running, self.kills, self.failure = running, 0, ""

    def run(self) -> None:
        chance = random.Random(SEED)
        try:
            while self.kills < KILLS:
                time.sleep(chance.uniform(0.02, 0.5))
                self.running.kill()
                self.kills += 1
                self.running.restart()
        except Exception as exc:
            self.failure = repr(exc)


def until_it_answers(act: Callable[[], T]) -> T:
    """What a person does whose page hangs: the same again."""
    for _ in range(1_000):
        try:
            return act()
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not come back")


def case(base: str, clerk: Clerk, number: int) -> Resident:
    """A whole case, each step repeated until it is confirmed."""
    resident = until_it_answers(lambda: Resident(base))
    ticket = resident.ticket
    until_it_answers(lambda: clerk.act(ticket, "move", to="claim"))
    until_it_answers(lambda: clerk.act(ticket, "reply", said_id=f"r{number}", text="市民課です"))
    until_it_answers(lambda: resident.say("t1", "印鑑をなくしました").raise_for_status())
    until_it_answers(lambda: clerk.act(ticket, "note", said_id=f"n{number}", text="本人確認済み"))
    until_it_answers(lambda: clerk.act(ticket, "move", to="return"))
    until_it_answers(lambda: resident.say("t2", "住民票はいくらですか").raise_for_status())
    until_it_answers(lambda: clerk.act(ticket, "move", to="close"))
    return resident


def test_a_case_comes_through_many_kills_whole_and_once(server: Server) -> None:  # noqa: F811
    clerk = Clerk(server.base, "tanaka")
    killer = Killer(server)
    killer.start()
    residents: list[Resident] = []
    while killer.is_alive():
        residents.append(case(server.base, clerk, len(residents)))
    killer.join()
    assert killer.failure == "" and killer.kills == KILLS
    residents.append(case(server.base, clerk, len(residents)))
    for resident in residents:
        said = Counter(resident.thread())
        assert set(said.values()) == {1}, "nothing twice"
        assert [text for role, text in resident.thread() if role == "state"] == ["taken", "returned", "closed"]
        assert [text for role, text in resident.thread() if role == "clerk"] == ["市民課です"]
        assert len([role for role, _ in resident.thread() if role == "resident"]) == 3
    with closing(sqlite3.connect(f"file:{server.home / 'madoguchi.db'}?mode=ro", uri=True)) as database:
        told = Counter(database.execute("SELECT kind, ticket FROM desk_events").fetchall())
        notes = database.execute("SELECT ticket, count(*) FROM ticket_notes GROUP BY ticket").fetchall()
        held = dict(database.execute("SELECT id, state || ' ' || taken_by FROM tickets").fetchall())
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for resident in residents:
        counts = {kind: told[kind, resident.ticket] for kind in ("opened", "turn", "reply", "note", "state")}
        assert counts == {"opened": 1, "turn": 2, "reply": 1, "note": 1, "state": 3}
        assert held[resident.ticket] == "closed tanaka"
    assert {n for _, n in notes} == {1} and len(notes) == len(residents)


@pytest.fixture
def office(home: Path) -> Iterator[tuple[Server, Office]]:
    """A process of its own, which can be killed, and its curators."""
    system = build(settings_for(home))
    add_staff(system)
    system.close()
    running = Server(home)
    people = Office(home, running.base)
    yield running, people
    people.close()
    if running.process.poll() is None:
        running.kill()


def fee_in_force(home: Path) -> str:
    with closing(sqlite3.connect(f"file:{home / 'madoguchi.db'}?mode=ro", uri=True)) as database:
        sql = "SELECT json_extract(payload, '$.facts.fee[0]') FROM documents WHERE id = ? AND withdrawn_at IS NULL"
        return str(database.execute(sql, (KITE_ID,)).fetchone()[0])


def test_text_and_index_agree_after_a_kill_at_any_moment_of_publishing(office: tuple[Server, Office]) -> None:
    running, people = office
    hanako, jiro, resident = people.person(HANAKO), people.person(JIRO), Asker(running.base)
    published(hanako, jiro)
    chance, before_commit = random.Random(SEED), 0
    for n in range(KILLS):
        old, new = fee_in_force(running.home), f"1日 {600 + n}円"
        draft = hanako.post("/knowledge/edit", {"id": KITE_ID}).url.path
        hanako.save(draft, 1, "submit", fee=new)
        publishing = threading.Thread(target=publish_unheard, args=(jiro, draft))
        publishing.start()
        time.sleep(chance.uniform(0.0, 0.6))
        running.kill()
        publishing.join(timeout=40)
        running.restart()
        fee = fee_in_force(running.home)
        assert fee in (old, new), "the old text or the new one, nothing between"
        assert fee in str(resident.ask("凧揚げ広場はいくらですか")["text"]), (
            "residents are answered from the text in force"
        )
        if fee == old:
            before_commit += 1
            assert jiro.publish(draft, 2).status_code == 200, "the draft still waits for its reviewer"
        assert new in str(resident.ask("凧揚げ広場はいくらですか")["text"])
    assert 0 < before_commit < KILLS, "the kills fell on both sides of the commit"
    with closing(sqlite3.connect(f"file:{running.home / 'madoguchi.db'}?mode=ro", uri=True)) as database:
        assert database.execute("SELECT count(*) FROM curation_log WHERE action = 'publish'").fetchone() == (KILLS + 1,)
        versions = database.execute("SELECT count(*) FROM document_versions WHERE document = ?", (KITE_ID,)).fetchone()
    assert versions == (KILLS + 1,)
    folder = running.home / "index" / DEMO
    assert len(list(folder.glob("[0-9]*"))) == 2 and snapshot.current(folder.parent, DEMO) is not None


def publish_unheard(reviewer: object, draft: str) -> None:
    """The reviewer presses the button; the answer may never come."""
    try:
        reviewer.publish(draft, 2)  # type: ignore[attr-defined]
    except httpx.TransportError:
        return
