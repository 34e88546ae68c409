"""Resident and clerk talk to each other, both ways and live, over the real pages; in Japanese and in English."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser_peer import serving
from browser_steps import Open, ask
from playwright.sync_api import Page, expect
from test_browser_axe import Check, axe, check  # noqa: F401 - fixtures

from assistant.bootstrap import build
from assistant.desk.demo_users import DEMO_USERS, add_demo_users
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
PASSWORDS = {name: password for name, _, password in DEMO_USERS}
CLERK, COLLEAGUE, ADMIN = "demo-clerk", "demo-clerk-2", "demo-admin"
SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Japan; Monday is a holiday
SOON = 5_000  # ms within which words must arrive on the other side


def log_in(page: Page, name: str = CLERK) -> None:
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(PASSWORDS[name])
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("button", name="ログアウト").wait_for()


def hand_over(page: Page, words: str) -> str:
    """The resident asks for a person; gives the ticket's number."""
    card = ask(page, words).locator(".ticket")
    return str(card.text_content())


def say(page: Page, words: str) -> None:
    """The resident writes while staff have the case."""
    box = page.locator("madoguchi-chat .frame textarea")
    box.fill(words)
    box.press("Enter")


def reply(page: Page, words: str) -> None:
    page.get_by_label(re.compile("住民への返事")).fill(words)
    page.get_by_role("button", name="送る").click()


@pytest.mark.parametrize(
    ("language", "wish", "answer", "question"),
    [
        ("ja", "担当の人と話したい", "市民課の田中です。どうされましたか。", "印鑑をなくしました"),
        ("en", "I want to talk to a person", "Hello, this is the city office.", "I lost my seal"),
    ],
)
def test_resident_and_clerk_talk_live(
    site: str, open_page: Open, language: str, wish: str, answer: str, question: str
) -> None:
    resident = open_page(f"{site}?lang={language}")
    number = hand_over(resident, wish)
    clerk = open_page(f"{site}desk")
    log_in(clerk)
    clerk.get_by_role("link", name=re.compile(number)).click()
    clerk.get_by_role("button", name="対応する").click()
    expect(resident.locator("madoguchi-chat [data-state=taken]")).to_be_visible(timeout=SOON)
    reply(clerk, answer)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text(answer, timeout=SOON)
    say(resident, question)
    expect(clerk.locator(".turn-resident").last).to_contain_text(question, timeout=SOON)
    expect(resident.locator("madoguchi-chat .notice-delivered")).to_have_count(1, timeout=SOON)
    clerk.get_by_role("button", name="ボットに戻す").click()
    expect(resident.locator("madoguchi-chat [data-state=returned]")).to_be_visible(timeout=SOON)
    assert ask(resident, "住民票はいくらですか").locator(".citation-title").count() > 0, "the bot speaks again"
    resident.reload()
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text(answer)
    clerk.get_by_role("button", name="完了にする").click()
    expect(clerk.locator(".queue-closed", has_text=number)).to_be_visible()
    expect(resident.locator("madoguchi-chat [data-state=closed]")).to_be_visible(timeout=SOON)


