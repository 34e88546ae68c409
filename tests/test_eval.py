"""Figures mean what their names say; sets that can't be read are named by file and line."""

import gzip
import json
import random
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from eval.command import measure
from eval.metrics import METRICS, estimate, of_query
from eval.retrieval import Run
from eval.sets import LabelledSet, SetError, Text, read_set
from tests.conftest import SHARED

# Worked by hand: ranking, grades, then the figures.
HAND = [
    (["a", "b", "c"], {"a": 1}, {"SR@1": 1, "MRR": 1, "MAP": 1, "P@5": 0.2, "nDCG@10": 1, "Recall@10": 1}),
    (["x", "a"], {"a": 1}, {"SR@1": 0, "SR@3": 1, "MRR": 0.5, "MAP": 0.5, "nDCG@10": 1 / log2(3), "Recall@10": 1}),
    (
        ["a", "x", "b"], {"a": 1, "b": 1, "c": 1},
        {
            "MAP": (1 + 2 / 3) / 3, "P@5": 0.4, "Recall@10": 2 / 3, "MRR": 1,
            "nDCG@10": (1 + 1 / 2) / (1 + 1 / log2(3) + 1 / 2),
        },
    ),
    (["b", "a"], {"a": 2, "b": 1}, {"nDCG@10": (1 + 3 / log2(3)) / (3 + 1 / log2(3)), "SR@1": 1}),
    (["x"] * 5 + ["a"], {"a": 1}, {"SR@5": 0, "MRR": 1 / 6, "P@5": 0, "Recall@10": 1}),
    ([f"x{n}" for n in range(10)] + ["a"], {"a": 1}, {"Recall@10": 0, "nDCG@10": 0, "MRR": 1 / 11, "MAP": 1 / 11}),
    (["b", "a"], {"a": 1, "b": 0}, {"SR@1": 0, "MRR": 0.5}),
    ([], {"a": 1}, dict.fromkeys(METRICS, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("ranked", "grades", "figures"), HAND)
def test_metrics_are_as_worked_by_hand(ranked: list[str], grades: dict[str, int], figures: dict[str, float]) -> None:
    found = of_query(ranked, grades)
    assert set(found) == set(METRICS)
    assert {name: found[name] for name in figures} == pytest.approx(figures)


ids = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=14)
grades_of = st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(-1, 3), max_size=6)


@given(ids, grades_of)
def test_metrics_lie_between_nothing_and_all(ranked: list[str], grades: dict[str, int]) -> None:
    found = of_query(ranked, grades)
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    assert found["SR@1"] <= found["SR@3"] <= found["SR@5"]
    assert found["SR@1"] <= found["MRR"]


@given(grades_of.filter(lambda g: max(g.values(), default=0) >= 1))
def test_the_ideal_ranking_has_everything(grades: dict[str, int]) -> None:
    ideal = sorted((d for d in grades if grades[d] >= 1), key=lambda d: -grades[d])
    found = of_query(ideal, grades)
    assert found["nDCG@10"] == pytest.approx(1) and found["MAP"] == pytest.approx(1) and found["Recall@10"] == 1


@given(ids, grades_of)
def test_a_relevant_document_moved_up_never_lowers_a_figure(ranked: list[str], grades: dict[str, int]) -> None:
    for n in range(1, len(ranked)):
        if grades.get(ranked[n], 0) >= 1 and grades.get(ranked[n - 1], 0) < 1:
            swapped = [*ranked[: n - 1], ranked[n], ranked[n - 1], *ranked[n + 1 :]]
            before, after = of_query(ranked, grades), of_query(swapped, grades)
            assert all(after[name] >= before[name] - 1e-9 for name in METRICS)


