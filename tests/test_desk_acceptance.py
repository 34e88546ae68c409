# ruff: noqa: F811 - fixtures of other files
"""A case from the first word to the stored record, in a real browser, and what happens when things go wrong."""

import re
import time
from datetime import timedelta

import pytest
from browser_steps import Open, ask
from desk_people import CLERK, COLLEAGUE, SOON, Opened, at_case, hand_over, log_in, say, send, write
from playwright.sync_api import Page, Route, expect
from test_browser_axe import Check, axe, check  # noqa: F401 - fixtures
from test_desk_notices import Hook, Postbox, hook, postbox  # noqa: F401 - fixtures

pytest_plugins = ("browser_stage", "desk_stage")
pytestmark = pytest.mark.browser

SPOKEN = {
    "ja": ("担当の人と話したい", "市民課の田中です。どうされましたか。", "印鑑をなくしました", "住民票はいくらですか"),
    "vi": ("Tôi muốn nói chuyện với nhân viên", "Xin chào, tôi là Tanaka ở thành phố.", "Tôi bị mất con dấu",
           "Phí cấp bản sao phiếu cư trú là bao nhiêu?"),
}  # fmt: skip


@pytest.mark.parametrize("language", SPOKEN)
def test_a_case_from_the_first_word_to_the_record(
    desk: Opened,
    open_page: Open,
    check: Check,
    language: str,
) -> None:
    running, (wish, answer, trouble, question) = desk(), SPOKEN[language]
    queue = open_page(f"{running.base}desk")
    log_in(queue)
    resident = open_page(f"{running.base}?lang={language}")
    number = hand_over(resident, wish)
    expect(queue.locator(".queue-line", has_text=number)).to_be_visible(timeout=SOON)
    queue.get_by_role("link", name=re.compile(number)).click()
    case = queue
    case.get_by_role("button", name="対応する").click()
    expect(resident.locator("madoguchi-chat [data-state=taken]")).to_be_visible(timeout=SOON)
    say(resident, trouble)
    expect(case.locator(".turn-resident").last).to_contain_text(trouble, timeout=SOON)
    expect(resident.locator("madoguchi-chat .notice-delivered")).to_have_count(1, timeout=SOON)
    write(case, answer)
    send(case)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text(answer, timeout=SOON)
    case.get_by_label("メモ（住民には見えません）").fill("本人確認済み")
    case.get_by_role("button", name="メモを残す").click()
    expect(case.locator(".note")).to_contain_text("本人確認済み")
    check(case)
    case.get_by_role("button", name="ボットに戻す").click()
    expect(resident.locator("madoguchi-chat [data-state=returned]")).to_be_visible(timeout=SOON)
    assert ask(resident, question).locator(".citation-title").count() > 0, "the bot answers again"
    case.get_by_role("button", name="完了にする").click()
    expect(resident.locator("madoguchi-chat [data-state=closed]")).to_be_visible(timeout=SOON)
    assert "本人確認済み" not in resident.content()
    ticket = running.rows("SELECT state, taken_by, language FROM tickets WHERE id = ?", number)
    assert ticket == [("closed", CLERK, language)]
    assert running.rows("SELECT author, text FROM ticket_notes") == [(CLERK, "本人確認済み")]
    told = [kind for (kind,) in running.rows("SELECT kind FROM desk_events WHERE ticket = ? ORDER BY seq", number)]
    assert told == ["opened", "state", "turn", "reply", "note", "state", "turn", "state"]
    read = running.system.access.entries(str(running.rows("SELECT conversation FROM tickets")[0][0]))
    assert {entry.access.who for entry in read} == {f"clerk:{CLERK}"}, "the record says who has read it"


def test_two_clerks_claim_at_once_and_one_has_it(desk: Opened, open_page: Open) -> None:
    running = desk()
    resident = open_page(running.base)
    number = hand_over(resident, "担当の人と話したい")
    pages = [at_case(open_page, running, number, name) for name in (CLERK, COLLEAGUE)]
    for held in [press_and_hold(page) for page in pages]:  # both have pressed before the server hears of either
        held.continue_()
    for page in pages:
        expect(page.get_by_role("button", name="対応する")).to_have_count(0, timeout=SOON)
    boxes = [page.get_by_label(re.compile("住民への返事")).count() for page in pages]
    assert sorted(boxes) == [0, 1], "exactly one may reply"
    loser = pages[boxes.index(0)]
    expect(loser.get_by_text("ほかの職員が先に操作したか")).to_be_visible()
    holder = (CLERK, COLLEAGUE)[boxes.index(1)]
    assert running.rows("SELECT state, taken_by FROM tickets") == [("taken", holder)]
    assert running.rows("SELECT count(*) FROM desk_events WHERE kind = 'state'") == [(1,)]


def test_news_of_a_colleague_does_not_take_away_the_answer_to_a_press(desk: Opened, open_page: Open) -> None:
    running = desk()
    number = hand_over(open_page(running.base), "担当の人と話したい")
    late, early = (at_case(open_page, running, number, name) for name in (CLERK, COLLEAGUE))
    held = press_and_hold(late)
    with late.expect_response("**/thread"):  # the page hears that the case was taken, while its own press is on its way
        early.get_by_role("button", name="対応する").click()
    held.continue_()
    expect(late.get_by_text("ほかの職員が先に操作したか")).to_be_visible(timeout=SOON)
    assert running.rows("SELECT state, taken_by FROM tickets") == [("taken", COLLEAGUE)]