@pytest.fixture
def weekend(demo_home: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the real application on a Saturday, whatever day it is."""
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    began = datetime.now(UTC)
    system = build(settings_for(home), clock=lambda: SATURDAY + (datetime.now(UTC) - began))
    add_demo_users(system.users, [DEMO], DEMO, SATURDAY)
    with serving(create_app(system)) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "wish", "phone", "send", "thanks"),
    [
        ("ja", "担当の人と話したい", "電話番号", "連絡を頼む", "承りました"),
        ("en", "I want to talk to a person", "Phone number", "Ask to be contacted", "Thank you"),
    ],
)
def test_out_of_hours_a_resident_leaves_a_number_and_a_clerk_sees_it(
    weekend: str,
    open_page: Open,
    check: Check,  # noqa: F811 - the fixture
    language: str,
    wish: str,
    phone: str,
    send: str,
    thanks: str,
) -> None:
    clerk = open_page(f"{weekend}desk")
    log_in(clerk)
    resident = open_page(f"{weekend}?lang={language}", faults_expected=True)  # the refused form is told to the console
    number = hand_over(resident, wish)
    expect(clerk.locator(".queue-line", has_text=number)).to_be_visible(timeout=SOON)
    assert clerk.title().startswith("(1)"), "the tab says that somebody waits"
    form = resident.locator("madoguchi-chat form.callback")
    form.get_by_role("button", name=send).click()
    expect(form.locator(".callback-said")).not_to_be_empty()
    form.get_by_label(phone).fill("call me")
    form.get_by_role("button", name=send).click()
    expect(form.locator(".callback-said")).not_to_be_empty()
    check(resident)
    form.get_by_label(phone).fill("000-482-7777")
    form.get_by_role("button", name=send).click()
    expect(form).to_contain_text(thanks, timeout=SOON)
    expect(clerk.locator(".queue-line", has_text=number)).to_contain_text("折り返し希望", timeout=SOON)
    clerk.get_by_role("link", name=re.compile(number)).click()
    expect(clerk.get_by_role("link", name="000-482-7777")).to_be_visible()
    clerk.get_by_role("button", name="折り返し済みにする").click()
    expect(clerk.get_by_text("折り返し済みにしました。")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_pages_have_no_barriers(weekend: str, open_page: Open, check: Check, scheme: str) -> None:  # noqa: F811
    resident = open_page(weekend, color_scheme=scheme, reduced_motion="reduce")
    ask(resident, "転入届の期限はいつまでですか")
    number = hand_over(resident, "担当の人と話したい")
    staff = open_page(f"{weekend}admin", color_scheme=scheme, reduced_motion="reduce")
    check(staff)
    log_in(staff, ADMIN)
    check(staff)
    staff.goto(f"{weekend}desk")
    check(staff)
    staff.get_by_role("link", name=re.compile(number)).click()
    staff.get_by_role("button", name="対応する").click()
    reply(staff, "こんにちは")
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text("こんにちは", timeout=SOON)
    staff.locator(".tried summary").first.click()
    check(staff)
    say(resident, "ありがとう")
    expect(resident.locator("madoguchi-chat .notice-delivered")).to_be_visible(timeout=SOON)
    check(resident)
    assert staff.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_colleague_sees_that_the_case_was_taken_and_drafts_are_kept(weekend: str, open_page: Open) -> None:
    resident = open_page(weekend)
    number = hand_over(resident, "担当の人と話したい")
    pages = [open_page(f"{weekend}desk"), open_page(f"{weekend}desk")]
    for page, name in zip(pages, (CLERK, COLLEAGUE), strict=True):
        log_in(page, name)
        page.get_by_role("link", name=re.compile(number)).click()
    first, second = pages
    second.get_by_label("メモ（住民には見えません）").fill("書きかけ")
    first.get_by_role("button", name="対応する").click()
    expect(second.get_by_text("状態が変わりました。")).to_be_visible(timeout=SOON)
    assert second.get_by_label("メモ（住民には見えません）").input_value() == "書きかけ"
    second.get_by_role("button", name="対応する").click()
    expect(second.get_by_text("ほかの職員が先に操作したか")).to_be_visible()
    assert second.get_by_label(re.compile("住民への返事")).count() == 0


def test_a_clerks_words_come_after_a_lost_connection(weekend: str, open_page: Open) -> None:
    resident = open_page(weekend, faults_expected=True)
    number = hand_over(resident, "担当の人と話したい")
    clerk = open_page(f"{weekend}desk")
    log_in(clerk)
    clerk.get_by_role("link", name=re.compile(number)).click()
    clerk.get_by_role("button", name="対応する").click()
    expect(resident.locator("madoguchi-chat [data-state=taken]")).to_be_visible(timeout=SOON)
    resident.context.set_offline(True)
    reply(clerk, "<b>市民課です</b>")
    expect(clerk.locator(".turn-clerk")).to_contain_text("<b>市民課です</b>")
    resident.context.set_offline(False)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_have_count(1, timeout=2 * SOON)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text("<b>市民課です</b>")
    resident.reload()
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_have_count(1)
    expect(resident.locator("madoguchi-chat [data-state=taken]")).to_have_count(1)
