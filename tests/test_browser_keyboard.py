"""The chat by keyboard alone, and what a screen reader is told."""

import pytest
from browser_steps import Open, ask, embed, focused, start_panel
from playwright.sync_api import expect

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
# Everything that was added to the log and is not hidden from assistive technology.
WATCH = """() => {
  const log = document.querySelector("madoguchi-chat").shadowRoot.querySelector("[role=log]");
  window.added = [];
  new MutationObserver((records) => {
    for (const { addedNodes, target } of records)
      for (const node of addedNodes)
        if (!(target.closest?.("[aria-hidden=true]") || node.closest?.("[aria-hidden=true]")))
          window.added.push(node.className);
  }).observe(log, { childList: true, subtree: true, characterData: true });
}"""


def test_skip_link_question_answer_and_source_by_keyboard(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    page.locator("madoguchi-chat .frame").wait_for()
    page.keyboard.press("Tab")
    assert focused(page).startswith("a.skip")
    page.keyboard.press("Enter")
    assert focused(page).startswith("textarea")
    page.keyboard.type("引っ越し")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("です")
    page.keyboard.press("Enter")
    page.locator("madoguchi-chat .after").wait_for()
    assert page.locator(".turn-resident .bubble").inner_text() == "引っ越し\nです"
    assert focused(page).startswith("textarea")
    seen = []
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        seen.append(focused(page))
    assert any("chip" in name for name in seen) and any("citation-title" in name for name in seen)
    assert any("いいえ" in name for name in seen)


def test_the_language_menu_works_by_keyboard(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    page.locator("madoguchi-chat .frame").wait_for()
    page.locator(".languages summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert not page.locator(".languages").evaluate("e => e.open")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".brand-title")).to_have_text("Help Desk Chat")
    assert focused(page).startswith("summary")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel_opens_and_closes_by_keyboard(peer: str, open_page: Open, width: int) -> None:
    page = open_page(f"{peer}gone", viewport={"width": width, "height": 740})
    embed(page)
    page.locator("madoguchi-chat .launcher").focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith("textarea")
    panel = page.locator("madoguchi-chat dialog")
    assert panel.evaluate("e => e.matches(':modal')") is (width == 360)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("madoguchi-chat .launcher")).to_be_focused()


def test_focus_stays_in_the_modal_panel_only(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}gone", viewport={"width": 360, "height": 740})
    embed(page)
    start_panel(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("['MADOGUCHI-CHAT', 'BODY'].includes(document.activeElement.tagName)")


def test_an_answer_is_announced_once_and_whole(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    page.locator("madoguchi-chat .frame").wait_for()
    page.evaluate(WATCH)
    ask(page, "引っ越し")
    assert page.evaluate("window.added") == ["turn turn-resident", "turn turn-assistant"]


def test_composing_with_an_input_method_does_not_send(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    box = page.locator("madoguchi-chat .frame textarea")
    box.fill("ひっこし")
    box.evaluate("""e => e.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))""")
    page.wait_for_timeout(100)
    assert page.locator(".turn").count() == 0
    expect(box).to_have_value("ひっこし")


def test_a_long_question_is_counted_and_a_longer_one_not_sent(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    box = page.locator("madoguchi-chat .frame textarea")
    counter = page.locator("madoguchi-chat .composer-counter")
    box.fill("あ" * 1499)
    expect(counter).to_be_hidden()
    box.fill("あ" * 1600)
    expect(counter).to_have_text("あと400文字")
    box.fill("あ" * 2001)
    expect(counter).to_contain_text("1文字多くなっています")
    box.press("Enter")
    assert page.locator(".turn").count() == 0
    expect(box).to_have_attribute("aria-invalid", "true")
