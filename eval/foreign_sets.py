"""Other forms of retrieval sets than ours: BEIR's folders and MIRACL's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.language.detect import detect
from eval.sets import LabelledSet, Qrels, SetError, Text, json_lines, labelled

_LANGUAGES = {"zh": "zh-Hans", "pt": "pt-BR"}  # MIRACL's codes that mean something narrower with us
_SAMPLE = 50  # queries of a BEIR set that its language is told from


def is_beir(folder: Path) -> bool:
    """corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv (Thakur et al., NeurIPS 2021)."""
    return (folder / "qrels").is_dir() and _either(folder, "queries.jsonl") is not None


def is_miracl(folder: Path) -> bool:
    """topics/topics.*-SPLIT.tsv and qrels/qrels.*-SPLIT.tsv (Zhang et al., TACL 2023)."""
    return (folder / "topics").is_dir() and (folder / "qrels").is_dir()


def read_beir(folder: Path, split: str) -> LabelledSet:
    """A set in BEIR's form. Raises SetError naming what is missing or wrong.

    A line may say its `lang`; else it is the language that most of the first queries are in: BEIR has no such field.
    """
    queries, corpus = _either(folder, "queries.jsonl"), _either(folder, "corpus.jsonl")
    if queries is None or corpus is None:
        raise SetError(f"{folder}: a BEIR folder needs corpus.jsonl and queries.jsonl, or the same with .gz")
    qrels = _graded(folder / "qrels" / f"{split}.tsv")
    asked = [text for text in _texts(queries, "") if text.id in qrels]  # the file holds the queries of all splits
    language = _language(asked)
    return labelled(folder, split, _texts(corpus, language), _texts(queries, language), qrels)


def read_miracl(folder: Path, split: str) -> LabelledSet:
    """A set in MIRACL's form; the language is in the files' names. Raises SetError naming what is missing or wrong.

    The corpus, which MIRACL publishes apart, lies anywhere in the folder: docs-0.jsonl.gz and so on.
    """
    topics = sorted((folder / "topics").glob(f"topics.*-{split}.tsv"))
    qrels = sorted((folder / "qrels").glob(f"qrels.*-{split}.tsv"))
    if len(topics) != 1 or len(qrels) != 1:
        raise SetError(f"{folder}: a MIRACL folder needs one topics/topics.…-{split}.tsv and its qrels/qrels.…")
    named = re.search(rf"-([a-z]{{2,3}})-{re.escape(split)}\.tsv$", topics[0].name)
    if named is None:
        raise SetError(f"{topics[0]}: the name must end in -LANGUAGE-{split}.tsv, such as -ja-{split}.tsv")
    language = _LANGUAGES.get(named[1], named[1])
    parts = sorted(f for f in folder.rglob("*.jsonl*") if f.name.startswith(("docs", "corpus")))
    if not parts:
        raise SetError(f"{folder}: there is no docs-….jsonl or corpus.jsonl; put the corpus' files into it")
    corpus = [text for part in parts for text in _texts(part, language)]
    return labelled(folder, split, corpus, _topics(topics[0], language), _graded(qrels[0]))


def _texts(file: Path, language: str) -> Iterator[Text]:
    """BEIR's {_id, title, text} and MIRACL's {docid, title, text}."""
    for number, value in json_lines(file):
        id_ = value.get("_id", value.get("docid", value.get("id")))
        if id_ is None:
            raise SetError(f"{file} line {number}: no _id, docid or id")
        if not isinstance(value.get("text"), str):
            raise SetError(f"{file} line {number}: no text")
        yield Text(
            id=str(id_), title=str(value.get("title") or ""), text=str(value["text"]),
            lang=str(value.get("lang") or language), topic=str(value.get("topic") or ""),
        )  # fmt: skip


def _topics(file: Path, language: str) -> Iterator[Text]:
    """MIRACL's queries: id and words, tab-separated."""
    for number, line in _lines(file):
        cells = line.split("\t")
        if len(cells) != 2 or not cells[0].strip() or not cells[1].strip():
            raise SetError(f"{file} line {number}: expected a query's id and its words, tab-separated")
        yield Text(id=cells[0].strip(), title="", text=cells[1].strip(), lang=language)


def _graded(file: Path) -> Qrels:
    """BEIR: query, document, grade under a header; MIRACL: TREC's four columns with Q0 in the second."""
    found: Qrels = {}
    for number, line in _lines(file):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
        grade = re.fullmatch(r"(-?[0-9]+)(?:\.0+)?", cells[-1])
        if number == 1 and grade is None and len(cells) == 3:
            continue  # query-id, corpus-id, score
        if grade is None or len(cells) not in (3, 4) or not cells[0] or not cells[-2]:
            raise SetError(f"{file} line {number}: expected a query, a document and a whole number, or TREC's columns")
        found.setdefault(cells[0], {})[cells[-2]] = int(grade[1])
    return found


def _lines(file: Path) -> Iterable[tuple[int, str]]:
    """The lines that hold something, with their numbers; a line ends only at a line feed."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise SetError(f"{file}: can't be read as UTF-8 text") from exc
    return [(number, line.rstrip("\r")) for number, line in enumerate(lines, 1) if line.strip()]


def _language(queries: Sequence[Text]) -> str:
    found = Counter(detect(query.text, prior=None).language for query in queries[:_SAMPLE])
    return found.most_common(1)[0][0] if found else "ja"


def _either(folder: Path, name: str) -> Path | None:
    return next((f for f in (folder / name, folder / f"{name}.gz") if f.exists()), None)
