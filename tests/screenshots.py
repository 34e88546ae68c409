"""One conversation for each language on a telephone, as pictures: `python tests/screenshots.py OUT [LANGUAGE …]`.

Starts the demo (or uses the site that MADOGUCHI_TEST_SITE names), asks one question that a guide answers and one that a
table answers, and opens the card for the counter. Somebody who reads the language should look at the pictures.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser_replies import QUESTIONS
from browser_stage import ROOT, ready
from browser_steps import ARGUMENTS, ask, program
from playwright.sync_api import Page, sync_playwright

PHONE = {"width": 390, "height": 844}


@contextmanager
def site() -> Iterator[str]:
    """The address of a running demo."""
    given = os.environ.get("MADOGUCHI_TEST_SITE")
    if given:
        yield given
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "assistant", "demo", "--port", str(port)]
        environment = {**os.environ, "MADOGUCHI_HOME": home}
        demo = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        try:
            if not ready(f"http://127.0.0.1:{port}/", demo):
                raise SystemExit("the demo did not start; `madoguchi demo` says why")
            yield f"http://127.0.0.1:{port}/"
        finally:
            demo.terminate()
            demo.wait(10)


def pictures(page: Page, address: str, language: str, out: Path) -> None:
    """The pictures of one language, named NUMBER-WHAT."""
    guide, table = QUESTIONS[language]
    page.goto(f"{address}?lang={language}")
    page.locator("madoguchi-chat [data-resumed]").wait_for()
    page.screenshot(path=out / f"{language}-1-start.png")
    page.locator(".languages summary").click()
    page.screenshot(path=out / f"{language}-2-menu.png")
    page.keyboard.press("Escape")
    answer = ask(page, guide)
    if answer.locator(".choices").count():
        answer.locator(".choices button").first.click()
        answer = page.locator("madoguchi-chat article.turn-assistant").nth(1)
        answer.wait_for()
    for summary in answer.locator(".terms summary").all()[:1]:
        summary.click()
    whole(page, out / f"{language}-3-guide.png")
    card = answer.locator(".show-card")
    if card.count():
        card.click()
        page.locator("dialog .counter").wait_for()
        dialog = page.locator("dialog.counter-dialog")
        page.screenshot(path=out / f"{language}-4-card.png")
        dialog.evaluate("dialog => dialog.scrollTo(0, dialog.scrollHeight)")
        page.screenshot(path=out / f"{language}-5-card-end.png")
        page.keyboard.press("Escape")
    ask(page, table)
    whole(page, out / f"{language}-6-table.png")


def whole(page: Page, file: Path) -> None:
    """All of the page, with the question box at its end."""
    page.locator(".foot").evaluate("foot => { foot.style.position = 'static'; }")
    page.screenshot(path=file, full_page=True)
    page.locator(".foot").evaluate("foot => { foot.style.position = ''; }")


def main() -> None:
    """Takes the pictures of the languages named, or of all."""
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= QUESTIONS.keys():
        raise SystemExit(f"{__doc__}\nLanguages: {' '.join(QUESTIONS)}")
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        for language in sys.argv[2:] or QUESTIONS:
            context = browser.new_context(viewport=PHONE, device_scale_factor=1.5, is_mobile=True)
            pictures(context.new_page(), address, language, out)
            context.close()
            print(out / f"{language}-*.png")
        browser.close()


if __name__ == "__main__":
    main()
