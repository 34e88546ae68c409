"""`madoguchi eval SET`: figures with intervals, per language, a TREC run, a comparison, a report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from assistant.settings import Settings, read_settings
from eval.comparing import Comparison, compare, read_run, told
from eval.metrics import METRICS, RESAMPLES
from eval.reporting import Figures, measure, plain, shown, write_report
from eval.retrieval import DEPTH, SYSTEMS, Run
from eval.retrieval import run as run_set
from eval.sets import LabelledSet, SetError, read_set


def run(chosen: argparse.Namespace) -> int:
    """Measure and print; 2 when the set, the system or the other run is wrong."""
    if chosen.system not in SYSTEMS:
        print(f"madoguchi: there is no system {chosen.system!r}; known: {', '.join(SYSTEMS)}", file=sys.stderr)
        return 2
    try:
        labelled = read_set(chosen.set, chosen.split)
        other = read_run(chosen.against, labelled) if chosen.against else None
    except SetError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    settings = read_settings()
    done = run_set(labelled, chosen.system, settings)
    figures = measure(labelled, done)
    print(table(labelled, done.system, figures))
    against = None
    if other is not None:
        against = (f"{other.system} ({chosen.against.name})", compare(labelled, done, other))
        print(told(against[1], against[0]))
    if chosen.run_file:
        write_run(chosen.run_file, done)
    if chosen.json_file:
        write_json(chosen.json_file, labelled, done.system, figures, against)
    if chosen.report:
        write_report(chosen.report, labelled, done, _setup(settings), against)
        print(f"report: {chosen.report / 'report.md'}")
    return 0


def table(labelled: LabelledSet, system: str, figures: Figures) -> str:
    """The figures as text; one language alone is not repeated."""
    lines = [
        f"{labelled.name} {labelled.split}: {len(labelled.queries)} queries, {len(labelled.corpus)} documents, "
        f"system {system}; mean [95 % bootstrap interval]"
    ]
    for group in shown(figures):
        lines.append(f"{group} (n={figures[group]['SR@1'].n})")
        lines.extend(f"  {metric:<10} {figures[group][metric]}" for metric in METRICS)
    return "\n".join(lines)


def write_run(file: Path, done: Run) -> None:
    """A TREC run: query Q0 document rank score system."""
    lines = [
        f"{query} Q0 {doc} {rank} {score:.6f} {done.system}"
        for query, ranking in done.rankings.items()
        for rank, (doc, score) in enumerate(ranking, 1)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_json(
    file: Path, labelled: LabelledSet, system: str, figures: Figures, against: tuple[str, Comparison] | None = None
) -> None:
    """The figures for machines."""
    value = {
        "set": labelled.name, "split": labelled.split, "system": system, "queries": len(labelled.queries),
        "figures": plain(figures),
        "against": {"system": against[0], "differences": plain(against[1])} if against else None,
    }  # fmt: skip
    file.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _setup(settings: Settings) -> dict[str, str]:
    """What the figures were made with, as a report names it."""
    return {
        "embedding": settings.embedding or "bundled",
        "reranker": settings.reranker or "none",
        "depth": str(DEPTH),
        "resamples": str(RESAMPLES),
    }
