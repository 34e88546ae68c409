"""Times of one operation over many inputs, and how much memory this process holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds over the inputs, each input's the least of its repeats: other work on the machine only adds."""

    p50: float
    p95: float
    cpu_p50: float  # of the process, all its threads
    cpu_p95: float
    cold_p95: float  # of the first pass, when nothing was remembered
    inputs: int
    repeats: int

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.2f} ms, p95 {self.p95:.2f} ms (CPU {self.cpu_p50:.2f}/{self.cpu_p95:.2f}; first pass p95 "
            f"{self.cold_p95:.2f}); n={self.inputs} × {self.repeats}"
        )


def times(operation: Callable[[str], object], inputs: Sequence[str], repeats: int) -> Times:
    """Run the operation over all inputs, so many times."""
    wall, cpu = np.zeros((repeats, len(inputs))), np.zeros((repeats, len(inputs)))
    for repeat in range(repeats):
        for n, value in enumerate(inputs):
            began, began_cpu = time.perf_counter(), time.process_time()
            operation(value)
            cpu[repeat, n] = time.process_time() - began_cpu
            wall[repeat, n] = time.perf_counter() - began
    least, least_cpu = wall.min(axis=0) * 1000, cpu.min(axis=0) * 1000
    return Times(
        p50=float(np.percentile(least, 50)), p95=float(np.percentile(least, 95)),
        cpu_p50=float(np.percentile(least_cpu, 50)), cpu_p95=float(np.percentile(least_cpu, 95)),
        cold_p95=float(np.percentile(wall[0] * 1000, 95)), inputs=len(inputs), repeats=repeats,
    )  # fmt: skip


def per_second(operation: Callable[[str], object], inputs: Sequence[str], threads: int) -> float:
    """Operations a second by so many threads, all inputs once."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(operation, inputs))
        return len(inputs) / (time.perf_counter() - began)


def memory() -> tuple[int, int]:
    """MB of this process that are its own, and that are pages of mapped files, which processes share (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").split("\n")
    held = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    return tuple(int(held[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))  # type: ignore[return-value]
