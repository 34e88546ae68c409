"""Stand-in callers ring a real server and what is stored tells whether they were served: `python -m eval.voice`.

Each caller of calls.yaml speaks with a voice that the test recogniser never heard, in noise, over AudioSocket or a
media stream; not understood, or answered wrongly, they say it once more. `--quiet MINUTES` rings with silence,
noise and tones instead: nothing may be stored as said.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from eval.callers import GOING_ON, Caller, Door, Record, Said, served
from eval.metrics import wilson

CALLS = Path(__file__).with_name("calls.yaml")
MODEL = Path(__file__).parents[1] / "tests" / "assets" / "whisper-municipal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One caller's wish and its right ends."""

    language: str  # ja | en
    say: str
    ends: tuple[str, ...]  # guide:ID, table:ID or why:OUTCOME
    choose: str = ""  # words of the choice to press, when asked back


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of one call."""

    planned: Planned
    verdict: str  # right | person (safe, but not what was wanted) | wrong | nothing
    said: tuple[Said, ...]
    heard: float  # seconds of loud sound that the caller heard
    ended: str  # as the record says


def read_calls(file: Path = CALLS) -> list[Planned]:
    """The planned calls in their order."""
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Planned(language=language, say=row["say"], ends=tuple(row["ends"]), choose=row.get("choose", ""))
        for language, rows in loaded.items()
        for row in rows
    ]


def verdict(planned: Planned, said: Sequence[Said]) -> str:
    """What the record says of a call: its last answer counts, and nothing but its own sources."""
    if not said:
        return "nothing"
    last = said[-1]
    if f"why:{last.why}" in planned.ends or (last.decision != "handoff" and last.first in planned.ends):
        return "right"
    return "person" if last.decision == "handoff" else "wrong"


async def ring(door: Door, planned: Planned, number: int) -> Judged:
    """One call from its greeting to its end."""
    caller = Caller(door=door, number=number, language=planned.language)
    await caller.talk(planned.say, planned.choose, wanted=lambda said: verdict(planned, said) == "right")
    record = await _settled(door, caller.call)
    return Judged(
        planned=planned, verdict=verdict(planned, record.said) if caller.heard > 1.0 else "nothing",
        said=record.said, heard=caller.heard, ended=record.ended,
    )  # fmt: skip


async def _settled(door: Door, call: str) -> Record:
    """The record once the end of the call stands in it, a few seconds after the caller hung up at the latest."""
    for _ in range(20):
        if (record := door.record(call)).ended != GOING_ON:
            break
        await asyncio.sleep(0.25)
    return record


async def all_calls(door: Door, plans: Sequence[Planned], at_once: int) -> list[Judged]:
    """Every call, some of them at the same time."""
    free = asyncio.Semaphore(at_once)

    async def one(number: int, planned: Planned) -> Judged:
        async with free:
            return await ring(door, planned, number)

    return list(await asyncio.gather(*(one(n, planned) for n, planned in enumerate(plans))))


def table(judged: Sequence[Judged]) -> str:
    """One line a call, then the counts with their intervals."""
    lines = [] if judged else ["all: no calls"]
    for one in judged:
        heard = " → ".join(f"{s.text!r} {s.decision}/{s.why} {s.first}" for s in one.said) or "(nothing understood)"
        lines.append(f"{one.verdict:<8} {one.planned.language} {one.planned.say!r}: {heard}; ended {one.ended}")
    for language in () if not judged else ("all", *dict.fromkeys(one.planned.language for one in judged)):
        group = [one for one in judged if language in ("all", one.planned.language)]
        right = sum(one.verdict == "right" for one in group)
        low, high = wilson(right, len(group))
        others = Counter(one.verdict for one in group if one.verdict != "right")
        rest = ", ".join(f"{name} {count}" for name, count in sorted(others.items())) or "none"
        share = f"{right / len(group):.2f} [{low:.2f}, {high:.2f}]"
        lines.append(f"{language}: {right} of {len(group)} right = {share}; others: {rest}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the demo town, ring, print; 1 when something was invented in silence."""
    parser = argparse.ArgumentParser(prog="python -m eval.voice", description="Stand-in callers")
    parser.add_argument("--model", default=str(MODEL), help="the recogniser, as MADOGUCHI_WHISPER names it")
    parser.add_argument("--at-once", type=int, default=2, help="calls at the same time")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of calls, from 0")
    parser.add_argument("--quiet", type=float, default=0.0, metavar="MINUTES", help="ring with no speech instead")
    parser.add_argument("--noise", type=Path, help="folder of recorded noise that joins the synthetic one")
    parser.add_argument("--home", type=Path, help="a home with the demo town; else one is made (a minute)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, served(chosen.home or Path(made), chosen.model) as door:
        if chosen.quiet:
            from eval.quiet import report, ring_quietly

            stored = asyncio.run(ring_quietly(door, seconds=chosen.quiet * 60, noise=chosen.noise))
            print(report(stored))
            return int(bool(stored.invented))
        began = time.monotonic()
        plans = read_calls()
        plans = [plans[n] for n in chosen.only] if chosen.only else plans
        print(table(asyncio.run(all_calls(door, plans, chosen.at_once))))
        print(f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
