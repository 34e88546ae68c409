"""`python -m eval.bench.search`: build rate, size, start, memory and latency of search by number of passages."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.bench.rivals import rivals
from eval.bench.synthetic import OWNER, Material, corpus, material, questions
from eval.bench.timing import Times, memory, times
from knowledge import building
from knowledge.dense import load_encoder
from knowledge.passage import Passage
from knowledge.snapshot import content_of, current


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size, ours and others', and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, action="append", help="may be given more than once (2000)")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--laws", type=Path, help="a file of {title, text} lines, plain or gzipped, to mix in")
    parser.add_argument("--home", type=Path, help="where indexes are kept and found again (a folder that goes)")
    parser.add_argument("--without-rivals", action="store_true")
    chosen = parser.parse_args(arguments)
    held = material(chosen.laws)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(held.sentences)} sentences, "
          f"{len(held.titles)} titles", flush=True)  # fmt: skip
    home = chosen.home or Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    try:
        for wanted in chosen.passages or [2_000]:
            _size(held, wanted, home, chosen)
    finally:
        if chosen.home is None:
            shutil.rmtree(home)
    return 0


def _size(held: Material, wanted: int, home: Path, chosen: argparse.Namespace) -> None:
    root = home / str(wanted)
    root.mkdir(parents=True, exist_ok=True)
    print(f"\n{wanted} passages", flush=True)
    built = content_of(root, OWNER, load_encoder(None)) is not None
    pieces = [] if built and chosen.without_rivals else corpus(held, wanted)
    if not built:
        _build(root, pieces)
    asked = questions(held, chosen.questions)
    file = root / "questions.json"
    file.write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    ours = _ours(root, file, chosen.repeats)
    if not chosen.without_rivals:
        _others(pieces, asked, chosen.repeats, ours)


def _build(root: Path, pieces: list[Passage]) -> None:
    encoder = load_encoder(None)
    encoder.encode_queries(["窓口"])
    began, began_cpu = time.perf_counter(), time.process_time()
    building.build(root, OWNER, pieces, encoder)
    wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    folder = current(root, OWNER)
    assert folder is not None
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"  build: {wall:.1f} s ({len(pieces) / wall:.0f} passages/s; CPU {cpu:.1f} s, {len(pieces) / cpu:.0f}/s), "
          f"{size / 1e6:.0f} MB on disk, builder holds {memory()[0]} MB", flush=True)  # fmt: skip


def _ours(root: Path, file: Path, repeats: int) -> Times:
    alone = _children(root, file, repeats, 1)[0]
    both = _children(root, file, repeats, 2)
    found = Times(**alone["times"])
    print(f"  start: opened in {alone['open_s'] * 1000:.0f} ms with {alone['open_anonymous_mb']} MB of its own; first "
          f"question {alone['first_ms']:.1f} ms")  # fmt: skip
    print(f"  memory after all questions: {alone['anonymous_mb']} MB its own, {alone['mapped_mb']} MB mapped")
    print(f"  Madoguchi, whole search: {found}")
    rate = sum(float(child["one_thread"]) for child in both)
    print(f"  throughput: 1 thread {alone['one_thread']:.0f}/s, 2 threads {alone['two_threads']:.0f}/s, "
          f"2 processes {rate:.0f}/s", flush=True)  # fmt: skip
    return found


def _children(root: Path, file: Path, repeats: int, count: int) -> list[dict[str, Any]]:
    """The figures of so many measuring processes at once."""
    command = [sys.executable, "-m", "eval.bench.searching", str(root), str(file), str(repeats)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    outputs = [child.communicate()[0] for child in running]
    if any(child.returncode for child in running):
        raise SystemExit("A measuring process failed; what it said stands above.")
    return [json.loads(output) for output in outputs]


def _others(pieces: list[Passage], asked: list[str], repeats: int, ours: Times) -> None:
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
        for name, ask in rivals(pieces, load_encoder(None), Path(folder)):
            if isinstance(ask, str):
                print(f"  {name}: {ask}")
                continue
            found = times(ask, asked, repeats)
            ratios = f"p50 {found.p50 / ours.p50:.2f} ×, p95 {found.p95 / ours.p95:.2f} × ours"
            print(f"  {name}: {found}; {ratios}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
