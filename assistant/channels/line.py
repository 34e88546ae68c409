"""The LINE channel: takes events in, and works them off in threads that survive anything but the end of the process.

An event is in the database before LINE gets its 200. A worker takes it out, lets the pipeline answer, and puts the
answer into the outbox together with the note that the event is done. The sender takes it from there. Each step can be
cut off anywhere: turns are known by the event's id, outbox rows by what they answer, pushes by their retry key, replies
by their one-use token.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from assistant.bootstrap import System
from assistant.channels.line_counts import LineCounts
from assistant.channels.line_delivery import Again, Ended, Way, begun, choose, judge
from assistant.channels.line_events import REPLY_FOR, LineEvents
from assistant.channels.line_words import say
from assistant.errors import UnknownTown
from assistant.store.line import LineStore
from assistant.store.line_records import Arrived, Outgoing
from assistant.store.line_state import LineState, line_state
from connectors.line import LineClient, genuine, read_event
from connectors.line_receipt import Receipt

log = logging.getLogger("madoguchi.line")

_SEND_LEASE = timedelta(seconds=15)  # longer than any call to LINE
_POLL_SECONDS = 0.5  # events of other processes, and what has come due
_TRIES = 5  # with an event that fails; then the resident is told so
_STAFF_SECONDS = 1.0  # between two looks for a clerk's words

Step = Callable[[], bool]


class LineChannel:
    """One LINE Official Account; made by `open`, begun by `start`."""

    def __init__(self, system: System, client: LineClient, *, reply_for: timedelta = REPLY_FOR,
                 first_wait: float = 1.0) -> None:  # fmt: skip
        """`first_wait`: seconds before the second attempt to send; each further one waits twice as long."""
        self._system, self._client, self._first_wait = system, client, first_wait
        self._secret = system.settings.line_channel_secret.get_secret_value()
        self.store, self.counts = LineStore(system.engine), LineCounts()
        self._events = LineEvents(
            system=system, store=self.store, language_of=client.language_of, picture_of=client.picture,
            reply_for=reply_for,
        )  # fmt: skip
        # A turn may wait for a language model; a row that is taken longer falls to another worker, which does no harm.
        self._lease = timedelta(seconds=20 + (system.settings.llm_timeout if system.parts.writer else 0))
        self._stopping, self._wake = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    @classmethod
    def open(cls, system: System) -> LineChannel:
        """The channel that the settings describe, not yet started."""
        token = system.settings.line_access_token.get_secret_value()
        return cls(system, LineClient(access_token=token, address=system.settings.line_api_base))

    def state(self) -> LineState:
        """How the channel stands, whichever process did the work."""
        return line_state(self._system.engine)

    def now(self) -> datetime:
        """The time by the system's clock."""
        return self._system.clock()

    def genuine(self, body: bytes, signature: str) -> bool:
        """Whether LINE signed the body with this channel's secret."""
        signed = genuine(self._secret, body, signature)
        if not signed:
            self.counts.came("refused")
        return signed

    def take_in(self, town: str, events: Iterable[Mapping[str, object]]) -> int:
        """Keep the events of one webhook, each once; returns how many are new. Raises UnknownTown."""
        if self._system.knowledge.town(town) is None:
            raise UnknownTown
        arrived = [self._arrived(town, raw) for raw in events]
        new = self.store.take_in(town, arrived, self._system.clock())
        self.counts.came("new", new)
        self.counts.came("repeat", len(arrived) - new)
        self._wake.set()
        return new

    def start(self, workers: int = 2) -> None:
        """Begin to work events off and to send."""
        loops = [("line-in", self._receive_one)] * workers + [("line-out", self._send_one)] * workers
        for name, step in [*loops, ("line-staff", self._relay)]:
            thread = threading.Thread(target=self._run, args=(step,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Finish what is under way, at most one call to LINE and one turn for each worker."""
        self._stopping.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=15)

    def resident(self, town: str, user: str) -> str:
        """What all rows know the resident by: without the channel's secret nobody finds LINE's id from it."""
        return hmac.new(self._secret.encode(), f"{town}:{user}".encode(), hashlib.sha256).hexdigest()

    def _arrived(self, town: str, raw: Mapping[str, object]) -> Arrived:
        event = read_event(raw)
        return Arrived(
            id=event.id, resident=self.resident(town, event.user) if event.user else "", user_id=event.user,
            message=event.message, kind=event.kind.value, payload=dict(raw),
        )  # fmt: skip

    def _run(self, step: Step) -> None:
        while not self._stopping.is_set():
            try:
                busy = step()
            except Exception as exc:  # a full disk or a lost database ends; what waits is still there then
                log.error("LINE worker failed: %s", type(exc).__name__)
                busy = False
            if not busy:
                self._wake.wait(_POLL_SECONDS)
                if not self._stopping.is_set():
                    self._wake.clear()

    def _receive_one(self) -> bool:
        """Deal with one event; False when none is due."""
        now = self._system.clock()
        waiting = self.store.next_event(now, self._lease)
        if waiting is None:
            return False
        state = "done"
        try:
            outgoing = self._events.outgoing(waiting)
        except Exception as exc:  # whatever fails, the resident must not wait for ever, nor the events behind this one
            log.error("LINE event failed: %s", type(exc).__name__)
            if waiting.tries + 1 < _TRIES:
                self.store.postpone_event(waiting, now + timedelta(seconds=2.0**waiting.tries))
                return True
            outgoing, state = self._events.apology(waiting), "failed"
        self.store.finish_event(waiting, outgoing, self._system.clock(), state)
        self._wake.set()
        return True

    def _send_one(self) -> bool:
        """Try to send one row of the outbox; False when none is due."""
        outgoing = self.store.next_outgoing(self._system.clock(), _SEND_LEASE)
        if outgoing is None:
            return False
        now = self._system.clock()
        way = choose(outgoing, now)
        if way is Way.GIVE_UP:
            self.store.end_outgoing(outgoing, "unsure", now)
            self.counts.sent("none", "unsure")
            log.warning("LINE: whether a reply arrived can't be found out")
            return True
        user = self.store.known(outgoing.town, outgoing.resident).user_id if way is Way.PUSH else ""
        if way is Way.PUSH and not user:
            self.store.end_outgoing(outgoing, "dropped", now)  # the resident has blocked the account
            self.counts.sent("none", "dropped")
            return True
        self.store.note_way(begun(outgoing, way, now))
        receipt = self._sent(way, user, outgoing)
        self.counts.sent(way.value, receipt.sent.value)
        self._conclude(judge(outgoing, way, receipt, self._system.clock(), self._first_wait))
        return True

    def _sent(self, way: Way, user: str, outgoing: Outgoing) -> Receipt:
        if way is Way.REPLY:
            return self._client.reply(outgoing.reply_token, outgoing.messages)
        return self._client.push(user, outgoing.messages, outgoing.retry_key)

    def _conclude(self, verdict: Ended | Again) -> None:
        now = self._system.clock()
        match verdict:
            case Ended():
                self.store.end_outgoing(verdict.outgoing, verdict.state, now)
                if verdict.state != "sent":
                    log.error("LINE refused messages: %s after status %s", verdict.state, verdict.outgoing.status)
            case Again():
                self.store.note_attempt(verdict.outgoing, now + timedelta(seconds=verdict.wait))

    def _relay(self) -> bool:
        """Post what clerks said to residents on LINE; between two looks it waits by itself."""
        for town, resident, seq, payload in self.store.staff_words():
            text, now = str(payload.get("text") or ""), self._system.clock()
            if text.strip():
                posted = Outgoing(town=town, resident=resident, source=f"clerk:{seq}", messages=tuple(say(text)))
                self.store.post(posted, now)
            self.store.note_resident(town, resident, now, relayed=seq)
        self._stopping.wait(_STAFF_SECONDS)
        return False
