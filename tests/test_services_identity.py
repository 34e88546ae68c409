"""Who somebody is: asked, checked, never kept; guessing ends soon; the record is written before anything is told."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from assistant.access import Access
from assistant.bootstrap import System
from connectors.sandbox.backoffice import BackOffice
from tests.conftest import DEMO
from tests.service_talks import NOW, Talk, serving

BEGIN = {
    "ja": ("請求した証明書の状況を確認したい", "はい"), "en": ("please check my certificate request", "yes"),
    "vi": ("Kiểm tra tình trạng giấy chứng nhận", "Có"),
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[BackOffice]:
    with BackOffice(tmp_path / "office.db") as running:
        yield running


@pytest.fixture
def served(home: Path, office: BackOffice) -> Iterator[System]:
    with serving(home, office) as system:
        yield system


def stored(system: System, conversation: str) -> str:
    """Everything that the database holds of the conversation's turns, messages and forms."""
    found = []
    with system.engine.connect() as c:
        for table in ("turns", "messages", "service_flows"):
            found += c.execute(sql(f"SELECT * FROM {table} WHERE conversation = '{conversation}'")).all()
    return str(found)


@pytest.mark.parametrize("language", BEGIN)
def test_what_proves_who_somebody_is_stays_nowhere(served: System, language: str) -> None:
    talk = Talk(served)
    told = talk.say(*BEGIN[language], "SH-100234", "1990-04-12")
    assert told["decision"] == "act" and "SH-100234" in told["text"]
    assert "1990" not in stored(served, talk.id)
    thread = [line.text for line in served.conversations.thread(talk.id) if line.role == "resident"]
    assert thread[2].startswith("〔") and thread[3].startswith("〔"), "the resident and a clerk read what it was"


def test_a_birth_date_that_could_not_be_read_is_not_kept_either(served: System) -> None:
    talk = Talk(served)
    asked = talk.say(*BEGIN["ja"], "SH-100234", "3/4/90です")
    assert asked["decision"] == "ask" and "3/4/90" not in stored(served, talk.id)


def test_guessing_a_birth_date_is_locked_over_conversations(served: System, office: BackOffice) -> None:
    for n in range(5):
        Talk(served).say(*BEGIN["ja"], "SH-100235", f"199{n}-01-01")
    tried = len(office.rows("keys"))
    with served.engine.connect() as c:
        assert c.execute(sql("SELECT COUNT(*) FROM identity_tries")).scalar() == 15
    office_tries = next(r for r in office.rows("certificates") if r["number"] == "SH-100235")["tries"]
    right = Talk(served)
    locked = right.say(*BEGIN["ja"], "SH-100235", "1985-11-03")
    assert (locked["decision"], locked["why"]) == ("handoff", "personal_case"), "also the right one"
    assert right.accesses() == [("refused", ("受付番号", "生年月日"))]
    after = next(r for r in office.rows("certificates") if r["number"] == "SH-100235")["tries"]
    assert after == office_tries and len(office.rows("keys")) == tried, "the back office was not even asked"
    other = Talk(served).say(*BEGIN["ja"], "SH-100236", "2001-07-30")
    assert other["decision"] == "act", "other people's requests go on"


def test_one_conversation_can_not_try_many_numbers(served: System) -> None:
    talk = Talk(served)
    for n in range(2):
        talk.say(*BEGIN["ja"])
        for k in range(3):
            talk.say(f"SH-20{n}{k}00", "1990-04-12")
    assert talk.last["decision"] == "handoff"
    outcomes = [outcome for outcome, _ in talk.accesses()]
    assert outcomes.count("asked") == 5, outcomes


def test_the_lock_opens_after_a_day_and_a_right_one_does_not_count(served: System) -> None:
    tries = served.parts.services.caller.tries  # type: ignore[union-attr]
    for n in range(6):
        attempt = tries.begin(DEMO, f"c{n}", "SH-1", NOW)
        assert (attempt is None) == (n == 5)
    assert tries.begin(DEMO, "c9", "SH-1", NOW + timedelta(hours=25)) is not None
    for n in range(20):
        attempt = tries.begin(DEMO, f"d{n}", "SH-2", NOW)
        assert attempt is not None
        tries.forgive(attempt)


def test_many_tries_at_the_same_moment_get_no_more_than_five_through(served: System) -> None:
    tries = served.parts.services.caller.tries  # type: ignore[union-attr]
    passed: list[str | None] = []
    barrier = threading.Barrier(12)

    def guess(n: int) -> None:
        barrier.wait()
        passed.append(tries.begin(DEMO, f"c{n}", "SH-7", NOW))

    guessing = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for each in guessing:
        each.start()
    for each in guessing:
        each.join(timeout=30)
    assert len(passed) == 12 and sum(one is not None for one in passed) <= 5


def test_a_town_under_attack_closes_for_an_hour_only(served: System) -> None:
    tries = served.parts.services.caller.tries  # type: ignore[union-attr]
    for n in range(100):
        assert tries.begin(DEMO, f"c{n}", f"SH-{n}", NOW) is not None
    assert tries.begin(DEMO, "honest", "SH-honest", NOW) is None
    assert tries.begin("482021", "next", "SH-1", NOW) is not None, "another town goes on"
    assert tries.begin(DEMO, "honest", "SH-honest", NOW + timedelta(minutes=61)) is not None


def test_what_was_named_is_not_in_the_table_of_tries(served: System) -> None:
    Talk(served).say(*BEGIN["ja"], "SH-100235", "1999-09-09")
    with served.engine.connect() as c:
        rows = str(c.execute(sql("SELECT * FROM identity_tries")).all())
    assert "100235" not in rows and "1999" not in rows


def test_when_the_record_can_not_be_written_nothing_is_asked_and_nothing_told(
    served: System, office: BackOffice
) -> None:
    class DiskFull(Exception):
        pass

    written: list[str] = []

    def refuse(access: Access) -> None:
        written.append(access.outcome)
        raise DiskFull

    services = served.parts.services
    broken = replace(services, caller=replace(services.caller, record=refuse))  # type: ignore[type-var, union-attr]
    talk = Talk(served)
    talk.say(*BEGIN["ja"], "SH-100234")
    served.parts = replace(served.parts, services=broken)
    try:
        with pytest.raises(DiskFull):
            talk.say("1990-04-12")
    finally:
        served.parts = replace(served.parts, services=services)
    assert written == ["asked"] and not [k for k in office.rows("keys") if "ready" in str(k["body"])]


def test_an_identification_expires_while_the_screen_is_left_alone(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say(*BEGIN["ja"], "SH-100234")
    held = served.conversations.authorised(talk.id, talk.token)
    late = served.receive(replace(talk.turn("1990-04-12"), at=NOW + timedelta(minutes=31)), held)
    assert late["decision"] == "ask" and "もう一度はじめから" in late["text"] and not office.rows("keys")
    assert "1990" not in stored(served, talk.id)