def test_an_interval_holds_the_mean_and_shrinks_with_more_queries() -> None:
    coin = random.Random(7)
    few = estimate([float(coin.random() < 0.4) for _ in range(40)])
    many = estimate([float(coin.random() < 0.4) for _ in range(4000)])
    for found in (few, many):
        assert 0 <= found.low <= found.mean <= found.high <= 1
    assert many.high - many.low < (few.high - few.low) / 5
    # A mean of n coin tosses has a standard error of sqrt(p(1-p)/n); 95 % lie within 1.96 of it to either side.
    expected = 2 * 1.96 * (many.mean * (1 - many.mean) / many.n) ** 0.5
    assert many.high - many.low == pytest.approx(expected, rel=0.1)


def test_an_interval_is_the_same_every_time_and_needs_values() -> None:
    values = [0.0, 1.0, 1.0, 0.5]
    assert estimate(values) == estimate(values)
    assert str(estimate([1.0, 1.0])) == "1.000 [1.000, 1.000]"
    with pytest.raises(ValueError, match="no values"):
        estimate([])


def test_figures_are_also_told_by_language() -> None:
    queries = tuple(Text(id=id_, title="", text="", lang=lang) for id_, lang in (("1", "ja"), ("2", "vi"), ("3", "vi")))
    labelled = LabelledSet(
        name="x", split="dev", corpus=(), queries=queries, qrels={"1": {"a": 1}, "2": {"a": 1}, "3": {"a": 1}}
    )
    done = Run(system="s", rankings={"1": [("a", 1.0)], "2": [("a", 1.0)], "3": [("b", 1.0)]})
    figures = measure(labelled, done)
    assert {group: (f["SR@1"].mean, f["SR@1"].n) for group, f in figures.items()} == {
        "all": (pytest.approx(2 / 3), 3), "ja": (1.0, 1), "vi": (0.5, 2),
    }  # fmt: skip


CORPUS = [
    ("d1", "転入届の期限", "新しい住所に住み始めた日から14日以内です。"),
    ("d2", "犬の登録", "飼い始めた日から30日以内に登録します。"),
    ("d3", "図書館の利用", "本は1人10冊まで借りられます。"),
]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A set of three documents and two labelled queries."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    corpus = [json.dumps({"id": i, "title": t, "text": x, "lang": "ja"}, ensure_ascii=False) for i, t, x in CORPUS]
    (folder / "corpus.jsonl").write_text("\n".join(corpus) + "\n")
    queries = [{"id": "q1", "text": "犬を飼い始めた", "lang": "ja"},
               {"id": "q2", "text": "転入届はいつまで", "lang": "ja"},
               {"id": "q3", "text": "答えのない質問", "lang": "ja"}]  # fmt: skip
    (folder / "queries.dev.jsonl").write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in queries))
    (folder / "qrels.dev.tsv").write_text("query_id\tdoc_id\tgrade\nq1\td2\t1\nq2\td1\t2\nq3\td3\t0\n")
    return folder


def test_a_set_is_read_without_unlabelled_queries(tiny: Path) -> None:
    read = read_set(tiny, "dev")
    assert [q.id for q in read.queries] == ["q1", "q2"] and len(read.corpus) == 3
    assert read.qrels["q2"] == {"d1": 2}


def test_a_corpus_may_be_packed_or_stand_elsewhere(tiny: Path, tmp_path: Path) -> None:
    plain = read_set(tiny, "dev")
    other = tmp_path / "other"
    other.mkdir()
    for name in ("queries.dev.jsonl", "qrels.dev.tsv"):
        (other / name).write_bytes((tiny / name).read_bytes())
    (other / "corpus.path").write_text("../tiny\n")
    assert read_set(other, "dev").corpus == plain.corpus
    (other / "corpus.jsonl.gz").write_bytes(gzip.compress((tiny / "corpus.jsonl").read_bytes()))
    assert read_set(other, "dev").corpus == plain.corpus


