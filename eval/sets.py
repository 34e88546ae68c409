"""Labelled retrieval sets: corpus.jsonl[.gz], queries.SPLIT.jsonl, qrels.SPLIT.tsv."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class SetError(Exception):
    """The set can't be read. It needs corpus.jsonl (or corpus.path), queries.SPLIT.jsonl and qrels.SPLIT.tsv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document of the corpus or a query."""

    id: str
    title: str
    text: str
    lang: str
    url: str = ""


Qrels = dict[str, dict[str, int]]
"""Query id → document id → grade; a grade of 1 or more is relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A set as read: only queries with at least one relevant document are kept."""

    name: str
    split: str
    corpus: tuple[Text, ...]
    queries: tuple[Text, ...]
    qrels: Qrels


def read_set(folder: Path, split: str) -> LabelledSet:
    """The set in a folder. Raises SetError naming the file and line that is missing or wrong."""
    qrels = _qrels(folder / f"qrels.{split}.tsv")
    queries = tuple(q for q in _texts(folder / f"queries.{split}.jsonl") if any(qrels.get(q.id, {}).values()))
    corpus = tuple(_texts(_corpus_file(folder)))
    if not queries or not corpus:
        raise SetError(f"{folder.name}: no labelled query or no document for split {split}")
    return LabelledSet(name=folder.resolve().name, split=split, corpus=corpus, queries=queries, qrels=qrels)


def _corpus_file(folder: Path) -> Path:
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        if (folder / name).exists():
            return folder / name
    pointer = folder / "corpus.path"
    if pointer.exists():
        named = (folder / pointer.read_text(encoding="utf-8").strip()).resolve()
        return _corpus_file(named) if named.is_dir() else named
    raise SetError(f"{folder}: there is no corpus.jsonl, corpus.jsonl.gz or corpus.path")


def _texts(file: Path) -> Iterator[Text]:
    try:
        raw = file.read_bytes()
        lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise SetError(f"{file}: can't be read as UTF-8 text") from exc
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            yield Text(
                id=str(value["id"]), title=str(value.get("title") or ""), text=str(value.get("text") or ""),
                lang=str(value.get("lang") or "ja"), url=str(value.get("url") or ""),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise SetError(f"{file} line {number}: not a JSON object with an id") from exc


def _qrels(file: Path) -> Qrels:
    found: Qrels = {}
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise SetError(f"{file}: can't be read as UTF-8 text") from exc
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if number == 1 and cells[-1].strip() == "grade":
            continue
        if len(cells) != 3 or not re.fullmatch(r"\s*-?[0-9]+\s*", cells[2]):
            raise SetError(f"{file} line {number}: expected query_id, doc_id and grade, tab-separated")
        found.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return found
