"""Rate limits: a token bucket for each address and purpose."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.web.problems import Problem

_REMEMBERED = 50_000  # buckets; the least recently used go first


class RateLimit:
    """At most `per_minute` calls a minute for each key, in bursts of as many."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → tokens left, at
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one call. Raises Problem 429 with Retry-After when there are too many."""
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            while len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        if not allowed:
            wait = max(1, round((1 - left) / self._rate))
            raise Problem(
                429, "Too many requests", f"Please wait {wait} seconds and try again.", {"Retry-After": str(wait)}
            )
