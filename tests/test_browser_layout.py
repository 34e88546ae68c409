"""How the chat looks: no overflow on a phone or with large text, dark, high contrast, reduced motion, on paper."""

import re
from collections.abc import Iterator

import pytest
from browser_steps import ARGUMENTS, Open, ask, embed, program, start_panel
from playwright.sync_api import Browser, Page, expect

from assistant.model import LANGUAGES

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
# Elements that reach beyond the window, of page and shadow tree; what only screen readers see does not count.
WIDER = """() => {
  const all = [...document.querySelectorAll("body *"),
    ...document.querySelector("madoguchi-chat")?.shadowRoot?.querySelectorAll("*") ?? []];
  return all.filter((e) => !e.closest(".offscreen, [hidden]") && e.getBoundingClientRect().width &&
    (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
    .map((e) => `${e.localName}.${e.className}`).concat(
      document.documentElement.scrollWidth > innerWidth ? ["page scrolls sideways"] : []);
}"""
# Controls smaller than 44 by 44; a link or chip inside running text is exempt (WCAG 2.5.5).
SMALL = """() => {
  const root = document.querySelector("madoguchi-chat").shadowRoot;
  const own = document.querySelectorAll("summary, .languages a");
  return [...own, ...root.querySelectorAll("button:not(.chip), select, textarea")]
    .filter((e) => e.checkVisibility())
    .map((e) => [e.getBoundingClientRect(), `${e.localName}.${e.className}`])
    .filter(([box]) => box.width < 44 || box.height < 44).map(([, name]) => name);
}"""
# Words that their button or row cuts off.
CLIPPED = """() => {
  const root = document.querySelector("madoguchi-chat").shadowRoot;
  return [...root.querySelectorAll("button, summary, .who, dt, dd")]
    .filter((e) => e.checkVisibility() && getComputedStyle(e).display !== "inline")
    .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 3)
    .map((e) => `${e.localName}.${e.className} ${e.textContent}`);
}"""


def talk(page: Page) -> None:
    """A thread with every kind of card."""
    for text in ("staff", "fire", "choose", "引っ越し"):
        ask(page, text)
    page.locator("madoguchi-chat .feedback button").nth(1).click()
    page.locator("madoguchi-chat .reasons button").first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overflows_on_a_phone(peer: str, open_page: Open, language: str) -> None:
    page = open_page(f"{peer}?lang={language}", viewport=PHONE)
    page.locator(".languages summary").click()
    fits(page)
    page.keyboard.press("Escape")
    talk(page)
    fits(page)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(CLIPPED) == []
    page.locator("madoguchi-chat .show-card").click()
    page.locator("madoguchi-chat dialog .counter").wait_for()
    fits(page)
    page.goto(f"{peer}card/482013?language={language}")
    fits(page)


def fits(page: Page) -> None:
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(WIDER) == [], width


@pytest.fixture
def large_text(chromium: Browser) -> Iterator[Browser]:
    """A Chromium whose reader has set letters of 32 pixels, twice the usual size."""
    settings = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    browser = chromium.browser_type.launch(executable_path=program(), args=settings)
    yield browser
    browser.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("embedded", [False, True])
def test_text_of_twice_the_size_fits(peer: str, large_text: Browser, width: int, embedded: bool) -> None:
    page = large_text.new_page(viewport={"width": width, "height": 740})
    page.set_default_timeout(30_000)
    page.goto(f"{peer}gone" if embedded else peer)
    if embedded:
        embed(page)
        start_panel(page)
    talk(page)
    assert page.evaluate(WIDER) == []
    size = page.locator(".turn-resident .bubble").first.evaluate("e => getComputedStyle(e).fontSize")
    assert size == "32px"


def test_the_panel_covers_a_phone_and_not_more(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}gone", viewport=PHONE)
    embed(page)
    panel = start_panel(page)
    talk(page)
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert page.evaluate(WIDER) == []


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(26, 26, 26)")])
def test_page_and_chat_follow_the_colour_scheme(peer: str, open_page: Open, scheme: str, background: str) -> None:
    page = open_page(peer, color_scheme=scheme)
    page.locator("madoguchi-chat .frame").wait_for()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == background
    assert page.locator(".foot").evaluate("e => getComputedStyle(e).backgroundColor") == background


def test_high_contrast_keeps_borders_and_reduced_motion_stands_still(peer: str, open_page: Open) -> None:
    page = open_page(peer, forced_colors="active", reduced_motion="reduce")
    answer = ask(page, "引っ越し")
    for part in (page.locator(".turn-resident .bubble"), answer.locator(".chip").first, answer.locator(".citations")):
        assert part.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    page.locator("madoguchi-chat .frame textarea").fill("slow")
    page.keyboard.press("Enter")
    assert page.locator(".draft .dots i").first.evaluate("e => getComputedStyle(e).animationName") == "none"


def test_paper_shows_the_thread_and_no_controls(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    ask(page, "引っ越し")
    page.evaluate("() => { window.print = () => { window.printed = true; } }")
    page.get_by_role("button", name="印刷").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    for gone in (".after", ".foot", ".tools", ".languages", ".page-foot"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".citations blockquote").first).to_be_visible()
    origin = page.locator(".citation-origin").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert re.search("https://www.city.asanagi.example/guides/move-in", origin)
