"""Two runs on the same queries: differences, their chance, and files that can't be compared."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from eval.command import write_run
from eval.comparing import compare, difference, read_run
from eval.metrics import METRICS
from eval.plots import Axis, Series, plot
from eval.reporting import DEPTHS, by_topic, recall_curves
from eval.retrieval import Run
from eval.sets import LabelledSet, SetError, Text

SVG = "{http://www.w3.org/2000/svg}"


def a_set(n: int = 3, *, topics: dict[str, str] | None = None) -> LabelledSet:
    texts = tuple(
        Text(id=f"d{i}", title="", text=f"text {i}", lang="ja", topic=(topics or {}).get(f"d{i}", "")) for i in range(n)
    )
    queries = tuple(Text(id=f"q{i}", title="", text="", lang="ja" if i else "vi") for i in range(n))
    return LabelledSet(
        name="tiny", split="dev", corpus=texts, queries=queries, qrels={f"q{i}": {f"d{i}": 1} for i in range(n)}
    )


def a_run(best: dict[str, str], system: str = "s") -> Run:
    return Run(system=system, rankings={query: [(doc, 1.0)] for query, doc in best.items()})


@pytest.mark.parametrize(
    ("values", "p"),
    [([1.0] * 5, 2 / 32), ([0.0, 0.0, 0.0], 1.0), ([1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0, 1.0, -1.0], 10 / 16),
     ([3.0, 1.0, 1.0, 0.0], 2 / 8)],
)  # fmt: skip
def test_the_chance_of_few_differences_is_counted_exactly(values: list[float], p: float) -> None:
    assert difference(values).p == pytest.approx(p)


def test_the_chance_of_many_differences_is_near_the_exact_one() -> None:
    values = [1.0] * 9 + [-1.0] * 5  # two-sided sign test: P(|B - 7| >= 2), B ~ Binomial(14, 1/2)
    assert difference(values).p == pytest.approx(0.4240, abs=0.02)
    assert difference([1.0] * 40).p == pytest.approx(1 / 10_001)


def test_chance_alone_is_rarely_called_a_difference() -> None:
    coin = random.Random(3)
    found = [difference([coin.gauss(0, 1) for _ in range(25)]) for _ in range(200)]
    assert sum(d.p <= 0.05 for d in found) <= 18  # 10 are expected; P(more than 18) < 0.01
    assert sum(d.p <= 0.5 for d in found) >= 80  # p is not simply always large
    assert sum(d.low <= 0 <= d.high for d in found) >= 176


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_a_difference_turns_round_with_its_sides(values: list[float]) -> None:
    one, other = difference(values), difference([-v for v in values])
    assert one.mean == pytest.approx(-other.mean) and one.p == pytest.approx(other.p, abs=0.02)
    assert one.low <= one.high and 0 < one.p <= 1


def test_differences_need_values() -> None:
    with pytest.raises(ValueError, match="no differences"):
        difference([])


def test_runs_are_compared_query_by_query_and_by_language() -> None:
    labelled = a_set()
    ours = a_run({"q0": "d0", "q1": "d1", "q2": "d0"})
    theirs = a_run({"q0": "d0", "q1": "d2"})  # has no q2: nothing found there
    found = compare(labelled, ours, theirs)
    assert set(found) == {"all", "ja", "vi"} and set(found["all"]) == set(METRICS)
    assert found["all"]["SR@1"].mean == pytest.approx(1 / 3) and found["vi"]["SR@1"].mean == 0.0
    assert found["ja"]["SR@1"].mean == 0.5 and found["ja"]["SR@1"].n == 2
    back = compare(labelled, theirs, ours)
    assert back["all"]["MRR"].mean == -found["all"]["MRR"].mean


def test_a_run_that_was_written_is_read_again(tmp_path: Path) -> None:
    run = Run(system="mine", rankings={"q0": [("d2", 0.9), ("d0", 0.5)], "q1": [("d1", 0.5), ("d0", 0.5)]})
    write_run(tmp_path / "x.run", run)
    assert read_run(tmp_path / "x.run", a_set()) == run


def test_the_score_orders_a_run_and_the_rank_ties(tmp_path: Path) -> None:
    lines = ["q0 Q0 d0 2 0.5 s", "q0 Q0 d1 1 0.5 s", "q0\tQ0\td2\t3\t9e-1\ts", ""]
    (tmp_path / "x.run").write_text("\n".join(lines))
    assert [doc for doc, _ in read_run(tmp_path / "x.run", a_set()).rankings["q0"]] == ["d2", "d1", "d0"]


BAD = [
    ("q0 Q0 d0 1 0.5\n", "line 1: expected query, Q0"),
    ("q0 Q0 d0 1 0.5 s\nq0 Q0 d1 1 high s\n", "line 2"),
    ("q0 Q0 d0 first 0.5 s\n", "line 1"),
    ("q0 Q0 d0 1 0.5 s\n\nq0 Q0 d0 2 0.4 s\n", "line 3: d0 stands twice"),
    ("q9 Q0 d0 1 0.5 s\n", "no query of tiny dev"),
    ("", "no query of tiny dev"),
]


@pytest.mark.parametrize(("content", "said"), BAD)
def test_a_bad_run_is_named_by_file_and_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "x.run").write_text(content)
    with pytest.raises(SetError, match=rf"x\.run.*{said}"):
        read_run(tmp_path / "x.run", a_set())


def test_a_run_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.run").write_bytes(b"\xff\xfe")
    for name in ("x.run", "gone.run"):
        with pytest.raises(SetError, match=name):
            read_run(tmp_path / name, a_set())


def test_topics_are_those_of_the_queries_or_of_what_answers_them() -> None:
    labelled = a_set(topics={"d0": "garbage", "d1": "moving"})
    found = by_topic(labelled, a_run({"q0": "d0", "q1": "d0", "q2": "d2"}))
    assert {topic: (of["SR@1"].mean, of["SR@1"].n) for topic, of in found.items()} == {
        "garbage": (1.0, 1), "moving": (0.0, 1),
    }  # fmt: skip


def test_recall_never_falls_with_depth() -> None:
    labelled = a_set(6)
    chance = random.Random(5)
    rankings = {f"q{i}": [(f"d{d}", 1.0) for d in chance.sample(range(6), 6)] for i in range(6)}
    for curve in recall_curves(labelled, Run(system="s", rankings=rankings)).values():
        means = [estimate.mean for estimate in curve]
        assert means == sorted(means) and means[-1] == 1.0 and len(means) == len(DEPTHS)


def test_a_plot_places_its_points_and_says_what_it_shows() -> None:
    series = [
        Series(name="a & <b>", points=((0.0, 0.0), (1.0, 1.0))),
        Series(name="marks", points=((0.5, 0.5), (0.5, 1.0)), line=False, sizes=(1, 4)),
    ]
    root = ElementTree.fromstring(plot("risk < coverage", Axis(label="x"), Axis(label="y"), series))
    assert root.findtext(f"{SVG}title") == "risk < coverage" and "a & <b>" in (root.findtext(f"{SVG}desc") or "")
    one, four = [c for c in root.iter(f"{SVG}circle") if c.find(f"{SVG}title") is not None]
    assert one.get("cx") == four.get("cx") and float(one.get("cy", "")) > float(four.get("cy", ""))
    assert float(one.get("r", "")) < float(four.get("r", "")) and four.findtext(f"{SVG}title") == "n = 4"
    lines = [path for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "2"]
    (start, end) = lines[0].get("d", "").removeprefix("M").split("L")
    middle = (float(start.split()[0]) + float(end.split()[0])) / 2
    assert float(one.get("cx", "")) == pytest.approx(middle, abs=0.1)


@given(st.floats(0.5, 200), st.floats(0.5, 200))
def test_an_axis_keeps_the_order_of_values(a: float, b: float) -> None:
    for axis in (Axis(label="k", low=1, high=100, logarithmic=True), Axis(label="k", low=1, high=100)):
        low, high = axis.place(min(a, b)), axis.place(max(a, b))
        assert 0 <= low <= high <= 1


@pytest.mark.parametrize("ends", [{"low": 1.0, "high": 1.0}, {"low": 0.0, "high": 1.0, "logarithmic": True}])
def test_an_axis_without_length_is_refused(ends: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="axis"):
        Axis(label="x", **ends)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set on disk with topics and two languages."""
    made = tmp_path / "town"
    made.mkdir()
    corpus = [
        {
            "id": "d1",
            "title": "転入届の期限",
            "text": "転入から14日以内です。",
            "lang": "ja",
            "topic": "moving",
        },
        {"id": "d2", "title": "犬の登録", "text": "飼い始めた日から30日以内です。", "lang": "ja", "topic": "animal"},
    ]
    queries = [{"id": "q1", "text": "犬を飼い始めた", "lang": "ja"}, {"id": "q2", "text": "転入届", "lang": "ja"},
               {"id": "q3", "text": "register a dog", "lang": "en"}]  # fmt: skip
    for name, values in (("corpus.jsonl", corpus), ("queries.dev.jsonl", queries)):
        (made / name).write_text("\n".join(json.dumps(v, ensure_ascii=False) for v in values))
    (made / "qrels.dev.tsv").write_text("q1\td2\t1\nq2\td1\t1\nq3\td2\t1\n")
    return made


