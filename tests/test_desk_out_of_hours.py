"""Out of hours the page without JavaScript promises the right day in every language and takes a way to be reached."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import System, build
from assistant.desk.hours import ZONE
from assistant.language.numbers import format_date, format_time
from assistant.model import LANGUAGES
from assistant.web.app import create_app
from assistant.web.towns import interface
from tests.conftest import DEMO, settings_for

WISH = {
    "ja": "担当の人と話したい", "ja-x-easy": "市の人と話したいです", "en": "I want to talk to a person",
    "zh-Hans": "我想和工作人员说话", "vi": "Tôi muốn nói chuyện với nhân viên", "pt-BR": "Quero falar com um atendente",
    "zh-Hant": "我想跟承辦人員講話", "ko": "직원과 이야기하고 싶어요", "es": "Quiero hablar con una persona",
    "fil": "Gusto kong makausap ang isang tao", "id": "Saya mau bicara dengan petugas",
    "ne": "म कर्मचारीसँग कुरा गर्न चाहन्छु", "th": "อยากคุยกับเจ้าหน้าที่", "my": "ဝန်ထမ်းနဲ့ စကားပြောချင်ပါတယ်",
}  # fmt: skip
MOMENTS = {
    "evening": ("2026-11-20 17:15", "2026-11-24 08:30"),  # a Friday; Monday is 勤労感謝の日
    "early": ("2026-11-25 07:00", "2026-11-25 08:30"),
    "holiday": ("2026-11-23 10:00", "2026-11-24 08:30"),
    "Golden Week": ("2027-05-01 10:00", "2027-05-06 08:30"),
    "year-end": ("2026-12-28 18:00", "2027-01-04 08:30"),
    "new year": ("2027-01-02 12:00", "2027-01-04 08:30"),
}


class Clock:
    """Goes on by a millisecond each time it is read; can be set."""

    now = datetime(2026, 11, 20, tzinfo=ZONE)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def office(demo_home: Path, tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("promises") / "home"))
    system = build(settings_for(home), clock=clock)
    yield system
    system.close()


@pytest.fixture
def page(office: System) -> TestClient:
    return TestClient(create_app(office), follow_redirects=False)


def at(moment: str) -> datetime:
    return datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def fields(text: str) -> dict[str, str]:
    """What the page's forms carry: whose conversation it is, and the ticket."""
    names = ("town", "language", "conversation", "token", "ticket")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in names}
    return {name: match[1] for name, match in found.items() if match}


Handed = Callable[[str], str]


@pytest.fixture
def handed(page: TestClient) -> Handed:
    """The page after a wish for a person, by language."""
    return lambda language: page.post("/", data={"text": WISH[language], "language": language, "town": DEMO}).text


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_names_the_day_on_which_the_desk_opens(
    handed: Handed, clock: Clock, moment: str, language: str
) -> None:
    now, opening = (at(text) for text in MOMENTS[moment])
    clock.now = now
    text = handed(language)
    when = f"{format_date(opening.date(), language)} {format_time(opening.time(), language)}"
    assert when in text, "the day and the hour in the resident's language"
    assert 'action="/callback"' in text and interface(language)["callback_lead"] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_hours_minutes_are_promised_and_no_form_is_shown(handed: Handed, clock: Clock, language: str) -> None:
    clock.now = at("2026-11-20 10:00")
    text = handed(language)
    assert "30" in text and 'action="/callback"' not in text
    assert interface(language)["staff_refresh"] in text, "without scripts a button looks for what staff wrote"


@pytest.mark.parametrize("language", ["ja", "vi"])
def test_a_call_back_is_asked_for_without_javascript(
    office: System, page: TestClient, handed: Handed, clock: Clock, language: str
) -> None:
    clock.now = at("2026-12-30 10:00")
    ui, sent = interface(language), fields(handed(language))
    typed = {"name": "Nguyễn <b>", "phone": "call me", "email": "", "when": "1/4"}
    refused = page.post("/callback", data={**sent, **typed})
    assert refused.status_code == 422 and ui["callback_needed"] in refused.text
    assert 'value="Nguyễn &lt;b&gt;"' in refused.text and 'value="call me"' in refused.text, "what was typed stays"
    assert page.post("/callback", data={**sent, **typed, "phone": "0" * 60}).status_code == 422
    kept = page.post("/callback", data={**sent, **typed, "phone": "000-482-7777"})
    assert kept.status_code == 200 and ui["callback_sent"] in kept.text and 'action="/callback"' not in kept.text
    callback = office.desk.store.ticket(DEMO, sent["ticket"]).callback
    assert callback is not None and (callback.phone, callback.name) == ("000-482-7777", "Nguyễn <b>")


def test_nobody_else_can_ask_for_a_call_back_or_see_the_thread(
    office: System, page: TestClient, handed: Handed, clock: Clock
) -> None:
    clock.now = at("2026-12-30 10:00")
    sent, other = fields(handed("ja")), fields(handed("ja"))
    for wrong in ({**sent, "token": other["token"]}, {**sent, "conversation": "nobody"}):
        refused = page.post("/callback", data={**wrong, "phone": "000-482-7777"})
        assert refused.status_code == 409 and WISH["ja"] not in refused.text
    foreign = page.post("/callback", data={**sent, "ticket": other["ticket"], "phone": "000-482-7777"})
    assert foreign.status_code == 409 and interface("ja")["callback_failed"] in foreign.text
    assert all(office.desk.store.ticket(DEMO, each["ticket"]).callback is None for each in (sent, other))


def test_a_page_that_says_that_we_are_busy_shows_no_foreign_thread(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    system = build(settings_for(home, rate_messages=1))
    page = TestClient(create_app(system))
    sent = fields(page.post("/", data={"text": WISH["ja"], "language": "ja", "town": DEMO}).text)
    own = page.post("/", data={**sent, "text": "まだですか"})
    assert own.status_code == 429 and WISH["ja"] in own.text
    foreign = page.post("/", data={**sent, "token": "guessed", "text": "まだですか"})
    assert foreign.status_code == 429 and WISH["ja"] not in foreign.text
    system.close()


def test_staffs_words_are_looked_for_without_sending_anything(
    office: System, page: TestClient, handed: Handed, clock: Clock
) -> None:
    from assistant.desk.ticket import Move

    clock.now = at("2026-11-20 10:00")
    sent = fields(handed("ja"))
    (ticket,) = office.desk.store.open_tickets(sent["conversation"])
    office.desk.store.move(DEMO, ticket.id, Move.CLAIM, "tanaka", clock())
    office.desk.store.reply(DEMO, ticket.id, "tanaka", f"r-{ticket.id}", "市民課の田中です。", clock())
    shown = page.post("/", data={**sent, "text": "", "refresh": "1"}).text
    assert "市民課の田中です。" in shown
    assert [s.role for s in office.conversations.thread(sent["conversation"])].count("resident") == 1
