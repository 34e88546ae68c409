"""`madoguchi eval SET`: figures with intervals, per language, and a TREC run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from assistant.settings import read_settings
from eval.metrics import METRICS, Estimate, estimate, of_query
from eval.retrieval import SYSTEMS, Run
from eval.retrieval import run as run_set
from eval.sets import LabelledSet, SetError, read_set

Figures = dict[str, dict[str, Estimate]]
"""Group ("all" or a language) → metric → estimate."""


def run(chosen: argparse.Namespace) -> int:
    """Measure and print; 2 when the set or the system is wrong."""
    if chosen.system not in SYSTEMS:
        print(f"madoguchi: there is no system {chosen.system!r}; known: {', '.join(SYSTEMS)}", file=sys.stderr)
        return 2
    try:
        labelled = read_set(chosen.set, chosen.split)
    except SetError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    done = run_set(labelled, chosen.system, read_settings())
    figures = measure(labelled, done)
    print(table(labelled, done.system, figures))
    if chosen.run_file:
        write_run(chosen.run_file, done)
    if chosen.json_file:
        write_json(chosen.json_file, labelled, done.system, figures)
    return 0


def measure(labelled: LabelledSet, done: Run) -> Figures:
    """All metrics over all queries and over each language's."""
    groups: dict[str, list[dict[str, float]]] = {}
    for query in labelled.queries:
        ranked = [doc for doc, _ in done.rankings[query.id]]
        values = of_query(ranked, labelled.qrels[query.id])
        for group in ("all", query.lang):
            groups.setdefault(group, []).append(values)
    return {
        group: {metric: estimate([v[metric] for v in values]) for metric in METRICS}
        for group, values in groups.items()
    }  # fmt: skip


def table(labelled: LabelledSet, system: str, figures: Figures) -> str:
    """The figures as text; one language alone is not repeated."""
    lines = [
        f"{labelled.name} {labelled.split}: {len(labelled.queries)} queries, {len(labelled.corpus)} documents, "
        f"system {system}; mean [95 % bootstrap interval]"
    ]
    groups = [g for g in figures if g == "all" or len(figures) > 2]
    for group in groups:
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


def write_json(file: Path, labelled: LabelledSet, system: str, figures: Figures) -> None:
    """The figures for machines."""
    value = {
        "set": labelled.name, "split": labelled.split, "system": system, "queries": len(labelled.queries),
        "figures": {
            group: {m: {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n} for m, e in by_metric.items()}
            for group, by_metric in figures.items()
        },
    }  # fmt: skip
    file.write_text(json.dumps(value, indent=1), encoding="utf-8")
