"""Official terms, the card for the counter, and the one tap that mends a wrong guess of the language."""

import re

import pytest
from browser_peer import Script
from browser_steps import Open, ask, embed, focused, start_panel
from playwright.sync_api import Locator, Page, Request, expect

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser


def shown(page: Page) -> Locator:
    """The card of a new answer, opened by its button."""
    ask(page, "引っ越し").locator(".show-card").click()
    page.locator("madoguchi-chat dialog .counter").wait_for()
    return page.locator("madoguchi-chat dialog.counter-dialog")


def test_terms_tell_word_reading_sound_local_name_and_meaning(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=vi")
    terms = ask(page, "x").get_by_role("region", name="Từ tiếng Nhật dùng tại quầy")
    expect(terms.locator("dl > div")).to_have_count(2)
    expect(terms.locator("dt[lang=ja] ruby").first).to_have_text(re.compile("転入届.*てんにゅうとどけ"))
    first = terms.locator("dd").first
    expect(first.locator(".term-local[lang=vi]")).to_have_text("thông báo chuyển đến")
    expect(first.locator("[lang=ja-Latn]")).to_have_text("tennyuutodoke")
    expect(first.locator("details p")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("details p[lang=vi]")).to_have_text("Thông báo phải nộp khi từ nơi khác chuyển đến.")


@pytest.mark.parametrize("scripts", [True, False])
def test_readers_of_japanese_see_no_terms(peer: str, open_page: Open, scripts: bool) -> None:
    page = open_page(f"{peer}?lang=ja", java_script_enabled=scripts)
    if scripts:
        ask(page, "引っ越し")
    else:
        page.locator("#text").fill("引っ越し")
        page.locator(".composer-send").click()
    expect(page.locator(".citations")).to_be_visible()
    expect(page.locator(".terms")).to_have_count(0)


def test_the_card_needs_no_network_once_it_is_open(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=vi")
    dialog = shown(page)
    page.context.set_offline(True)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    expect(dialog.locator(".counter-say")).to_contain_text("したいです。")
    expect(dialog.get_by_role("img", name="Trang hướng dẫn thủ tục này")).to_be_visible()
    dialog.get_by_role("checkbox").first.check()
    page.evaluate("() => { window.print = () => { window.printed = true; } }")
    dialog.get_by_role("button", name="In", exact=True).click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator("madoguchi-chat .frame")).to_be_hidden()
    copy = page.locator("madoguchi-chat .frame ~ .counter")
    expect(copy.locator(".counter-say")).to_be_visible()
    assert copy.locator("svg").evaluate("e => e.getBoundingClientRect().width") > 70  # 22 mm are 83 pixels
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(copy).to_have_count(0)
    assert asked == []


def test_the_card_is_a_dialog_by_keyboard(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=en")
    answer = ask(page, "引っ越し")
    answer.locator(".show-card").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Show this at the counter")
    dialog.locator(".counter").wait_for()
    assert "Close" in focused(page)
    for _ in range(12):  # through all checkboxes and around: never out of the dialog
        page.keyboard.press("Tab")
        inside = "Close" in focused(page) or "Print" in focused(page) or "input" in focused(page)
        assert inside or focused(page).startswith("body") or "counter-dialog" in focused(page), focused(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert "show-card" in focused(page)


def test_the_way_back_closes_the_card_and_stays_on_the_page(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=vi")
    dialog = shown(page)
    address = page.url
    page.go_back()
    expect(dialog).to_have_count(0)
    assert page.url == address
    shown_again = page.locator("madoguchi-chat .show-card")
    shown_again.click()
    dialog.get_by_role("button", name="Đóng").click()
    expect(dialog).to_have_count(0)
    page.go_back(wait_until="commit")
    expect(page.locator("madoguchi-chat .frame")).to_have_count(0)  # no entry of ours is left in between


def test_in_a_panel_escape_closes_the_card_only(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}gone")
    embed(page, "vi")
    panel = start_panel(page)
    dialog = shown(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel).to_be_visible()


def test_a_card_that_can_not_be_fetched_says_so(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=en", faults_expected=True)
    page.route("**/card/**", lambda route: route.abort())
    ask(page, "引っ越し").locator(".show-card").click()
    dialog = page.locator("madoguchi-chat dialog.counter-dialog")
    expect(dialog.get_by_role("status")).to_have_text("The card could not be opened. Please try again.")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_without_javascript_a_link_leads_to_the_card(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=vi", java_script_enabled=False)
    page.locator("#text").fill("引っ越し")
    page.locator(".composer-send").click()
    page.locator(".terms summary").first.click()
    expect(page.locator(".terms details p").first).to_be_visible()
    page.get_by_role("link", name="Đưa ra tại quầy").click()
    expect(page.locator("article.counter .counter-say")).to_be_visible()
    expect(page.locator("article.counter svg")).to_be_visible()


def test_an_answer_in_another_language_can_be_had_in_the_pages(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=ja")
    ask(page, "引っ越し")
    expect(page.locator(".answered-in")).to_have_count(0)
    script.language = "vi"  # what the next text is taken for
    answer = ask(page, "chuyen den")
    expect(answer.locator(".answered-in")).to_contain_text("ベトナム語で答えました")
    answer.get_by_role("button", name="日本語で答える").click()
    expect(page.locator("article.turn-assistant")).to_have_count(3)
    assert "language" not in script.asked[1]
    assert (script.asked[2]["text"], script.asked[2]["language"]) == ("chuyen den", "ja")
    expect(page.locator("article.turn-assistant .text").last).to_have_attribute("lang", "ja")
    expect(page.locator(".answered-in")).to_have_count(0)


def test_without_javascript_a_button_asks_again(peer: str, open_page: Open) -> None:
    page = open_page("about:blank", java_script_enabled=False)
    page.goto(f"{peer}?lang=ja")
    page.locator("#text").fill("vi:chuyen den")
    page.locator(".composer-send").click()
    page.get_by_role("button", name="日本語で答える").click()
    expect(page.locator(".turn-assistant .text")).to_have_count(2)
    expect(page.locator(".turn-assistant .text").last).to_have_attribute("lang", "ja")
    expect(page.locator(".answered-in")).to_have_count(0)


def test_a_language_chosen_on_the_page_counts_for_the_next_text(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=ja")
    ask(page, "引っ越し")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    ask(page, "300")
    ask(page, "400")
    assert [body.get("page") for body in script.asked] == [None, "en", None]


def test_words_from_right_to_left_stand_right_in_their_bubble(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=en", viewport={"width": 320, "height": 700})
    box = page.locator("madoguchi-chat .frame textarea")
    box.fill("مرحبا، متى يُجمع القمامة؟")
    assert box.evaluate("e => e.matches(':dir(rtl)')")
    ask(page, "مرحبا، متى يُجمع القمامة في شارعي 2026-11-20؟")
    bubble = page.locator(".turn-resident .bubble")
    assert bubble.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
