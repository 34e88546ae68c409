"""Language identification keeps what is promised on the shared sets, and its table is small and can be made again."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.language.grams import FAMILIES, TABLE, load_grams
from assistant.language.grams_training import trained
from eval.identification import FLOORS, SHARED, Judged, Sample, judge, macro, main, measure, missed, read_sets


def test_the_floors_are_kept_on_the_shared_sets() -> None:
    if not (SHARED / "crosslingual").is_dir() or not (SHARED / "municipal_crosslingual").is_dir():
        pytest.skip(f"the shared sets are not in {SHARED}")
    for name, samples in read_sets(SHARED).items():
        found = measure(judge(list(samples), clock=time.thread_time))  # what other work takes does not count
        assert not missed(name, found), (name, found)
        assert found.merged.mean >= FLOORS[name]
        assert found.others[0] >= 0.98 * found.others[1]


def write_sets(folder: Path, rows: list[dict[str, str]], queries: list[dict[str, str]]) -> None:
    for name in ("ntrex128", "tokyo_covid_i18n"):
        (folder / "crosslingual" / name).mkdir(parents=True)
    (folder / "municipal_crosslingual").mkdir()
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "crosslingual/ntrex128/parallel.dev.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (folder / "crosslingual/tokyo_covid_i18n/parallel.dev.jsonl").write_text(lines, encoding="utf-8")
    asked = "\n".join(json.dumps(query) for query in queries)
    (folder / "municipal_crosslingual/queries.dev.jsonl").write_text(asked, encoding="utf-8")


ROW = {
    "jpn": "市役所はどこですか", "ja": "市役所はどこですか", "vie": "Tòa thị chính ở đâu?",
    "vi": "Tòa thị chính ở đâu?", "en": "N/A", "ko": "https://example.jp/a",
    "rus": "Где мэрия?", "zh_CN": "东京", "zh_TW": "东京",
}  # fmt: skip


def test_the_program_reports_and_leaves_out_what_nobody_can_tell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sets(
        tmp_path, [ROW], [{"lang": "tl", "text": "magkano po"}, {"lang": "ja-easy", "text": "ごみ は いつ だしますか"}]
    )
    assert main(["--data", str(tmp_path), "--json", str(tmp_path / "out.json")]) == 0
    said = capsys.readouterr().out
    assert "tokyo_covid_i18n (n=2): macro accuracy 1.000" in said
    assert "with 4 texts that nobody can tell" in said
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert figures["ntrex128"]["others"] == [1, 1]
    assert figures["municipal_crosslingual"]["columns"] == {"tl": [1, 1], "ja-easy": [1, 1]}


def test_without_the_sets_it_says_which_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "parallel.dev.jsonl.gz" in capsys.readouterr().err


def test_a_missed_floor_is_told_by_the_exit_code(tmp_path: Path) -> None:
    write_sets(
        tmp_path,
        [ROW | {"vi": "市役所はどこですか。", "vie": "市役所はどこですか。"}],
        [{"lang": "en", "text": "how much"}],
    )
    assert main(["--data", str(tmp_path)]) == 1


@pytest.mark.parametrize(("rights", "mean"), [([True], 1.0), ([True, False], 0.75), ([False], 0.5)])
def test_every_language_counts_the_same_however_many_texts_it_has(rights: list[bool], mean: float) -> None:
    found = macro(iter([("ja", True)] * 50 + [("vi", right) for right in rights]))
    assert found.mean == mean
    assert found.low <= found.mean <= found.high


def test_a_slow_identifier_misses_the_promise() -> None:
    rows = [Judged(sample=Sample(text="a", column="en", language="en"), found="en", seconds=0.01)]
    assert missed("ntrex128", measure(rows))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_shipped_table_is_small_and_gives_probabilities(family: str) -> None:
    assert TABLE.stat().st_size < 300_000
    for words in ([], ["juminhyo"], ["住民票"], ["x" * 5000]):
        ranked = load_grams(family).rank(words)
        assert tuple(ranked) == FAMILIES[family]
        assert sum(ranked.values()) == pytest.approx(1.0)


def test_the_same_texts_give_the_same_table_and_it_knows_them() -> None:
    texts = [
        ("en", "where is the office"),
        ("vi", "van phong o dau"),
        ("id", "kantor di mana"),
        ("es", "donde esta"),
    ] * 5
    first, second = trained(texts, "latin", 512), trained(texts, "latin", 512)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert first["latin"].dtype == np.int8


def test_another_identifier_can_be_measured() -> None:
    always: Callable[[str], str] = lambda text: "vi"  # noqa: E731
    rows = judge(
        [Sample(text="xin chào", column="vi", language="vi"), Sample(text="hi", column="en", language="en")], always
    )
    assert measure(rows).macro.mean == 0.5
