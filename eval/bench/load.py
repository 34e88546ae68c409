"""A bounded closed-loop load over loopback: so many conversations at once, each asking one question after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
import numpy as np

Ask = Callable[[httpx.AsyncClient, int, str], Awaitable[int]]
"""Sends one question of a conversation; returns the HTTP status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """What a run saw; milliseconds."""

    p50: float
    p95: float
    p99: float
    per_second: float
    asked: int
    failed: int

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms, p99 {self.p99:.1f} ms, {self.per_second:.0f}/s, "
            f"n={self.asked}, failed {self.failed}"
        )


async def load(base: str, questions: Sequence[str], ask: Ask, *, conversations: int, each: int) -> Latencies:
    """Every conversation asks `each` questions in turn, all conversations at once; ends by itself.

    Raises ValueError for an address that is not on this machine.
    """
    if not base.startswith("http://127.0.0.1:"):
        raise ValueError("load goes to this machine only")
    seconds: list[float] = []
    failed = 0

    async def converse(client: httpx.AsyncClient, number: int) -> None:
        nonlocal failed
        for turn in range(each):
            question = questions[(number * each + turn) % len(questions)]
            start = time.perf_counter()
            status = await ask(client, number, question)
            seconds.append(time.perf_counter() - start)
            failed += status != 200

    limits = httpx.Limits(max_connections=conversations)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits, trust_env=False) as client:
        start = time.perf_counter()
        await asyncio.gather(*(converse(client, number) for number in range(conversations)))
        whole = time.perf_counter() - start
    p50, p95, p99 = (float(np.percentile(seconds, q)) * 1000 for q in (50, 95, 99))
    return Latencies(p50=p50, p95=p95, p99=p99, per_second=len(seconds) / whole, asked=len(seconds), failed=failed)
