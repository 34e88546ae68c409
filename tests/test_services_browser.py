"""Acceptance: residents at a real browser go through services, down to the back office's database and our own."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_peer import serving as on_socket
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import text as sql

from assistant.bootstrap import System
from assistant.services.catalogue import load_catalogue
from assistant.web.app import create_app
from connectors.sandbox.backoffice import BackOffice, Mode
from tests.browser_steps import Open, ask
from tests.service_talks import serving
from tests.test_browser_axe import Check, axe, check  # noqa: F401

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db", delay=6.0) as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, office, services_timeout=3.0) as system:
        yield system


@pytest.fixture(scope="module")
def base(served: System) -> Iterator[str]:
    with on_socket(create_app(served)) as address:
        yield address


@pytest.fixture(autouse=True)
def good(office: BackOffice) -> Iterator[None]:
    office.mode = Mode.GOOD
    yield


def press(page: Page, label: str) -> str:
    """Press a button of the last answer; gives the text of the answer that follows."""
    answers = page.locator("madoguchi-chat article.turn-assistant")
    before = answers.count()
    page.locator("madoguchi-chat .choices button").filter(has_text=label).first.click()
    answers.nth(before).locator(".text").wait_for()
    return str(answers.nth(before).locator(".text").inner_text())


def acts(system: System, number: str) -> list[tuple[str, str]]:
    """(decision, language) of our own messages that bear this receipt."""
    with system.engine.connect() as c:
        rows = c.execute(sql("SELECT decision, language, payload FROM messages WHERE decision = 'act'")).all()
    return [(row.decision, row.language) for row in rows if number in str(row.payload)]


BOOK = {
    "ja": ("自転車", "はい", "朝凪市港町1-2-3", "2026年12月2日", "はい", "予約を取り消す", "はい"),
    "en": ("bicycle", "Yes", "1-2-3 Minato-machi", "Wednesday, 2 December 2026", "Yes", "Cancel the booking", "Yes"),
    "vi": ("xe đạp", "Có", "1-2-3 Minato-machi", "thứ Tư, ngày 2 tháng 12 năm 2026", "Có", "Hủy lịch thu gom", "Có"),
}  # fmt: skip


@pytest.mark.parametrize("language", BOOK)
def test_by_buttons_from_the_guides_offer_to_the_cancelled_booking(
    base: str, served: System, office: BackOffice, open_page: Open, language: str
) -> None:
    item, yes, address, day, sure, undo, really = BOOK[language]
    page = open_page(f"{base}?lang={language}", viewport=TELEPHONE)
    ask(page, load_catalogue()["bulky-waste"].offer[language])
    press(page, item)
    press(page, yes)
    ask(page, address)
    summary = press(page, day)
    assert "600" in summary and "港町1丁目2番3号" in summary
    before = len(office.rows("bookings"))
    receipt = press(page, sure)
    (row,) = [r for r in office.rows("bookings") if str(r["number"]) in receipt]
    assert len(office.rows("bookings")) == before + 1
    booked = (row["item"], row["yen"], row["address"], row["date"])
    assert booked == ("粗大ごみ（自転車）", 600, "港町1丁目2番3号", "2026-12-02")
    assert acts(served, str(row["number"])) == [("act", language)]
    press(page, undo)
    assert str(row["number"]) in press(page, really)
    (row,) = [r for r in office.rows("bookings") if r["number"] == row["number"]]
    assert row["state"] == "cancelled"


def test_a_double_click_on_yes_books_once_and_a_reload_shows_the_receipt(
    base: str, office: BackOffice, open_page: Open
) -> None:
    page = open_page(f"{base}?lang=ja", viewport=TELEPHONE)
    for words in ("布団の粗大ごみの収集を予約したい", "はい", "港町9-9", "12月4日"):
        ask(page, words)
    page.locator("madoguchi-chat .choices button").filter(has_text="はい").first.dblclick()
    page.get_by_text("受け付けました").wait_for()
    assert len([r for r in office.rows("bookings") if r["address"] == "港町9丁目9番"]) == 1
    page.reload()
    page.get_by_text("受け付けました").wait_for()
    assert page.locator("madoguchi-chat .choices button").filter(has_text="予約を取り消す").count() == 1


@pytest.mark.parametrize("mode", [Mode.DOWN, Mode.SLOW, Mode.NONSENSE])
def test_a_failing_back_office_ends_at_a_ticket_with_everything(
    base: str, served: System, office: BackOffice, open_page: Open, mode: Mode
) -> None:
    page = open_page(f"{base}?lang=vi", viewport=TELEPHONE)
    house = f"1-2-{[*Mode].index(mode) + 3} Minato-machi"
    for words in ("Tôi muốn đăng ký thu gom rác cồng kềnh", "xe đạp", "Có", house, "ngày 4 tháng 12"):
        ask(page, words)
    office.mode = mode
    press(page, "Có")
    ticket = page.locator("madoguchi-chat .card-handoff .ticket").inner_text()
    held = served.conversations.ticket(ticket)
    assert held is not None and held["why"] == "part_failed"
    number = f"港町1丁目2番{[*Mode].index(mode) + 3}号"
    assert all(part in str(held["summary"]) for part in (number, "自転車", "2026年12月4日", "600円"))


def test_a_reply_lost_by_a_gateway_still_ends_at_one_receipt(base: str, office: BackOffice, open_page: Open) -> None:
    page = open_page(f"{base}?lang=en", viewport=TELEPHONE)
    for words in ("I want to book a bulky waste pickup", "bicycle", "yes", "7-7-7 Sakae-machi", "4 December"):
        ask(page, words)
    office.mode = Mode.LOST
    receipt = press(page, "Yes")
    (row,) = [r for r in office.rows("bookings") if r["address"] == "栄町7丁目7番7号"]
    assert str(row["number"]) in receipt


STATUS = {
    "ja": ("はい", "SH-100234", "1990年4月12日", "用意ができました", "証明書の請求の状況（市の業務システム）"),
    "en": ("Yes", "SH-100234", "12 April 1990", "ready", "Status of a certificate request (the city's system)"),
    "vi": ("Có", "SH-100234", "12/4/1990", "sẵn sàng", "Tình trạng yêu cầu giấy chứng nhận (hệ thống của thành phố)"),
}


@pytest.mark.parametrize("language", STATUS)
def test_the_status_is_read_and_the_resident_sees_who_looked(
    base: str, served: System, open_page: Open, language: str
) -> None:
    yes, number, born, state, who = STATUS[language]
    page = open_page(f"{base}?lang={language}", viewport=TELEPHONE)
    ask(page, load_catalogue()["certificate-status"].offer[language])
    press(page, yes)
    ask(page, number)
    assert state in ask(page, born).inner_text()
    page.locator("madoguchi-chat .tool-record").click()
    entries = page.locator("madoguchi-chat dialog.record li")
    entries.nth(1).wait_for()
    assert entries.count() == 2 and who in entries.first.inner_text()
    page.keyboard.press("Escape")
    page.locator("madoguchi-chat dialog.record").wait_for(state="detached")
    page.reload()
    page.locator("madoguchi-chat article.turn-resident").nth(3).wait_for()
    said = page.locator("madoguchi-chat .bubble").all_inner_texts()
    assert [words[0] for words in said[2:]] == ["〔", "〔"], "what proved it is not kept"


REPORT = {
    "ja": ("大きな穴", "国道48号の港町交差点", "nation", "写真を送りました"),
    "en": ("a deep hole", "prefectural road near Minato park", "prefecture", "Photo sent"),
    "vi": ("ổ gà lớn", "đường thành phố gần công viên", "town", "Đã gửi ảnh"),
}  # fmt: skip


@pytest.mark.parametrize("language", REPORT)
def test_road_damage_with_a_photo_reaches_who_keeps_the_road(
    base: str, office: BackOffice, open_page: Open, tmp_path: Path, language: str
) -> None:
    what, place, recipient, sent = REPORT[language]
    page = open_page(f"{base}?lang={language}", viewport=TELEPHONE, faults_expected=True)  # a refused photo is a 415
    ask(page, load_catalogue()["road-damage"].offer[language])
    ask(page, what)
    ask(page, place)
    chooser = page.locator("madoguchi-chat .photo-row input[type=file]")
    chooser.set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.locator("madoguchi-chat .photo-row .failure").filter(has_text="JPEG").wait_for()
    chooser.set_input_files({"name": "a.heic", "mimeType": "image/heic", "buffer": b"x"})
    page.locator("madoguchi-chat .photo-row .failure").filter(has_text="HEIC").wait_for()
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "gray").save(out, "PNG")
    answers = page.locator("madoguchi-chat article.turn-assistant")
    before = answers.count()
    chooser.set_input_files({"name": "hole.png", "mimeType": "image/png", "buffer": out.getvalue()})
    answers.nth(before).locator(".text").wait_for()
    assert page.locator("madoguchi-chat .bubble").last.inner_text() == sent
    yes = page.locator("madoguchi-chat .choices button").first.inner_text()
    receipt = press(page, yes)
    (row,) = [r for r in office.rows("reports") if str(r["number"]) in receipt]
    assert (row["recipient"], row["what"], row["place"]) == (recipient, what, place)
    assert str(row["photo"]).startswith("data:image/jpeg;base64,")


def test_who_looked_and_the_photo_row_pass_axe_and_fit_a_telephone(
    base: str,
    open_page: Open,
    check: Check,  # noqa: F811
) -> None:
    page = open_page(f"{base}?lang=ja", viewport=TELEPHONE)
    for words in ("道路の穴を知らせたい", "大きな穴", "国道48号の港町交差点"):
        ask(page, words)
    assert page.locator("madoguchi-chat .photo-row button").bounding_box()["height"] >= 44  # type: ignore[index]
    check(page)
    page.locator("madoguchi-chat .tool-record").click()
    page.get_by_text("まだだれにも扱われていません").wait_for()
    check(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, wide