BAD = [
    ("corpus.jsonl", '{"id": "a", "text": "x"}\n{"text": "no id"}\n', "corpus.jsonl line 2"),
    ("corpus.jsonl", '{"id": "a", "text": "x"}\nnot json\n', "corpus.jsonl line 2"),
    ("corpus.jsonl", "[1]\n", "corpus.jsonl line 1"),
    ("corpus.jsonl", "", "no document"),
    ("queries.dev.jsonl", "5\n", "queries.dev.jsonl line 1"),
    ("qrels.dev.tsv", "query_id\tdoc_id\tgrade\nq1\td2\n", "qrels.dev.tsv line 2"),
    ("qrels.dev.tsv", "q1\td2\tgood\n", "qrels.dev.tsv line 1"),
    ("qrels.dev.tsv", "q1\td2\t-\n", "qrels.dev.tsv line 1"),
    ("qrels.dev.tsv", "q1\td2\t²\n", "qrels.dev.tsv line 1"),
    ("qrels.dev.tsv", "q9\td2\t1\n", "no labelled query"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_a_bad_set_is_named_by_file_and_line(tiny: Path, name: str, content: str, said: str) -> None:
    (tiny / name).write_text(content)
    with pytest.raises(SetError, match=said):
        read_set(tiny, "dev")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.dev.jsonl", "qrels.dev.tsv"])
def test_a_missing_or_unreadable_file_is_named(tiny: Path, name: str) -> None:
    (tiny / name).write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(SetError, match=name.replace(".", r"\.")):
        read_set(tiny, "dev")
    (tiny / name).unlink()
    with pytest.raises(SetError, match=name.partition(".")[0]):
        read_set(tiny, "dev")


def test_a_line_ends_only_at_a_line_feed(tiny: Path) -> None:
    line = json.dumps({"id": "d4", "title": "改行", "text": "前\u2028後\u0085末", "lang": "ja"}, ensure_ascii=False)
    with (tiny / "corpus.jsonl").open("a") as file:
        file.write(line + "\n")
    assert read_set(tiny, "dev").corpus[-1].text == "前\u2028後\u0085末"


def test_a_damaged_archive_is_named(tiny: Path) -> None:
    packed = gzip.compress((tiny / "corpus.jsonl").read_bytes())
    (tiny / "corpus.jsonl").unlink()
    (tiny / "corpus.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(SetError, match="corpus"):
        read_set(tiny, "dev")


def test_the_command_prints_and_writes_figures_and_a_run(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path / "home"))
    run_file, json_file = tmp_path / "x.run", tmp_path / "x.json"
    assert main(["eval", str(tiny), "--run", str(run_file), "--json", str(json_file)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("tiny dev: 2 queries, 3 documents, system madoguchi")
    assert all(metric in out for metric in METRICS)
    value = json.loads(json_file.read_text())
    assert value["queries"] == 2 and value["figures"]["all"]["SR@1"]["mean"] == 1.0
    lines = [line.split(" ") for line in run_file.read_text().splitlines()]
    assert {len(line) for line in lines} == {6} and {line[1] for line in lines} == {"Q0"}
    for query in ("q1", "q2"):
        mine = [line for line in lines if line[0] == query]
        assert [int(line[3]) for line in mine] == list(range(1, len(mine) + 1))
        scores = [float(line[4]) for line in mine]
        assert scores == sorted(scores, reverse=True)
    assert not (tmp_path / "home").exists(), "an evaluation leaves the home alone"


def test_the_command_names_what_is_wrong(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(tiny), "--system", "nobody"]) == 2
    assert "known: madoguchi" in capsys.readouterr().err
    assert main(["eval", str(tiny / "nowhere")]) == 2
    assert "qrels.dev.tsv" in capsys.readouterr().err


@pytest.mark.peer
def test_the_real_set_keeps_its_figures(tmp_path: Path) -> None:
    folder = SHARED / "localgovfaq"
    if not folder.exists():
        pytest.skip("shared data set localgovfaq is not on this machine")
    out = tmp_path / "x.json"
    assert main(["eval", str(folder), "--json", str(out)]) == 0
    figures = json.loads(out.read_text())["figures"]["all"]
    assert figures["SR@1"]["mean"] >= 0.47
    assert figures["Recall@10"]["mean"] >= 0.63