def press_and_hold(page: Page) -> Route:
    """Presses the button that claims the case; the request waits until it is let on."""
    held: list[Route] = []
    page.route("**/move", lambda route: held.append(route))
    page.get_by_role("button", name="対応する").click(no_wait_after=True)
    while not held:
        page.wait_for_timeout(20)
    return held[0]


def test_words_typed_when_the_session_ends_are_sent_after_the_login(
    desk: Opened,
    open_page: Open,
    check: Check,
) -> None:
    running, words = desk(), "市民課です。\n\n<b>明日</b>お越しください。"
    resident = open_page(running.base)
    case = at_case(open_page, running, hand_over(resident, "担当の人と話したい"), faults_expected=True)
    case.get_by_role("button", name="対応する").click()
    write(case, words)
    for cookie in case.context.cookies():
        running.system.users.end_session(str(cookie["value"]))
    say(resident, "もしもし")  # the open page hears of it, and must not leave the half-written words for the login page
    expect(case.get_by_text("状態が変わりました。")).to_be_visible(timeout=SOON)
    assert case.get_by_label(re.compile("住民への返事")).input_value() == words
    send(case)
    expect(case.locator("p", has_text="明日")).to_be_visible()
    check(case)
    log_in(case)
    expect(case.get_by_role("heading", name="続きを送る")).to_be_visible()
    check(case)
    assert resident.locator("madoguchi-chat .turn-clerk").count() == 0
    send(case)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_contain_text("<b>明日</b>お越しください。", timeout=SOON)
    expect(resident.locator("madoguchi-chat .turn-clerk")).to_have_count(1)


def test_a_reply_to_a_case_that_was_taken_over_is_not_lost(desk: Opened, open_page: Open) -> None:
    running = desk()
    number = hand_over(open_page(running.base), "担当の人と話したい")
    case = at_case(open_page, running, number, faults_expected=True)
    case.get_by_role("button", name="対応する").click()
    write(case, "長い返事を書きました")
    again = case.context.new_page()  # the same clerk gives the case back in another tab
    again.goto(case.url)
    again.get_by_role("button", name="受付に戻す").click()
    expect(case.get_by_text("状態が変わりました。")).to_be_visible(timeout=SOON)
    send(case)
    expect(case.locator("[data-unsent]")).to_have_text("長い返事を書きました")
    assert running.rows("SELECT count(*) FROM events WHERE kind = 'clerk'") == [(0,)]


def test_dead_mail_and_webhook_servers_delay_nobody_and_are_shown(
    desk: Opened,
    open_page: Open,
    check: Check,
    postbox: tuple[Postbox, str],
    hook: Hook,
) -> None:
    box, smtp = postbox
    box.broken, hook.broken = 1, 1
    running = desk(
        smtp_url=f"smtp://{smtp}", notify_to="desk@city.example", notify_webhook=hook.base, notify_secret="x"
    )
    number = hand_over(open_page(running.base), "担当の人と話したい")
    queue = open_page(f"{running.base}desk")
    log_in(queue)
    wait_until(lambda: len(running.system.notifier.unsent("482013")) == 2)
    queue.reload()
    expect(queue.get_by_text("メールのお知らせ1件がまだ届いていません")).to_be_visible()
    expect(queue.get_by_text("Webhookのお知らせ1件がまだ届いていません")).to_be_visible()
    check(queue)
    running.clock.ahead = timedelta(minutes=5)
    wait_until(lambda: running.system.notifier.unsent("482013") == [])
    assert len(box.letters) == 1 and len(hook.bodies) == 2 and number in hook.bodies[1].decode()
    queue.reload()
    expect(queue.get_by_text("まだ届いていません")).to_have_count(0)


def wait_until(true: object, seconds: float = 30) -> None:
    """Return when it is true; fail after that many seconds."""
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not become true in time"
        time.sleep(0.1)


def test_every_desk_page_fits_a_telephone(desk: Opened, open_page: Open, check: Check) -> None:
    running = desk()
    resident = open_page(running.base)
    ask(resident, "転入届の期限はいつまでですか")
    number = hand_over(resident, "担当の人と話したい")
    page = open_page(f"{running.base}desk", viewport={"width": 390, "height": 844}, faults_expected=True)
    visited = []
    for step in (
        lambda: None, lambda: log_in(page, "demo-admin"),
        lambda: page.get_by_role("link", name=re.compile(number)).click(),
        lambda: page.get_by_role("button", name="対応する").click(),
        lambda: page.locator(".tried summary").first.click(),
        lambda: page.goto(f"{running.base}admin"), lambda: page.goto(f"{running.base}desk/tickets/NONE"),
    ):  # fmt: skip
        step()
        page.wait_for_load_state("load")
        visited.append(page.url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        check(page)
    assert len(set(visited)) >= 5
    expect(page.get_by_text("見つかりませんでした")).to_be_visible()
