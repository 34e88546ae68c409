"""The access record: nothing in it can be altered, taken out, moved or cut off unnoticed; residents read their own."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy import text as sql

from assistant.access import GENESIS, Access, Entry, Head, chained, first_flaw
from assistant.bootstrap import System
from assistant.store.audit import AccessRecord, AnchorInvalid
from assistant.store.database import open_engine
from tests.test_api import start
from tests.test_ingest_cli import process

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def access(n: int = 0, conversation: str = "c1") -> Access:
    return Access(town="482013", conversation=conversation, who=f"clerk:{n}", what=("住所",), why="確認",
                  outcome="read",
                  at=NOW + timedelta(minutes=n))  # fmt: skip


def chain(accesses: list[Access]) -> list[Entry]:
    entries: list[Entry] = []
    for n, each in enumerate(accesses, 1):
        entries.append(chained(each, n, entries[-1].digest if entries else GENESIS))
    return entries


accesses = st.builds(
    Access, town=st.just("482013"), conversation=st.text(max_size=5), who=st.text(max_size=9),
    what=st.tuples(st.text(max_size=4)), why=st.text(max_size=9), outcome=st.text(max_size=5),
    at=st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip
chains = st.lists(accesses, min_size=1, max_size=8).map(chain)


def head(entries: list[Entry]) -> Head:
    return Head(place="file", count=len(entries), digest=entries[-1].digest)


@given(chains, st.integers(0, 7))
def test_a_whole_chain_has_no_flaw_also_with_older_heads(entries: list[Entry], upto: int) -> None:
    older = entries[: min(upto, len(entries) - 1) + 1]
    assert first_flaw(entries, [head(entries), head(older)]) is None


@given(chains, st.data())
def test_any_alteration_of_any_field_is_found_at_its_entry(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["town", "conversation", "who", "what", "why", "outcome", "at"]))
    held = entries[at].access
    new = {"what": (*held.what, "x"), "at": held.at + timedelta(seconds=1) if held.at.year < 9999 else NOW}.get(
        field, f"{getattr(held, field)}x"
    )  # fmt: skip
    forged = [*entries]
    forged[at] = replace(entries[at], access=replace(held, **{field: new}))
    flaw = first_flaw(forged, [head(entries)])
    assert flaw is not None and flaw.seq == at + 1


@given(chains, st.data())
def test_deletion_insertion_reorder_and_truncation_are_found(entries: list[Entry], data: st.DataObject) -> None:
    anchor, at = head(entries), data.draw(st.integers(0, len(entries) - 1))
    assert first_flaw([*entries[:at], *entries[at + 1 :]], [anchor]) is not None
    assert first_flaw(entries[:at], [anchor]) is not None, "cut off"
    assert first_flaw([*entries[:at], entries[at], *entries[at:]], [anchor]) is not None
    to = data.draw(st.integers(0, len(entries) - 1))
    if to != at:
        moved = [*entries]
        moved[at], moved[to] = moved[to], moved[at]
        assert first_flaw(moved, [anchor]) is not None


@given(chains, st.data())
def test_a_chain_forged_anew_from_some_entry_does_not_fit_the_head(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    forged = [e.access for e in entries]
    forged[at] = replace(forged[at], who=forged[at].who + "x")
    assert first_flaw(chain(forged), [head(entries)]) is not None
    assert first_flaw(chain(forged), []) is None, "without a second place nobody could tell"


@pytest.fixture
def record(tmp_path: Path) -> AccessRecord:
    return AccessRecord(open_engine(f"sqlite:///{tmp_path / 'madoguchi.db'}"), tmp_path / "audit")


def engine_of(record: AccessRecord) -> Engine:
    return record._engine


def test_entries_come_back_as_they_were_written_and_survive_a_restart(record: AccessRecord, tmp_path: Path) -> None:
    written = [record.append(access(n, conversation=f"c{n % 2}")) for n in range(5)]
    again = AccessRecord(open_engine(f"sqlite:///{tmp_path / 'madoguchi.db'}"), tmp_path / "audit")
    assert list(again.entries()) == written and [e.seq for e in again.entries("c1")] == [2, 4]
    assert again.verify() is None and again.append(access(9)).previous == written[-1].digest


def tampering(statement: str) -> Callable[[Engine], None]:
    def run(engine: Engine) -> None:
        with engine.begin() as c:
            for each in statement.split(";"):
                c.execute(sql(each))

    return run


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE access_record SET who = 'nobody' WHERE seq = 3", 3),
        ("UPDATE access_record SET at = '2026-01-01 00:00:00.000000' WHERE seq = 2", 2),
        ("DELETE FROM access_record WHERE seq = 4", 4),
        ("DELETE FROM access_record WHERE seq > 3", 4),
        ("DELETE FROM access_record WHERE seq > 3; DELETE FROM access_heads", 4),
        ("DELETE FROM access_record; DELETE FROM access_heads", 1),
        ("UPDATE access_record SET seq = 100 WHERE seq = 1; UPDATE access_record SET seq = 1 WHERE seq = 2;"
         "UPDATE access_record SET seq = 2 WHERE seq = 100", 1),
    ],
)  # fmt: skip
def test_verify_names_the_first_bad_entry_and_exits_with_1(
    record: AccessRecord, tmp_path: Path, statement: str, seq: int, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from assistant.cli import main

    for n in range(6):
        record.append(access(n))
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    assert main(["audit", "verify"]) == 0 and "whole: 6 entries" in capsys.readouterr().out
    tampering(statement)(engine_of(record))
    flaw = record.verify()
    assert flaw is not None and flaw.seq == seq
    assert main(["audit", "verify"]) == 1 and f"entry {seq} " in capsys.readouterr().err


@pytest.mark.parametrize("what", ["gone", "other count", "no json", "other key"])
def test_a_head_that_was_tampered_with_is_not_trusted(record: AccessRecord, tmp_path: Path, what: str) -> None:
    record.append(access())
    file = tmp_path / "audit" / "head.json"
    if what == "gone":
        file.unlink()
    elif what == "other key":
        (tmp_path / "audit" / "key").write_bytes(b"x" * 32)
    else:
        file.write_text(file.read_text().replace('"count": 1', '"count": 0') if what == "other count" else "{")
    with pytest.raises(AnchorInvalid):
        record.verify()


def test_many_writers_make_one_chain(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'madoguchi.db'}"
    records = [AccessRecord(open_engine(url), tmp_path / "audit") for _ in range(4)]  # as four workers would
    writing = [threading.Thread(target=lambda r=r: [r.append(access(n)) for n in range(10)]) for r in records]
    for each in writing:
        each.start()
    for each in writing:
        each.join(timeout=60)
    assert [e.seq for e in records[0].entries()] == list(range(1, 41)) and records[0].verify() is None


def test_the_resident_reads_their_own_entries_and_no_others(client: TestClient, system: System) -> None:
    (mine, token), (other, _) = start(client), start(client)
    for conversation in (mine, other, mine):
        system.access.append(access(conversation=conversation))
    said = client.get(f"/api/v1/conversations/{mine}/access", headers=token)
    assert said.status_code == 200 and len(said.json()["entries"]) == 2
    first = said.json()["entries"][0]
    assert set(first) == {"seq", "who", "what", "why", "outcome", "at", "told"} and first["at"].endswith("Z")
    assert client.get(f"/api/v1/conversations/{other}/access", headers=token).status_code == 401
    assert client.get(f"/api/v1/conversations/{mine}/access").status_code == 401


def test_the_command_runs_as_a_process(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    done = process(home, "audit", "verify")
    assert (done.returncode, done.stdout) == (0, "the access record is whole: 0 entries\n"), done.stderr


def test_an_access_needs_an_aware_time() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(access(), at=datetime(2026, 1, 1))
