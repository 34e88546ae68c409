"""Sets in BEIR's and MIRACL's own forms are read as they are published; bad ones are named by file and line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.cli import main
from eval.sets import SetError, read_set


def lines(*values: dict[str, object]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """As BEIR's archives unpack: the queries of all splits in one file, qrels with a header."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        lines({"_id": "4983", "title": "Dogs", "text": "Register a dog within 30 days.", "metadata": {}},
              {"_id": "5836", "title": "", "text": "Report a move within 14 days.", "metadata": {"url": "x"}})
    )  # fmt: skip
    (folder / "queries.jsonl").write_text(
        lines({"_id": "0", "text": "When must I register my dog?", "metadata": {}},
              {"_id": "2", "text": "How long do I have to report that I moved?", "metadata": {}},
              {"_id": "4", "text": "A question of another split"})
    )  # fmt: skip
    head = "query-id\tcorpus-id\tscore\n"
    (folder / "qrels" / "test.tsv").write_text(f"{head}0\t4983\t2\n2\t5836\t1\n2\t4983\t0\n")
    (folder / "qrels" / "dev.tsv").write_text(f"{head}4\t4983\t1\n")
    return folder


@pytest.fixture
def miracl(tmp_path: Path) -> Path:
    """As MIRACL's two repositories hold it, the corpus put into the folder."""
    folder = tmp_path / "miracl-v1.0-ja"
    corpus = folder / "miracl-corpus-v1.0-ja"
    for made in (folder / "topics", folder / "qrels", corpus):
        made.mkdir(parents=True)
    (folder / "topics" / "topics.miracl-v1.0-ja-dev.tsv").write_text("0\t犬の登録の期限\n3\t転入届の期限は？\n")
    (folder / "qrels" / "qrels.miracl-v1.0-ja-dev.tsv").write_text("0\tQ0\t5#0\t1\n0\tQ0\t5#1\t0\n3\tQ0\t7#2\t1\n")
    (folder / "topics" / "topics.miracl-v1.0-ja-train.tsv").write_text("9\tほかの質問\n")
    (folder / "qrels" / "qrels.miracl-v1.0-ja-train.tsv").write_text("9\tQ0\t5#0\t1\n")
    parts = (
        lines({"docid": "5#0", "title": "犬", "text": "飼い始めた日から30日以内に登録します。"},
              {"docid": "5#1", "title": "犬", "text": "注射は毎年です。"}),
        lines({"docid": "7#2", "title": "転入届", "text": "住み始めた日から14日以内です。"}),
    )  # fmt: skip
    for n, part in enumerate(parts):
        (corpus / f"docs-{n}.jsonl.gz").write_bytes(gzip.compress(part.encode()))
    return folder


def test_a_beir_folder_is_read_as_published(beir: Path) -> None:
    read = read_set(beir, "test")
    assert [(text.id, text.title) for text in read.corpus] == [("4983", "Dogs"), ("5836", "")]
    assert [query.id for query in read.queries] == ["0", "2"] and read.qrels["0"] == {"4983": 2}
    assert {text.lang for text in (*read.corpus, *read.queries)} == {"en"}, "told from the queries"
    assert [query.id for query in read_set(beir, "dev").queries] == ["4"]


def test_a_beir_line_may_say_its_language_and_files_may_be_packed(beir: Path) -> None:
    queries = lines({"_id": "0", "text": "Đăng ký chó", "lang": "vi"}, {"_id": "2", "text": "moved"})
    (beir / "queries.jsonl").unlink()
    (beir / "queries.jsonl.gz").write_bytes(gzip.compress(queries.encode()))
    assert read_set(beir, "test").queries[0].lang == "vi"


