"""Kill switches stop services too, all or one, also in the middle of a form; pages of what is off are gone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import System
from assistant.curation.switches import SERVICES, Scope, Switch
from assistant.web.app import create_app
from connectors.sandbox.backoffice import BackOffice
from tests.conftest import DEMO
from tests.service_talks import NOW, Talk, serving

ONE = Switch(scope=Scope.SERVICE, name="bulky-waste")
ALL = Switch(scope=Scope.ALL)
PRICES = Switch(scope=Scope.GUIDE, name="table:fees")
BEGIN = {"ja": "布団の粗大ごみの収集を予約したい", "en": "I want to book a bulky waste pickup for my futon",
         "vi": "Tôi muốn đăng ký thu gom rác cồng kềnh"}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db") as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, office) as system:
        yield system


@pytest.fixture(autouse=True)
def on_again(served: System) -> Iterator[None]:
    yield
    for held in served.switches.listed(DEMO):
        turn(served, held.switch, off=False)


def turn(system: System, switch: Switch, *, off: bool = True) -> None:
    system.switches.set(DEMO, switch, off=off, by="abe", reason="test", at=NOW)


@pytest.mark.parametrize("switch", [ONE, SERVICES, PRICES], ids=lambda s: f"{s.scope.value}:{s.name}")
@pytest.mark.parametrize("language", BEGIN)
def test_a_stopped_service_is_not_begun_but_a_person_takes_over(served: System, switch: Switch, language: str) -> None:
    turn(served, switch)
    off = Talk(served).say(BEGIN[language])
    assert (off["decision"], off["why"], off["language"]) == ("handoff", "switched_off", language)


def test_the_others_go_on_when_one_is_stopped(served: System) -> None:
    turn(served, ONE)
    assert Talk(served).say("道路の穴を知らせたい")["decision"] == "ask"
    turn(served, SERVICES)
    assert Talk(served).say("道路の穴を知らせたい")["why"] == "switched_off"


@pytest.mark.parametrize("switch", [ONE, SERVICES, ALL, PRICES], ids=lambda s: f"{s.scope.value}:{s.name}")
def test_stopped_in_the_middle_of_a_form_nothing_is_booked_and_nothing_lost(
    served: System, office: BackOffice, switch: Switch
) -> None:
    talk, before = Talk(served), len(office.rows("bookings"))
    talk.say(BEGIN["ja"], "はい", "港町1-2-3", "12月2日")
    turn(served, switch)
    off = talk.say("はい")
    assert (off["decision"], off["why"]) == ("handoff", "switched_off")
    summary = str(talk.ticket()["summary"])
    assert "港町1丁目2番3号" in summary and "布団" in summary and len(office.rows("bookings")) == before


def test_a_stopped_service_cancels_nothing_by_itself(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say(BEGIN["ja"], "はい", "港町1-2-3", "12月2日", "はい")
    number = talk.last["receipt"]["number"]
    turn(served, ONE)
    assert talk.say("予約を取り消す")["why"] == "switched_off"
    assert {row["number"]: row["state"] for row in office.rows("bookings")}[number] == "booked"


def test_an_answer_does_not_offer_what_is_stopped(served: System) -> None:
    question = "粗大ごみの出し方を教えてください"
    assert "粗大ごみの収集を予約する" in [c["label"] for c in Talk(served).say(question)["choices"]]
    turn(served, ONE)
    assert Talk(served).say(question)["choices"] == []


def test_the_pages_of_what_is_switched_off_or_withdrawn_are_gone(served: System) -> None:
    http = TestClient(create_app(served))
    pages = {"/sources/482013/guide:move-in@ja": Switch(scope=Scope.GUIDE, name="guide:move-in"),
             "/tables/482013/table:fees": PRICES}  # fmt: skip
    for page, switch in pages.items():
        assert http.get(page).status_code == 200
        turn(served, switch)
        gone = http.get(page)
        assert gone.status_code == 404 and "いまは公開されていません" in gone.text
        turn(served, switch, off=False)
        assert http.get(page).status_code == 200
    turn(served, Switch(scope=Scope.TOPIC, name="moving"))
    assert http.get("/sources/482013/guide:move-in@vi").status_code == 404


def test_the_staff_page_offers_each_service_as_a_switch() -> None:
    from assistant.services.catalogue import load_catalogue

    for id_ in load_catalogue():
        assert Switch(scope=Scope.SERVICE, name=id_).name == id_
    with pytest.raises(ValueError, match="names what it stops"):
        Switch(scope=Scope.SERVICE)
