"""What browser tests do again and again: ask, open the panel, see where the focus is."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from playwright.sync_api import Locator, Page

# The last five keep Chromium from calling home: tests reach loopback only.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
Open = Callable[..., Page]
"""The fixture `open_page`: an address and options of a browser context."""


def program() -> str | None:
    """The system's Chromium; None: playwright's own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def ask(page: Page, text: str) -> Locator:
    """Asks in the question box and waits for the whole answer, which is given."""
    answers = page.locator("madoguchi-chat article.turn-assistant")
    before = answers.count()
    box = page.locator("madoguchi-chat .frame textarea")
    box.fill(text)
    box.press("Enter")
    answers.nth(before).wait_for()
    return answers.nth(before)


def start_panel(page: Page) -> Locator:
    """Opens the embedded panel by its launcher."""
    page.locator("madoguchi-chat .launcher").click()
    panel = page.locator("madoguchi-chat dialog.panel")
    panel.wait_for()
    return panel


def embed(page: Page, language: str = "ja") -> None:
    """Puts the chat with its launcher on a page of the stand-in that has none."""
    page.evaluate("""(language) => import("/static/widget/element.js").then((module) => {
      module.defineChat();
      const chat = document.createElement("madoguchi-chat");
      chat.setAttribute("town", "482013");
      chat.setAttribute("lang", language);
      document.body.append(chat);
    })""", language)  # fmt: skip
    page.locator("madoguchi-chat .launcher").wait_for()


def focused(page: Page) -> str:
    """What has the focus, through shadow trees: tag, classes and name."""
    return str(
        page.evaluate("""() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      const name = at?.getAttribute("aria-label") ?? at?.textContent.trim();
      return at ? `${at.localName}.${at.className}#${at.id} ${name}` : "";
    }""")
    )
