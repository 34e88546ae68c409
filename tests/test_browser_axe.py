"""axe-core finds nothing serious or critical: page, panel, cards, dialog, source and error page, light and dark."""

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_replies import TOWN
from browser_steps import Open, ask, embed, start_panel
from playwright.sync_api import Page

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
VERSION = "4.10.3"
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.target.join(" ")} ${node.failureSummary}`));
}"""
Check = Callable[[Page], None]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core (MPL-2.0; not part of this repository), packed by npm into a cache folder once."""
    cache = Path.home() / ".cache" / "madoguchi-tests"
    packed = cache / f"axe-core-{VERSION}.tgz"
    if not packed.exists():
        if shutil.which("npm") is None:
            pytest.skip("npm is missing: install it to check accessibility with axe-core")
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", f"axe-core@{VERSION}"], cwd=cache, check=True, capture_output=True)
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


@pytest.fixture
def check(axe: str) -> Check:
    """Asserts that the page has no serious or critical finding."""

    def checked(page: Page) -> None:
        # evaluate, not a script element: the page's own policy forbids inline scripts, as it should.
        page.evaluate(axe)
        assert page.evaluate(RUN) == []

    return checked


def test_axe_finds_a_planted_fault(open_page: Open, peer: str, axe: str) -> None:
    page = open_page(peer)
    page.locator("madoguchi-chat .frame").wait_for()
    page.evaluate("document.querySelector('.brand').append(document.createElement('button'))")
    page.evaluate(axe)
    assert any(finding.startswith("button-name") for finding in page.evaluate(RUN))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_with_every_card(peer: str, open_page: Open, check: Check, scheme: str) -> None:
    page = open_page(peer, color_scheme=scheme, reduced_motion="reduce")
    page.locator("madoguchi-chat .frame").wait_for()
    check(page)
    for text in ("staff", "fire", "引っ越し", "choose"):
        ask(page, text)
    page.locator(".feedback button").nth(1).click()
    page.locator(".languages summary").click()
    check(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="会話を消す").click()
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel(peer: str, open_page: Open, check: Check, scheme: str, width: int) -> None:
    size = {"width": width, "height": 740}
    page = open_page(f"{peer}gone", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    check(page)
    embed(page, "vi")
    check(page)
    start_panel(page)
    for text in ("staff", "fire", "chuyển đến"):
        ask(page, text)
    page.locator("madoguchi-chat .terms summary").first.click()
    check(page)
    page.locator("madoguchi-chat .show-card").click()
    page.locator("madoguchi-chat dialog .counter").wait_for()
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_without_javascript(peer: str, open_page: Open, check: Check, scheme: str) -> None:
    page = open_page("about:blank", color_scheme=scheme)
    page.route("**/widget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for text in ("fire", "引っ越し"):
        page.goto(peer)
        check(page)
        page.get_by_label("質問", exact=True).fill(text)
        page.get_by_role("button", name="送信").click()
        check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_for_the_counter(peer: str, open_page: Open, check: Check, scheme: str) -> None:
    for language in ("ja", "ja-x-easy", "my"):
        check(open_page(f"{peer}card/{TOWN}?language={language}", color_scheme=scheme))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_source_page(site: str, open_page: Open, check: Check, scheme: str) -> None:
    page = open_page(f"{site}?lang=ja", color_scheme=scheme)
    answer = ask(page, "引っ越してきました。何をすればいいですか")
    page.goto(str(answer.locator("a.citation-title").first.get_attribute("href")))
    page.locator("mark#quote").wait_for()
    check(page)
    page.goto(f"{site}sources/{TOWN}/guide%3Amove-in%40ja")
    check(page)
