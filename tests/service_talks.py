"""What service tests share: a system over a real back office, and a resident who talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.model import Channel, Turn
from connectors.sandbox.backoffice import BackOffice
from tests.conftest import DEMO, settings_for

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Talk:
    """One conversation; each line is a turn, `last` the Message that answered it."""

    def __init__(self, system: System, language: str | None = None) -> None:
        self.system, self.language = system, language
        self.id, self.token = system.start(DEMO, language, Channel.WEB)
        self.turns = 0
        self.last: dict = {}

    def turn(self, text: str, id_: str | None = None) -> Turn:
        self.turns += 1
        return Turn(id=id_ or f"t{self.turns}", conversation=self.id, town=DEMO, text=text, language=self.language,
                    channel=Channel.WEB, at=self.system.clock())  # fmt: skip

    def say(self, *lines: str) -> dict:
        for line in lines:
            held = self.system.conversations.authorised(self.id, self.token)
            self.last = self.system.receive(self.turn(line), held)
        return self.last

    def press(self, label: str) -> dict:
        """Press the button that begins with the label: it must have been offered."""
        offered = [c["text"] for c in self.last["choices"] if c["label"].startswith(label)]
        assert offered, f"{label} was not offered: {[c['label'] for c in self.last['choices']]}"
        return self.say(offered[0])

    def accesses(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(entry.access.outcome, entry.access.what) for entry in self.system.access.entries(self.id)]

    def ticket(self) -> dict:
        found = self.system.conversations.ticket(self.last["handoff"]["ticket"])
        assert found is not None
        return dict(found)


@contextmanager
def serving(home: Path, office: BackOffice, **more: object) -> Iterator[System]:
    """A built system over this back office, the clock standing at NOW."""
    own = {"services_url": office.url, "services_timeout": 30.0, **more}
    system = build(settings_for(home, **own), clock=lambda: NOW)
    try:
        yield system
    finally:
        system.close()
