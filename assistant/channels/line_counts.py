"""What this process has counted on LINE since it started."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

EVENTS: Final[tuple[str, ...]] = ("new", "repeat", "refused")
"""What became of an event, or of a whole webhook whose signature was wrong (refused)."""


@dataclass(slots=True)
class LineCounts:
    """Counts; safe to use from several threads. No text and no id is ever a label."""

    _events: Counter[str] = field(default_factory=Counter)
    _attempts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def came(self, what: str, number: int = 1) -> None:
        """Events came in: one of EVENTS."""
        with self._lock:
            self._events[what] += number

    def sent(self, way: str, end: str) -> None:
        """An attempt to send ended: way reply or push, end a value of `Sent`; or way none, end how it was given up."""
        with self._lock:
            self._attempts[way, end] += 1

    def events(self) -> dict[str, int]:
        """What became of them → how many; each of EVENTS is there."""
        with self._lock:
            return {what: self._events[what] for what in EVENTS}

    def attempts(self) -> dict[tuple[str, str], int]:
        """(way, end) → how many."""
        with self._lock:
            return dict(self._attempts)
