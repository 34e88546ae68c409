"""The Rasa engine: POST /model/parse of a Rasa server, with a deadline, a circuit breaker and a fallback.

The form of request and reply is that of Rasa 3's HTTP API (operation parseModelMessage).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

from assistant.errors import MadoguchiError
from assistant.model import Understanding
from assistant.understanding.port import TALK, Guess, IntentReader, is_topic, rules_first
from connectors.transport import TransportError, kept_client, post_json

TOPIC_FROM = 0.5
TALK_FROM = 0.7
"""Confidence from which Rasa's intent counts. Measured with an exported project: from 0.7 none of 231 questions to a
town hall was taken for small talk or as out of scope; a topic was named for 56 % of them, and for 9 % of 204 others."""

_SECONDS = 0.7  # for a whole reply; a turn that falls back must still be read within a second
_REST = 15.0  # seconds that Rasa is left alone after it failed
_FAILURES = 2  # in a row, until it is left alone
_CHECKED = 2.0  # seconds that a health check's result is held


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Leaves a failing peer alone for a while, then lets one caller try; safe to use from several threads."""

    failures: int = _FAILURES
    rest: float = _REST
    clock: Callable[[], float] = time.monotonic
    _failed: int = 0
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        """True when the peer may be asked; after a rest only the first caller gets True, until it reports back."""
        with self._lock:
            if self._failed < self.failures:
                return True
            now = self.clock()
            if now < self._until:
                return False
            self._until = now + self.rest
            return True

    def report(self, *, worked: bool) -> None:
        """Say how the try ended."""
        with self._lock:
            self._failed = 0 if worked else self._failed + 1
            if self._failed >= self.failures:
                self._until = self.clock() + self.rest

    @property
    def closed(self) -> bool:
        """True while the peer is asked as usual."""
        return self._failed < self.failures


class RasaFailed(MadoguchiError):
    """Rasa did not answer as its API says. See /readyz; the nearest-neighbour engine reads meanwhile."""


class RasaServer:
    """One Rasa server; shared by the readers of all towns, so that its breaker knows of every failure."""

    def __init__(self, url: str, token: str = "", *, seconds: float = _SECONDS, breaker: Breaker | None = None) -> None:
        """`url` is the server's root, such as http://127.0.0.1:5005; `token` is its --auth-token."""
        self._parse = _parse_address(url, token)
        self._seconds = seconds
        self._breaker = breaker or Breaker()
        self._checked: tuple[float, str] = (float("-inf"), "")
        kept_client()  # now, not within the first resident's second

    def parse(self, text: str) -> Guess | None:
        """Rasa's guess; None when it rejects. Raises RasaFailed within the deadline, at once while left alone."""
        if not self._breaker.may_try():
            raise RasaFailed
        try:
            guess = _guess_in(self._ask(text))
        except (TransportError, RasaFailed) as exc:
            self._breaker.report(worked=False)
            raise RasaFailed from exc
        self._breaker.report(worked=True)
        return guess

    def state(self) -> str:
        """ "ok", or "down (fallback in use)": found out by really parsing a word, at most every two seconds."""
        now = time.monotonic()
        at, held = self._checked
        if now - at < _CHECKED:
            return held
        try:
            self.parse("こんにちは")
            held = "ok"
        except RasaFailed:
            held = "down (fallback in use)"
        self._checked = (now, held)
        return held

    def _ask(self, text: str) -> object:
        """The reply's JSON. A thread waits for it, since a name that does not resolve can't be given a time limit."""
        replies: queue.SimpleQueue[object] = queue.SimpleQueue()

        def wait() -> None:
            try:
                status, value = post_json(self._parse, {"text": text}, seconds=self._seconds)
                replies.put(value if status == 200 else RasaFailed())
            except Exception as exc:  # handed over to the caller, who may have gone
                replies.put(exc)

        threading.Thread(target=wait, daemon=True, name="rasa").start()
        try:
            reply = replies.get(timeout=self._seconds)
        except queue.Empty as exc:
            raise RasaFailed from exc
        if isinstance(reply, Exception):
            raise RasaFailed from reply
        return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RasaReader:
    """Asks Rasa where rules see only a question; the fallback reads while Rasa is down."""

    server: RasaServer
    fallback: IntentReader
    name: str = "rasa"

    def read(self, text: str, language: str) -> Understanding:
        """As `IntentReader`; within a second, with `engine` telling who read."""
        try:
            return rules_first(text, language, self.server.parse, self.name)
        except RasaFailed:
            return self.fallback.read(text, language)


def _parse_address(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode({"token": token}) if token else "") if part)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/model/parse", query, ""))


def _guess_in(reply: object) -> Guess | None:
    """The intent of {"text", "intent": {"name", "confidence"}, …}. Raises RasaFailed for another form."""
    intent = reply.get("intent") if isinstance(reply, dict) else None
    if not isinstance(intent, dict) or "name" not in intent:
        raise RasaFailed
    name, confidence = intent["name"], intent.get("confidence")
    if name is None:
        return None  # Rasa's way to say that the text is empty or nothing fits
    if not isinstance(name, str) or isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise RasaFailed
    if not 0 <= confidence <= 1.0001:
        raise RasaFailed
    if not (name in TALK or is_topic(name)) or confidence < (TOPIC_FROM if is_topic(name) else TALK_FROM):
        return None
    return Guess(label=name, confidence=min(float(confidence), 1.0), engine="rasa")
