"""The LINE channel in /readyz and in /metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import State

from assistant.store.line_state import LineState

if TYPE_CHECKING:
    from assistant.channels.line import LineChannel  # loads LINE's SDK: only where it is set up

_BEHIND = timedelta(seconds=60)  # a reply token lives as long: who waits longer gets a push, or nothing


def line_report(state: State) -> dict[str, object]:
    """How LINE stands, for /readyz: state "not set up", "ok", "behind" or "failing (STATUS)", with figures.

    LINE never makes the server unready: residents on the page are answered meanwhile.
    """
    line: LineChannel | None = getattr(state, "line", None)
    if line is None:
        return {"state": "not set up"}
    found, now = line.state(), line.now()
    return {
        "state": _named(found, now),
        "last_event_at": _stamp(found.last_event_at),
        "last_sent_at": _stamp(found.last_sent_at),
        "events_waiting": found.events_waiting,
        "messages_waiting": found.messages_waiting,
    }


class LineCollector(Collector):
    """Figures of one LINE channel, taken when Prometheus asks."""

    def __init__(self, line: LineChannel) -> None:
        self._line = line

    def collect(self) -> Iterator[Metric]:
        """Events that came, attempts to send, and what waits."""
        events = CounterMetricFamily(
            "madoguchi_line_events", "Webhook events: new, repeat; refused counts webhooks with a wrong signature",
            labels=["what"],
        )  # fmt: skip
        for what, number in self._line.counts.events().items():
            events.add_metric([what], number)
        attempts = CounterMetricFamily(
            "madoguchi_line_attempts", "Attempts to send, by way (reply, push, none) and end", labels=["way", "end"]
        )
        for (way, end), number in self._line.counts.attempts().items():
            attempts.add_metric([way, end], number)
        found = self._line.state()
        waiting = GaugeMetricFamily("madoguchi_line_waiting", "Events and messages that wait", labels=["what"])
        waiting.add_metric(["events"], found.events_waiting)
        waiting.add_metric(["messages"], found.messages_waiting)
        oldest = GaugeMetricFamily("madoguchi_line_oldest_seconds", "How long the oldest of them has waited")
        since = found.waiting_since
        oldest.add_metric([], max(0.0, (self._line.now() - since).total_seconds()) if since else 0.0)
        yield from (events, attempts, waiting, oldest)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return iter(())


def _named(found: LineState, now: datetime) -> str:
    if found.trouble:
        return f"failing (LINE said {found.trouble})"
    behind = found.waiting_since is not None and now - found.waiting_since > _BEHIND
    return "behind" if behind else "ok"


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
