"""Who plays in the curation tests: two curators, a clerk, and a resident who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import Page

from assistant.bootstrap import System
from assistant.desk.staff import Role
from tests.browser_steps import Open
from tests.conftest import DEMO

PASSWORD = "asanagi-2026"
HANAKO, JIRO, CLERK = "hanako", "jiro", "uketsuke"


def add_staff(system: System) -> None:
    """Two curators and a clerk."""
    for name, role in ((HANAKO, Role.CURATOR), (JIRO, Role.CURATOR), (CLERK, Role.CLERK)):
        system.users.add(name, PASSWORD, role, DEMO, datetime.now(UTC))


class Resident:
    """Asks by the public API; each question is a conversation of its own."""

    def __init__(self, base: str) -> None:
        self.base = base

    def ask(self, text: str, language: str = "ja") -> dict[str, object]:
        started = httpx.post(
            f"{self.base}/api/v1/conversations", json={"town": DEMO, "language": language}, timeout=30
        ).json()
        address = f"{self.base}/api/v1/conversations/{started['id']}"
        token = {"Authorization": f"Bearer {started['token']}"}
        reply = httpx.post(f"{address}/messages", json={"text": text, "language": language}, headers=token, timeout=30)
        assert reply.status_code == 200, reply.text
        message: dict[str, object] = reply.json()
        self.last = (address, token, str(message["id"]))
        return message

    def unhelpful(self) -> None:
        """Say that the last answer did not help."""
        address, token, message = self.last
        body = {"message": message, "helpful": False}
        assert httpx.post(f"{address}/feedback", json=body, headers=token, timeout=30).status_code == 204


def log_in(open_page: Open, base: str, name: str, path: str = "/knowledge", **options: object) -> Page:
    """A page of that person, logged in, at `path`."""
    page = open_page(f"{base}/login?next=/knowledge", **options)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{base}/knowledge")
    if path != "/knowledge":
        page.goto(f"{base}{path}")
    return page


class Person:
    """The same over HTTP, without a browser."""

    def __init__(self, base: str, name: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=30, follow_redirects=True)
        form = self.http.get("/login?next=/knowledge").text.partition('name="form" value="')[2].partition('"')[0]
        sent = {"name": name, "password": PASSWORD, "form": form, "next": "/knowledge"}
        reply = self.http.post("/login", data=sent)
        assert reply.status_code == 200 and reply.url.path == "/knowledge", reply.text[:500]
        self.csrf = reply.text.partition('name="csrf" value="')[2].partition('"')[0]

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def post(self, path: str, fields: dict[str, object] | None = None, **more: object) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.csrf, **(fields or {})}, **more)  # type: ignore[arg-type]

    def new_draft(self, id_: str, title: str, *, language: str = "ja", questions: str = "") -> str:
        """A new guide's draft; returns its address."""
        fields = {"title": title, "id": id_, "language": language, "questions": questions or title, "gap": ""}
        reply = self.post("/knowledge/new", fields)
        assert reply.status_code == 200 and "/knowledge/drafts/" in reply.url.path, reply.text[:2000]
        return str(reply.url.path)

    def save(self, draft: str, revision: int, then: str = "stay", **fields: object) -> httpx.Response:
        """Save the form of KITE with these fields changed."""
        return self.post(draft, {**KITE, "revision": str(revision), "then": then, **fields})

    def publish(self, draft: str, revision: int) -> httpx.Response:
        return self.post(f"{draft}/publish", {"revision": str(revision)})


KITE = {
    "title": "凧揚げ広場の利用", "topic": "park", "questions": "凧揚げ広場はどこですか\n凧を揚げたい",
    "summary": "凧を揚げる広場を使う手続きです。", "where": "浜手町の凧揚げ広場", "fee": "1日 500円",
    "review_by": "2027-03-31", "heading": ["申し込み"], "text": ["使う日の3日前までに道路公園課に申し込みます。"],
}  # fmt: skip
"""A guide that the demo town does not have."""


def published(writer: Person, reviewer: Person, id_: str = "kite-plaza", **fields: object) -> str:
    """A new guide, written by one and published by the other; returns its draft's address."""
    draft = writer.new_draft(id_, str(KITE["title"]))
    assert writer.save(draft, 1, "submit", **fields).status_code == 200
    assert reviewer.publish(draft, 2).status_code == 200
    return draft


class Office:
    """A running server and the people who talk to it."""

    def __init__(self, home: Path, base: str) -> None:
        self.home, self.base = home, base
        self._people: list[Person] = []

    def person(self, name: str) -> Person:
        """Somebody of the staff, logged in."""
        self._people.append(Person(self.base, name))
        return self._people[-1]

    def close(self) -> None:
        """Everybody hangs up."""
        for person in self._people:
            person.http.close()
