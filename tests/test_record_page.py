"""The auditor's page: only for auditors, filtered, state of the chain, CSV; the resident's words in all languages."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text as sql

from assistant.access import Access
from assistant.bootstrap import System, build
from assistant.desk.staff import Role
from assistant.model import LANGUAGES
from assistant.services.catalogue import load_catalogue
from assistant.services.record_words import told
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

PASSWORD = "a long enough password"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def access(who: str, *, town: str = DEMO, day: int = 0, what: tuple[str, ...] = ("住所",)) -> Access:
    return Access(town=town, conversation="c1", who=who, what=what, why="ticket 4K7M-9QXR", outcome="read",
                  at=NOW + timedelta(days=day))  # fmt: skip


@pytest.fixture(scope="module")
def office(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("record") / "home"))
    system = build(settings_for(home, rate_logins=1_000_000), clock=lambda: NOW)
    for name, role in (("kansa", Role.AUDITOR), ("tanaka", Role.CLERK), ("abe", Role.ADMIN)):
        system.users.add(name, PASSWORD, role, DEMO, NOW)
    for day in range(3):
        system.access.append(access("clerk:tanaka", day=day))
        system.access.append(access("service:bulky-waste via openapi", day=day))
    system.access.append(access("clerk:yoso", town="482021"))
    system.access.append(access("=cmd|' /C calc'!A0"))
    yield system
    system.close()


def logged_in(system: System, name: str) -> TestClient:
    client = TestClient(create_app(system), raise_server_exceptions=False, follow_redirects=False)
    form = re.search(r'name="form" value="([^"]+)"', client.get("/login").text)
    assert form
    client.post("/login", data={"name": name, "password": PASSWORD, "form": form[1]})
    return client


def seqs(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(\d+)</th>', page)


def test_an_auditor_sees_the_towns_entries_newest_first(office: System) -> None:
    page = logged_in(office, "kansa").get("/admin/record").text
    assert seqs(page) == ["8", "6", "5", "4", "3", "2", "1"] and "yoso" not in page
    assert "職員 tanaka" in page and "受付 4K7M-9QXR" in page


def test_nobody_else_but_the_admin_may_look(office: System) -> None:
    assert logged_in(office, "tanaka").get("/admin/record").status_code == 403
    assert logged_in(office, "tanaka").get("/admin/record/entries.csv").status_code == 403
    assert logged_in(office, "abe").get("/admin/record").status_code == 200
    assert logged_in(office, "kansa").get("/admin/record?town=482021").status_code == 403
    stranger = TestClient(create_app(office), follow_redirects=False).get("/admin/record")
    assert stranger.status_code == 303 and stranger.headers["location"].startswith("/login")


def test_it_is_filtered_by_who_and_by_the_day_in_japan(office: System) -> None:
    auditor = logged_in(office, "kansa")
    assert seqs(auditor.get("/admin/record", params={"who": "tanaka"}).text) == ["5", "3", "1"]
    assert seqs(auditor.get("/admin/record", params={"who": "tanaka", "day": "2026-11-22"}).text) == ["3"]
    assert "この条件の記録はありません" in auditor.get("/admin/record", params={"who": "%"}).text
    assert len(seqs(auditor.get("/admin/record", params={"day": "soon", "who": "\x00"}).text)) in (0, 7)


def test_the_csv_holds_every_column_and_no_formula(office: System) -> None:
    reply = logged_in(office, "kansa").get("/admin/record/entries.csv")
    assert reply.headers["content-type"].startswith("text/csv") and reply.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4", "5", "6", "8"]
    assert rows[-1][2].startswith("'="), "a spreadsheet must not run what somebody wrote"
    entries = {str(entry.seq): entry for entry in office.access.entries()}
    assert all(row[-1] == entries[row[0]].digest and row[-2] == entries[row[0]].previous for row in rows[1:])


def test_older_entries_are_a_page_further(office: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.record._PAGE", 3)
    auditor = logged_in(office, "kansa")
    page = auditor.get("/admin/record?who=tanaka").text
    assert seqs(page) == ["5", "3", "1"] and "古い記録を見る" not in page
    first = auditor.get("/admin/record").text
    older = re.search(r'href="(/admin/record\?[^"]*before=\d+)"', first)
    assert seqs(first) == ["8", "6", "5"] and older
    assert seqs(auditor.get(older[1].replace("&amp;", "&")).text) == ["4", "3", "2"]


def test_the_state_of_the_chain_is_told_and_an_altered_entry_named(office: System) -> None:
    auditor = logged_in(office, "kansa")
    assert 'data-chain="whole"' in auditor.get("/admin/record?check=true").text
    assert "data-chain" not in auditor.get("/admin/record").text
    change = "UPDATE access_record SET who = '{}' WHERE seq = 3"
    with office.engine.begin() as c:
        c.execute(sql(change.format("nobody")))
    try:
        page = auditor.get("/admin/record?check=true").text
        assert 'data-chain="broken"' in page and "3番の記録" in page
    finally:
        with office.engine.begin() as c:
            c.execute(sql(change.format("clerk:tanaka")))
    assert office.access.verify() is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_resident_reads_each_entry_in_their_language_and_no_clerks_name(language: str) -> None:
    seen = told(access("clerk:tanaka", what=("conversation", "contact", "photo")), language)
    assert "tanaka" not in str(seen) and "4K7M-9QXR" in seen.who and "4K7M-9QXR" in seen.why
    assert len(set(seen.what)) == 3 and "conversation" not in seen.what
    for spec in load_catalogue().values():
        shown = told(access(f"service:{spec.id} via xroad", what=spec.data), language)
        assert spec.title[language] in shown.who and shown.why == spec.purpose[language]
        if not language.startswith(("ja", "zh")):
            said = re.sub(r"\([^()]*\)", "", str(shown.what))  # the word on the form may stand in brackets
            assert not re.search("[ぁ-ん]|住所|番号|生年", said), shown


def test_an_entry_of_a_service_that_is_gone_is_still_told(office: System) -> None:
    seen = told(access("service:old-one via openapi", what=("指紋",)), "en")
    assert seen.who == "The city's system" and seen.what == ("指紋",)
