"""Labelled retrieval sets: corpus.jsonl[.gz], queries.SPLIT.jsonl, qrels.SPLIT.tsv."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
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
    topic: str = ""


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
    """The set in a folder, in our form, BEIR's or MIRACL's. Raises SetError naming what is missing or wrong."""
    from eval.foreign_sets import is_beir, is_miracl, read_beir, read_miracl  # they build on this module

    if is_miracl(folder):
        return read_miracl(folder, split)
    if is_beir(folder):
        return read_beir(folder, split)
    qrels = _qrels(folder / f"qrels.{split}.tsv")
    return labelled(folder, split, _texts(_corpus_file(folder)), _texts(folder / f"queries.{split}.jsonl"), qrels)


def labelled(folder: Path, split: str, corpus: Iterable[Text], queries: Iterable[Text], qrels: Qrels) -> LabelledSet:
    """The set, without queries that have no relevant document. Raises SetError when nothing is left."""
    kept = tuple(query for query in queries if any(qrels.get(query.id, {}).values()))
    texts = tuple(corpus)
    if not kept or not texts:
        raise SetError(f"{folder.name}: no labelled query or no document for split {split}")
    return LabelledSet(name=folder.resolve().name, split=split, corpus=texts, queries=kept, qrels=qrels)


def _corpus_file(folder: Path) -> Path:
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        if (folder / name).exists():
            return folder / name
    pointer = folder / "corpus.path"
    if pointer.exists():
        named = (folder / pointer.read_text(encoding="utf-8").strip()).resolve()
        return _corpus_file(named) if named.is_dir() else named
    raise SetError(f"{folder}: there is no corpus.jsonl, corpus.jsonl.gz or corpus.path")


def json_lines(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The objects of a JSON Lines file, plain or gzipped, with line numbers. Raises SetError for anything else."""
    try:
        raw = file.read_bytes()
        lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8").split("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as exc:
        raise SetError(f"{file}: can't be read as UTF-8 text") from exc
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as exc:
            raise SetError(f"{file} line {number}: not a JSON object with an id") from exc
        if not isinstance(value, dict):
            raise SetError(f"{file} line {number}: not a JSON object with an id")
        yield number, value


def _texts(file: Path) -> Iterator[Text]:
    for number, value in json_lines(file):
        if "id" not in value:
            raise SetError(f"{file} line {number}: not a JSON object with an id")
        yield Text(
            id=str(value["id"]), title=str(value.get("title") or ""), text=str(value.get("text") or ""),
            lang=str(value.get("lang") or "ja"), url=str(value.get("url") or ""), topic=str(value.get("topic") or ""),
        )  # fmt: skip


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
