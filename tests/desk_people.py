"""Who plays in the desk's acceptance tests: clerks and residents on its pages, and the running application."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from browser_steps import Open, ask
from playwright.sync_api import Page

from assistant.bootstrap import System
from assistant.desk.demo_users import DEMO_USERS

PASSWORDS = {name: password for name, _, password in DEMO_USERS}
CLERK, COLLEAGUE = "demo-clerk", "demo-clerk-2"
FRIDAY = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # ten in the morning in Japan: the desk is open
SOON = 5_000  # ms within which words must arrive on the other side


@dataclass
class Clock:
    """Goes on from Friday morning as real time does; can be put forward."""

    ahead: timedelta = timedelta()
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return FRIDAY + (datetime.now(UTC) - self.began) + self.ahead


@dataclass(kw_only=True)
class Desk:
    """The running application: its address, its parts and its clock."""

    base: str
    system: System
    clock: Clock

    def rows(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        """What is stored, read beside the server."""
        path = self.system.settings.home / "madoguchi.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()


Opened = Callable[..., Desk]
"""The fixture `desk`: settings beyond the usual ones → a running desk."""


def log_in(page: Page, name: str = CLERK) -> None:
    """Fill in the login form that the page shows."""
    page.get_by_label("名前").fill(name)
    page.get_by_label("パスワード").fill(PASSWORDS[name])
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("button", name="ログアウト").wait_for()


def hand_over(page: Page, words: str) -> str:
    """The resident asks for a person; gives the ticket's number."""
    return str(ask(page, words).locator(".ticket").text_content())


def say(page: Page, words: str) -> None:
    """The resident writes while staff have the case."""
    box = page.locator("madoguchi-chat .frame textarea")
    box.fill(words)
    box.press("Enter")


def write(page: Page, words: str) -> None:
    """The clerk types a reply without sending it."""
    page.get_by_label(re.compile("住民への返事")).fill(words)


def send(page: Page) -> None:
    """The clerk sends what stands in the box."""
    page.get_by_role("button", name="送る").click()


def at_case(open_page: Open, running: Desk, number: str, name: str = CLERK, **options: object) -> Page:
    """A clerk's page of the case, reached as clerks do: by login and queue."""
    page = open_page(f"{running.base}desk", **options)
    log_in(page, name)
    page.get_by_role("link", name=re.compile(number)).click()
    return page
