"""The LINE store keeps its promises on SQLite and on PostgreSQL: each event once, each row to one worker, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from assistant.store.database import open_engine
from assistant.store.line import LineStore
from assistant.store.line_records import Arrived, Outgoing
from assistant.store.line_tables import line_inbox, line_outbox
from tests.conftest import DEMO
from tests.test_postgres import new_database

__all__ = ["new_database"]

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=20)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peer)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'line.db'}"
    else:
        make: Callable[[], str] = request.getfixturevalue("new_database")
        url = make()
    opened = open_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> LineStore:
    return LineStore(engine)


def arrived(id_: str, resident: str = "r", message: str = "", kind: str = "text") -> Arrived:
    payload: dict[str, object] = {"webhookEventId": id_, "text": "😀\u3042"}
    return Arrived(id=id_, resident=resident, user_id=f"U{resident}", message=message, kind=kind, payload=payload)


def outgoing(source: str, resident: str = "r") -> Outgoing:
    return Outgoing(town=DEMO, resident=resident, source=source, messages=({"type": "text", "text": "😀"},))


def test_an_event_is_kept_once_however_often_it_comes(store: LineStore) -> None:
    assert store.take_in(DEMO, [arrived("a"), arrived("b"), arrived("a")], NOW) == 2
    assert store.take_in(DEMO, [arrived("a")], NOW) == 0
    assert store.take_in("131016", [arrived("a")], NOW) == 1, "another town's channel has ids of its own"


def test_first_events_of_one_resident_at_the_same_moment_are_all_kept(store: LineStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: store.take_in(DEMO, [arrived(f"e{n}")], NOW), range(24)))
    assert kept == [1] * 24
    assert store.known(DEMO, "r").user_id == "Ur"


def test_fifty_workers_share_the_events_and_none_gets_one_twice(store: LineStore) -> None:
    store.take_in(DEMO, [arrived(f"e{n}", resident=f"r{n}") for n in range(12)], NOW)
    with ThreadPoolExecutor(10) as pool:
        taken = [w.seq for w in pool.map(lambda _: store.next_event(NOW, LEASE), range(50)) if w is not None]
    assert len(taken) == len(set(taken))
    while (more := store.next_event(NOW, LEASE)) is not None:
        taken.append(more.seq)
    assert len(taken) == len(set(taken)) == 12


def test_one_residents_events_come_in_order_and_one_after_the_other(store: LineStore) -> None:
    store.take_in(DEMO, [arrived("a1", "a"), arrived("a2", "a"), arrived("b1", "b")], NOW)
    first, second = store.next_event(NOW, LEASE), store.next_event(NOW, LEASE)
    assert first is not None and second is not None
    assert [first.payload["webhookEventId"], second.payload["webhookEventId"]] == ["a1", "b1"]
    assert store.next_event(NOW, LEASE) is None, "a2 waits for a1"
    store.finish_event(first, outgoing("a1", "a"), NOW)
    third = store.next_event(NOW, LEASE)
    assert third is not None and third.payload["webhookEventId"] == "a2"


def test_a_dead_workers_event_falls_to_another_one(store: LineStore) -> None:
    store.take_in(DEMO, [arrived("a")], NOW)
    assert store.next_event(NOW, LEASE) is not None
    assert store.next_event(NOW + LEASE - timedelta(seconds=1), LEASE) is None
    assert store.next_event(NOW + LEASE, LEASE) is not None


def test_an_event_dealt_with_twice_is_answered_once(store: LineStore, engine: Engine) -> None:
    store.take_in(DEMO, [arrived("a")], NOW)
    slow = store.next_event(NOW, LEASE)
    quick = store.next_event(NOW + LEASE, LEASE)
    assert slow is not None and quick is not None
    store.finish_event(quick, outgoing("a"), NOW)
    store.finish_event(slow, outgoing("a"), NOW)
    with engine.connect() as c:
        assert len(c.execute(select(line_outbox)).all()) == 1
        assert [tuple(row) for row in c.execute(select(line_inbox.c.state, line_inbox.c.payload))] == [("done", None)]


def test_what_went_out_is_not_kept_and_can_not_come_back(store: LineStore) -> None:
    assert store.post(outgoing("x"), NOW) and not store.post(outgoing("x"), NOW)
    row = store.next_outgoing(NOW, LEASE)
    assert row is not None and row.messages == ({"type": "text", "text": "😀"},) and row.retry_key
    store.note_attempt(replace(row, tries=1, status=500), NOW + timedelta(seconds=9))
    assert store.next_outgoing(NOW + timedelta(seconds=8), LEASE) is None
    again = store.next_outgoing(NOW + timedelta(seconds=9), LEASE)
    assert again is not None and (again.retry_key, again.tries, again.status) == (row.retry_key, 1, 500)
    store.end_outgoing(again, "sent", NOW)
    store.note_attempt(again, NOW)  # a worker that lost its lease comes late
    assert store.next_outgoing(NOW + timedelta(days=1), LEASE) is None
    assert not store.post(outgoing("x"), NOW)