def test_the_command_compares_and_reports(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path / "home"))
    other, report = tmp_path / "other.run", tmp_path / "deep" / "report"
    other.write_text("q1 Q0 d1 1 1.0 older\nq2 Q0 d1 1 1.0 older\n")
    assert main(["eval", str(folder), "--against", str(other), "--report", str(report)]) == 0
    out = capsys.readouterr().out
    assert "difference to older (other.run)" in out and "paired bootstrap" in out and " p=" in out
    value = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert value["against"]["differences"]["all"]["SR@1"]["mean"] > 0
    assert set(value["topics"]) == {"animal", "moving"} and value["topics"]["animal"]["SR@1"]["n"] == 2
    assert set(value["figures"]) == {"all", "ja", "en"}
    assert [row["k"] for row in value["recall"]["all"]] == list(DEPTHS)
    assert {row["id"] for row in value["by_query"]} == {"q1", "q2", "q3"}
    page = (report / "report.md").read_text(encoding="utf-8")
    assert "| moving | 1 |" in page and "## Against older" in page and "](recall.svg)" in page
    assert "犬" not in page, "a report holds figures, not the questions"
    ElementTree.parse(report / "recall.svg")


def test_a_run_that_cannot_be_compared_stops_before_the_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.run"
    other.write_text("q1 Q0 d1\n")
    assert main(["eval", str(folder), "--against", str(other)]) == 2
    said = capsys.readouterr()
    assert "other.run line 1" in said.err and said.out == ""


def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path / "home"))
    (tmp_path / "taken").write_text("a file")
    assert main(["eval", str(folder), "--report", str(tmp_path / "taken")]) == 2
    assert "Choose a folder" in capsys.readouterr().err
