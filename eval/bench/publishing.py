"""`python -m eval.bench.publishing`: seconds from "publish" to the first answer from the new text, by size of town."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.curation.importing import Report, silent
from assistant.demo import load
from assistant.settings import Settings
from knowledge.passage import Document, Kind
from knowledge.search import Query
from knowledge.sources.reading import Reading
from knowledge.split import passages

_AUTHOR, _REVIEWER = "bench-author", "bench-reviewer"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a town of each size, publish an edited guide a few times, and print every run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args(arguments)
    for wanted in chosen.passages:
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as home:
            system = build(Settings(home=Path(home)))
            try:
                _measure(system, wanted, chosen.runs)
            finally:
                system.close()
    return 0


def _measure(system: System, wanted: int, runs: int) -> None:
    load(system)
    town = system.default_town()
    guides = [document for document in system.knowledge.documents(town) if document.kind is Kind.GUIDE]
    began = time.perf_counter()
    many = Reading(documents=tuple(_enough(guides, wanted)))
    system.importer.put(many, town, "bench", silent, Report())
    shelf = system.library.shelf(town)
    assert shelf is not None
    vectors = len(shelf.vectors) if shelf.vectors else 0
    print(f"{shelf.count} passages, {vectors} vectors: first build {time.perf_counter() - began:.1f} s", flush=True)
    edited = next(guide for guide in guides if guide.id == "guide:move-in@ja")
    for run in range(1, runs + 1):
        seconds, whole = _published(system, town, edited.id, f"{100 + run}日以内")
        print(f"  publish {run}: {seconds:.2f} s until the call returned, {whole:.2f} s until it was found", flush=True)


def _enough(guides: Sequence[Document], wanted: int) -> Iterator[Document]:
    """Numbered copies of the demo guides, each with words of its own, beside the guides that are there already."""
    count = sum(len(passages(guide)) for guide in guides)
    number = 0
    while count < wanted:
        number += 1
        for guide in guides:
            if count >= wanted:
                return
            copy = _copy(guide, number)
            count += len(passages(copy))
            yield copy


def _copy(guide: Document, number: int) -> Document:
    own = f"第{number}地区"  # no text may equal another: equal texts would share their vectors
    return replace(
        guide,
        id=guide.id.replace("guide:", f"guide:area{number}-"),
        key=guide.key.replace("guide:", f"guide:area{number}-"),
        title=f"{own} {guide.title}",
        questions=tuple(f"{own} {question}" for question in guide.questions),
        sections=tuple(replace(section, text=f"{own} {section.text}") for section in guide.sections),
    )


def _published(system: System, town: str, id_: str, deadline: str) -> tuple[float, float]:
    """Seconds until publishing returned, and until a search shows the new deadline."""
    curation = system.curation
    draft = curation.edit(town, id_, _AUTHOR)
    assert draft.document.facts is not None
    changed = replace(draft.document, facts=replace(draft.document.facts, deadline=deadline))
    saved = curation.save(draft, changed, seen=draft.revision, by=_AUTHOR, note="bench")
    submitted = curation.submit(saved, seen=saved.revision, by=_AUTHOR)
    query = Query(text="転入届の期限はいつですか", language="ja", owners=(town,), day=_today())
    began = time.perf_counter()
    curation.publish(submitted, seen=submitted.revision, by=_REVIEWER)
    returned = time.perf_counter() - began
    while not any(deadline in hit.passage.text for hit in system.library.search(query).hits):
        if time.perf_counter() - began > 600:
            raise SystemExit("The new text was never found. Look at the index under the bench's home.")
    return returned, time.perf_counter() - began


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    raise SystemExit(main())
