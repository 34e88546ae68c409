"""Tells staff of new cases by e-mail and webhook; what could not be sent is tried again, also after a restart.

A notice says that something waits and where to look, never what the resident said or who they are.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from assistant.language.words import Words
from assistant.model import Why
from assistant.settings import Settings
from assistant.store.notices import Notice, NoticeStore
from connectors.notify import Mail, send_mail, send_webhook
from connectors.transport import TransportError

log = logging.getLogger("madoguchi.notify")

FIRST_WAIT = timedelta(seconds=20)  # doubled after each failure
LONGEST_WAIT = timedelta(hours=1)
_POLL_SECONDS = 1.0
_TITLES = {"opened": "新しい受付", "callback": "折り返しの希望"}

Send = Callable[[Notice], None]
"""Sends one notice or raises TransportError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Sends what is due, over each channel that is configured."""

    store: NoticeStore
    channels: Mapping[str, Send]
    clock: Callable[[], datetime]
    _stop: threading.Event = field(default_factory=threading.Event)

    def send_due(self) -> int:
        """Try all that is due once; returns how many arrived."""
        arrived = 0
        for channel, send in self.channels.items():
            for notice in self.store.due(channel, self.clock()):
                if self.store.claim(notice, self.clock()):
                    arrived += self._try(notice, send)
        return arrived

    def unsent(self, town: str) -> list[tuple[str, int, datetime]]:
        """(channel, how many, since when) of the town's notices that failed and have not arrived yet."""
        return [entry for entry in self.store.unsent(town, self.clock()) if entry[0] in self.channels]

    def _try(self, notice: Notice, send: Send) -> bool:
        try:
            send(notice)
        except TransportError as exc:
            wait = min(FIRST_WAIT * 2**notice.attempts, LONGEST_WAIT)
            self.store.failed(notice, type(exc).__name__, self.clock() + wait)
            log.warning("notice by %s not sent: %s", notice.channel, type(exc).__name__)
            return False
        self.store.sent(notice, self.clock())
        return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """Sends in a thread of its own as long as the block lasts; without channels there is none."""
        if not self.channels:
            yield
            return
        thread = threading.Thread(target=self._run, name="notices", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            try:
                self.send_due()
            except Exception as exc:
                # The database may be away for a while; the notices wait in it, and this thread must outlive that.
                log.error("notices: %s", type(exc).__name__)


def notifier(settings: Settings, store: NoticeStore, words: Words, clock: Callable[[], datetime]) -> Notifier:
    """The notifier that the settings describe; without any it has no channels."""
    channels: dict[str, Send] = {}
    if settings.smtp_url.get_secret_value():
        channels["mail"] = partial(_mail, settings, words)
    if settings.notify_webhook:
        channels["webhook"] = partial(_webhook, settings, words, clock)
    return Notifier(store=store, channels=channels, clock=clock)


def _mail(settings: Settings, words: Words, notice: Notice) -> None:
    title = f"【窓口】{_TITLES[notice.kind]} {notice.ticket}"
    lines = (
        f"{_TITLES[notice.kind]}があります。", "", f"受付番号: {notice.ticket}",
        f"理由: {words.label(Why(notice.why))}", f"言語: {words.language_name(notice.language, 'ja')}",
        f"画面: {_address(settings, notice)}",
    )  # fmt: skip
    to = tuple(part.strip() for part in settings.notify_to.split(",") if part.strip())
    mail = Mail(
        sender=settings.notify_from, to=to, subject=title, text="\n".join(lines) + "\n", id=notice.delivery
    )  # fmt: skip
    send_mail(settings.smtp_url.get_secret_value(), mail)


def _webhook(settings: Settings, words: Words, clock: Callable[[], datetime], notice: Notice) -> None:
    value = {
        "event": f"ticket.{notice.kind}", "town": notice.town, "ticket": notice.ticket, "why": notice.why,
        "label": words.label(Why(notice.why)), "language": notice.language, "url": _address(settings, notice),
    }  # fmt: skip
    secret = settings.notify_secret.get_secret_value()
    send_webhook(settings.notify_webhook, value, secret=secret, delivery=notice.delivery, at=clock())


def _address(settings: Settings, notice: Notice) -> str:
    return f"{settings.public_url.rstrip('/')}/desk/tickets/{notice.ticket}"
