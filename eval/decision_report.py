"""`madoguchi eval-decisions FILE --report DIR`: report.md, report.json, risk_coverage.svg and reliability.svg."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.certainty import Bin, Point, area_under_risk, calibration_error
from eval.decision_figures import (
    Judged,
    by,
    compared,
    curve,
    in_against_out,
    outcomes,
    payload,
    share,
    thinned,
    wrong_answers,
)  # fmt: skip
from eval.plots import Axis, Series, plot
from eval.reporting import markdown_table, write_files


def write_report(folder: Path, name: str, town: str, judged: Sequence[Judged]) -> None:
    """The report on the cases of the file `name`; no case's words are in it. Raises SettingsError."""
    points, bins = curve(judged)
    files = {
        "report.md": _markdown(name, town, judged, points, bins),
        "report.json": json.dumps({"file": name, "town": town, **payload(judged)}, ensure_ascii=False, indent=1),
    }
    if points:
        files["risk_coverage.svg"] = _risk_plot(name, judged, points)
        files["reliability.svg"] = _reliability_plot(name, bins)
    write_files(folder, files)


def _markdown(name: str, town: str, judged: Sequence[Judged], points: Sequence[Point], bins: Sequence[Bin]) -> str:
    wrong, given = wrong_answers(judged)
    area = in_against_out(judged)
    lines = [
        f"# {name}: decisions of town {town}", "",
        f"{len(judged)} first turns through the whole pipeline. Shares with their 95 % interval (Wilson 1927).", "",
        f"- right: {share(sum(j.right for j in judged), len(judged))}",
        f"- answered: {share(sum(j.answered for j in judged), len(judged))}",
        f"- wrong among {given} answers of which it is known: {share(wrong, given)}",
    ]  # fmt: skip
    if area is not None:
        lines.append(f"- AUROC of scope, in against out of scope: {area} (n={area.n}, those that were searched)")
    lines += ["", "## Expected and decided", ""]
    rows = [
        [kind, str(len(cases)), share(sum(j.right for j in cases), len(cases)), outcomes(cases)]
        for kind, cases in by(judged, lambda j: j.case.kind).items()
    ]
    lines += markdown_table(["expected", "n", "right", "decision/why"], rows)
    lines += _grouped("language", by(judged, lambda j: j.case.lang))
    lines += _grouped("topic", by(judged, lambda j: j.topic))
    if points:
        lines += [
            "## Confidence", "",
            f"Over {len(compared(judged))} questions that were searched and of which it is known whether the best text "
            "is the right one. Area under risk–coverage (El-Yaniv & Wiener 2010): "
            f"{area_under_risk(points):.3f}. Expected calibration error in ten bins (Naeini et al. 2015): "
            f"{calibration_error(bins):.3f}.", "",
            *markdown_table(
                ["answered from confidence", "coverage", "risk"],
                [[f"{p.threshold:.3f}", f"{p.coverage:.3f}", f"{p.risk:.3f}"] for p in thinned(points)],
            ),
            "![Risk and coverage](risk_coverage.svg)", "", "![Reliability](reliability.svg)", "",
        ]  # fmt: skip
    return "\n".join(lines)


def _grouped(kind: str, groups: Mapping[str, Sequence[Judged]]) -> list[str]:
    if not groups:
        return []
    rows = []
    for name, cases in groups.items():
        wrong, given = wrong_answers(cases)
        answered = sum(j.answered for j in cases)
        rows.append([name, str(len(cases)), share(sum(j.right for j in cases), len(cases)),
                     share(answered, len(cases)), f"{wrong} of {given}"])  # fmt: skip
    head = [kind, "n", "right", "answered", "wrong answers"]
    return [f"## By {kind}", "", *markdown_table(head, rows)]


def _risk_plot(name: str, judged: Sequence[Judged], points: Sequence[Point]) -> str:
    cases = compared(judged)
    given = [j for j in cases if j.answered]
    series = [Series(name="by confidence", points=tuple((p.coverage, p.risk) for p in points))]
    if given:
        risk = sum(not j.right for j in given) / len(given)
        series.append(Series(name="as decided", points=((len(given) / len(cases), risk),), line=False))
    x, y = Axis(label="coverage (share answered)"), Axis(label="risk (share of these that is wrong)")
    return plot(f"{name}: risk and coverage", x, y, series)


def _reliability_plot(name: str, bins: Sequence[Bin]) -> str:
    points, sizes = tuple((b.confidence, b.right) for b in bins), tuple(b.n for b in bins)
    series = [
        Series(name="confidence", points=points, sizes=sizes),
        Series(name="perfect", points=((0.0, 0.0), (1.0, 1.0)), dashed=True),
    ]
    return plot(f"{name}: reliability", Axis(label="confidence"), Axis(label="share that was right"), series)
