"""Our search measured in a process of its own: `python -m eval.bench.searching INDEX QUESTIONS.json`; prints JSON."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from eval.bench.synthetic import OWNER
from eval.bench.timing import memory, per_second, times
from knowledge.dense import load_encoder
from knowledge.search import Library, Query

DAY = date(2026, 4, 1)


def search(library: Library, text: str) -> list[str]:
    """The best ten passages' ids."""
    query = Query(text=text, language="ja", owners=(OWNER,), day=DAY, k=10)
    return [hit.passage.id for hit in library.search(query).hits]


def measure(root: Path, questions: list[str], repeats: int) -> dict[str, object]:
    """Open, ask, ask from two threads."""
    library = Library(root, load_encoder(None))
    before = memory()
    began = time.perf_counter()
    library.shelf(OWNER)
    opened = time.perf_counter() - began
    opened_memory = memory()
    # As System.warm does at the start of a server: dictionary and words.
    library.search(Query(text="窓口 転入", language="ja", owners=("nobody",), day=DAY))
    began = time.perf_counter()
    search(library, "転入届はどこに出しますか")
    first = time.perf_counter() - began
    found = times(lambda text: search(library, text), questions, repeats)
    rates = [max(per_second(lambda text: search(library, text), questions, n) for _ in range(2)) for n in (1, 2)]
    return {
        "open_s": opened, "open_anonymous_mb": opened_memory[0] - before[0], "first_ms": first * 1000,
        "anonymous_mb": memory()[0], "mapped_mb": memory()[1], "times": asdict(found), "one_thread": rates[0],
        "two_threads": rates[1],
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure and print."""
    root, questions, repeats = Path(arguments[0]), json.loads(Path(arguments[1]).read_text("utf-8")), int(arguments[2])
    print(json.dumps(measure(root, questions, repeats)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
