"""`madoguchi eval SET --report DIR`: report.md, report.json and recall.svg."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.errors import SettingsError
from eval.comparing import Comparison, Difference
from eval.metrics import METRICS, Estimate, estimate, of_query, recall_by_depth
from eval.plots import Axis, Series, plot
from eval.retrieval import Run
from eval.sets import LabelledSet, Text

Figures = dict[str, dict[str, Estimate]]
"""Group ("all", a language or a topic) → metric → estimate."""

DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)
_OF_TOPICS = ("SR@1", "SR@5", "nDCG@10", "Recall@10")


def measure(labelled: LabelledSet, done: Run) -> Figures:
    """All metrics over all queries and over each language's."""
    return _measured(labelled, done, lambda query: ("all", query.lang))


def by_topic(labelled: LabelledSet, done: Run) -> Figures:
    """All metrics over the queries of each topic: the query's own, else that of its best labelled document."""
    held = {text.id: text.topic for text in labelled.corpus if text.topic}

    def topic(query: Text) -> tuple[str, ...]:
        grades = labelled.qrels[query.id]
        named = query.topic or held.get(max(grades, key=lambda doc: (grades[doc], doc)), "")
        return (named,) if named else ()

    return dict(sorted(_measured(labelled, done, topic).items()))


def recall_curves(labelled: LabelledSet, done: Run) -> dict[str, list[Estimate]]:
    """Group ("all" or a language) → mean recall at each of DEPTHS."""
    found: dict[str, list[list[float]]] = {}
    for query in labelled.queries:
        values = recall_by_depth([doc for doc, _ in done.rankings[query.id]], labelled.qrels[query.id], DEPTHS)
        for group in ("all", query.lang):
            found.setdefault(group, []).append(values)
    return {
        group: [estimate([row[n] for row in rows]) for n in range(len(DEPTHS))]
        for group, rows in found.items()
    }  # fmt: skip


def write_report(
    folder: Path, labelled: LabelledSet, done: Run, setup: Mapping[str, str], against: tuple[str, Comparison] | None
) -> None:
    """The report of one run; `setup` is what it was made with. Raises SettingsError when it can't be written."""
    figures, topics, curves = measure(labelled, done), by_topic(labelled, done), recall_curves(labelled, done)
    value = {
        "set": labelled.name, "split": labelled.split, "system": done.system, "setup": dict(setup),
        "queries": len(labelled.queries), "documents": len(labelled.corpus),
        "figures": plain(figures), "topics": plain(topics),
        "recall": {g: [{"k": k, **asdict(e)} for k, e in zip(DEPTHS, row, strict=True)] for g, row in curves.items()},
        "against": {"system": against[0], "differences": plain(against[1])} if against else None,
        "by_query": [
            {"id": q.id, "lang": q.lang, **of_query([d for d, _ in done.rankings[q.id]], labelled.qrels[q.id])}
            for q in labelled.queries
        ],
    }  # fmt: skip
    files = {
        "report.md": _markdown(labelled, done, setup, figures, topics, against),
        "report.json": json.dumps(value, ensure_ascii=False, indent=1),
        "recall.svg": _recall_plot(labelled, curves),
    }
    write_files(folder, files)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """The files in the folder, which is made when it is missing. Raises SettingsError when that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as exc:
        raise SettingsError(f"The report can't be written to {folder}. Choose a folder that can.") from exc


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table and an empty one."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines] + [""]


def plain(found: Mapping[str, Mapping[str, Estimate]] | Mapping[str, Mapping[str, Difference]]) -> dict[str, object]:
    """As JSON takes it."""
    return {group: {metric: asdict(value) for metric, value in of.items()} for group, of in found.items()}


def _measured(labelled: LabelledSet, done: Run, groups_of: Callable[[Text], tuple[str, ...]]) -> Figures:
    groups: dict[str, list[dict[str, float]]] = {}
    for query in labelled.queries:
        values = of_query([doc for doc, _ in done.rankings[query.id]], labelled.qrels[query.id])
        for group in groups_of(query):
            groups.setdefault(group, []).append(values)
    return {
        group: {metric: estimate([v[metric] for v in values]) for metric in METRICS}
        for group, values in groups.items()
    }  # fmt: skip


def _markdown(
    labelled: LabelledSet, done: Run, setup: Mapping[str, str], figures: Figures, topics: Figures,
    against: tuple[str, Comparison] | None,
) -> str:  # fmt: skip
    lines = [
        f"# {labelled.name} {labelled.split}: {done.system}", "",
        f"{len(labelled.queries)} queries, {len(labelled.corpus)} documents. "
        + "; ".join(f"{name}: {value}" for name, value in setup.items()) + ".", "",
        "Mean [95 % percentile bootstrap interval over queries]. Relevant: grade 1 or more.", "",
        *_table(figures, METRICS), "![Recall by depth](recall.svg)", "",
    ]  # fmt: skip
    if topics:
        lines += ["## By topic", "", *_table(topics, _OF_TOPICS)]
    if against:
        name, found = against
        rows = [
            [group, str(of["SR@1"].n), metric, f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]", f"{d.p:.4f}"]
            for group, of in ((group, found[group]) for group in shown(found))
            for metric, d in of.items()
        ]
        lines += [
            f"## Against {name}", "",
            "This run less the other: mean over queries [95 % paired bootstrap interval] and two-sided p of Fisher's "
            "randomisation test (Smucker, Allan & Carterette, CIKM 2007). A p counts for the one metric that was "
            "chosen beforehand; among many, some are small by chance.", "",
            *markdown_table(["group", "n", "metric", "difference", "p"], rows),
        ]  # fmt: skip
    return "\n".join(lines)


def _table(figures: Figures, metrics: Sequence[str]) -> list[str]:
    told = ((group, figures[group]) for group in shown(figures))
    rows = [[group, str(of[metrics[0]].n), *(str(of[metric]) for metric in metrics)] for group, of in told]
    return markdown_table(["group", "n", *metrics], rows)


def shown(groups: Collection[str]) -> list[str]:
    """The groups that tell something: one language alone has the figures of all."""
    return [group for group in groups if group == "all" or len(groups) > 2 or "all" not in groups]


def _recall_plot(labelled: LabelledSet, curves: Mapping[str, Sequence[Estimate]]) -> str:
    x = Axis(label="k (documents looked at)", low=1, high=DEPTHS[-1], ticks=DEPTHS, logarithmic=True)
    series = [
        Series(name=group, points=tuple((k, e.mean) for k, e in zip(DEPTHS, curves[group], strict=True)))
        for group in shown(curves)
    ]
    return plot(f"{labelled.name} {labelled.split}: recall by k", x, Axis(label="recall"), series)