def test_a_beir_file_without_its_header_loses_no_line(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").write_text("0\t4983\t1.0\r\n2\t5836\t1\r\n")
    assert read_set(beir, "test").qrels == {"0": {"4983": 1}, "2": {"5836": 1}}


def test_a_miracl_folder_is_read_as_published(miracl: Path) -> None:
    read = read_set(miracl, "dev")
    assert [text.id for text in read.corpus] == ["5#0", "5#1", "7#2"]
    assert [(query.id, query.text, query.lang) for query in read.queries] == [
        ("0", "犬の登録の期限", "ja"), ("3", "転入届の期限は？", "ja"),
    ]  # fmt: skip
    assert read.qrels["0"] == {"5#0": 1, "5#1": 0}


def test_miracl_s_chinese_is_ours_and_its_qrels_may_be_spaced(miracl: Path) -> None:
    for kind in ("topics", "qrels"):
        file = miracl / kind / f"{kind}.miracl-v1.0-ja-dev.tsv"
        file.rename(file.with_name(file.name.replace("-ja-", "-zh-")))
    (miracl / "qrels" / "qrels.miracl-v1.0-zh-dev.tsv").write_text("0 Q0 5#0 1\n")
    read = read_set(miracl, "dev")
    assert {text.lang for text in (*read.corpus, *read.queries)} == {"zh-Hans"} and len(read.queries) == 1


def test_the_command_measures_them(beir: Path, miracl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path / "home"))
    for folder, split in ((beir, "test"), (miracl, "dev")):
        out = tmp_path / "x.json"
        assert main(["eval", str(folder), "--split", split, "--json", str(out)]) == 0
        assert json.loads(out.read_text())["figures"]["all"]["Recall@10"]["mean"] == 1.0


BAD_BEIR = [
    ("corpus.jsonl", '{"_id": "1", "text": "x"}\n{"title": "y", "text": "z"}\n', r"corpus\.jsonl line 2: no _id"),
    ("corpus.jsonl", '{"_id": "1"}\n', r"corpus\.jsonl line 1: no text"),
    ("corpus.jsonl", "{", r"corpus\.jsonl line 1"),
    ("corpus.jsonl", "", "no document"),
    ("queries.jsonl", '{"_id": "0", "text": "x"}\nnull\n', r"queries\.jsonl line 2"),
    ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n0\t4983\n", r"test\.tsv line 2: expected"),
    ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n0\t4983\thigh\n", r"test\.tsv line 2"),
    ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n\n0\t4983\t1.5\n", r"test\.tsv line 3"),
    ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n0\t\t1\n", r"test\.tsv line 2"),
    ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n9\t4983\t1\n", "no labelled query"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD_BEIR)
def test_a_bad_beir_folder_is_named_by_file_and_line(beir: Path, name: str, content: str, said: str) -> None:
    (beir / name).write_text(content)
    with pytest.raises(SetError, match=said):
        read_set(beir, "test")


BAD_MIRACL = [
    ("topics/topics.miracl-v1.0-ja-dev.tsv", "0\t犬\n犬だけ\n", "topics.*line 2: expected a query's id"),
    ("topics/topics.miracl-v1.0-ja-dev.tsv", "0\t\n", "topics.*line 1"),
    ("qrels/qrels.miracl-v1.0-ja-dev.tsv", "0\tQ0\t5#0\t1\n0\tQ0\t5#0\tyes\n", "qrels.*line 2"),
    ("qrels/qrels.miracl-v1.0-ja-dev.tsv", "0\n", "qrels.*line 1"),
    ("miracl-corpus-v1.0-ja/docs-1.jsonl", '{"docid": "8#0"}\n', r"docs-1\.jsonl line 1: no text"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD_MIRACL)
def test_a_bad_miracl_folder_is_named_by_file_and_line(miracl: Path, name: str, content: str, said: str) -> None:
    (miracl / name).write_text(content)
    with pytest.raises(SetError, match=said):
        read_set(miracl, "dev")


def test_what_is_missing_is_named(beir: Path, miracl: Path) -> None:
    (beir / "corpus.jsonl").unlink()
    with pytest.raises(SetError, match=r"needs corpus\.jsonl"):
        read_set(beir, "test")
    with pytest.raises(SetError, match=r"topics.*-test"):
        read_set(miracl, "test")
    for part in (miracl / "miracl-corpus-v1.0-ja").iterdir():
        part.unlink()
    with pytest.raises(SetError, match=r"no docs-….jsonl"):
        read_set(miracl, "dev")


def test_a_damaged_archive_is_named(miracl: Path) -> None:
    part = miracl / "miracl-corpus-v1.0-ja" / "docs-0.jsonl.gz"
    whole = part.read_bytes()
    for bad in (whole[: len(whole) // 2], whole[:12] + b"\x00\x11\x22" + whole[15:], b"not gzip", b"\x1f\x8b"):
        part.write_bytes(bad)
        with pytest.raises(SetError, match="docs-0"):
            read_set(miracl, "dev")
