"""よくある質問: rows with questions and answers become one Document each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from knowledge.errors import NoTextInSource
from knowledge.passage import Document, Kind, Section
from knowledge.sources.reading import Origin, Reading, check_chars, day_in, refusal
from knowledge.sources.rows import Row, Rows
from knowledge.sources.webpage import html_text

COLUMNS: dict[str, tuple[str, ...]] = {
    "question": ("質問", "質問文", "質問内容", "よくある質問", "問", "問い", "Q", "question"),
    "answer": ("回答", "回答文", "回答内容", "答", "答え", "A", "answer", "本文", "内容", "body", "text"),
    "title": ("タイトル", "件名", "題名", "見出し", "title"),
    "id": ("id", "番号", "No", "No.", "質問ID", "FAQID", "管理番号", "ファイル名"),
    "url": ("記事URL", "URL", "参照URL", "リンク", "リンクURL"),
    "topic": ("カテゴリー", "カテゴリ", "分類", "大分類", "category", "topic"),
    "language": ("言語", "lang", "language"),
    "day": ("更新日", "最終更新日", "更新日時", "公開日時", "updated"),
    "state": ("ステータス", "公開状態", "状態", "status"),
}
"""What a column may be called; case, space and width of letters do not matter. The first name found counts."""

_NOT_PUBLIC = frozenset({"非公開", "下書き", "公開待ち", "承認待ち", "closed", "draft", "private", "ready"})
_QUESTION_ENDS = ("?", "？", "か", "か。", "の？", "たい", "たい。", "教えて", "ください", "ください。", "です。")


def is_faq(rows: Rows) -> bool:
    """True when the header has a question or title column and an answer column."""
    asked = rows.column(COLUMNS["question"]) is not None or rows.column(COLUMNS["title"]) is not None
    return asked and rows.column(COLUMNS["answer"]) is not None


def asks(title: str) -> bool:
    """True when the title reads as a question."""
    return title.strip().endswith(_QUESTION_ENDS)


@dataclass(slots=True)
class _Counts:
    hidden: int = 0
    unanswered: int = 0
    repeated: int = 0
    seen: dict[str, Document] = field(default_factory=dict)


def faq_reading(rows: Rows, origin: Origin, *, url: str = "") -> Reading:
    """One Document a row: `faq:FILE/ID` with the id column, or with a digest of the question.

    Rows that are not public, have no answer or stand twice are left out with a warning. Answers in HTML become
    text. Kind.FAQ, or Kind.PAGE where a title without a question column does not ask anything.
    Raises NoTextInSource when no row is left.
    """
    counts = _Counts()
    for row in rows.rows:
        _add(rows, row, origin, url, counts)
    name = rows.name
    if not counts.seen:
        raise refusal(NoTextInSource, name, "No row has both a question and an answer. Fill these columns.")
    check_chars(name, sum(len(one.title) + len(one.sections[0].text) for one in counts.seen.values()))
    return Reading(documents=tuple(counts.seen.values()), warnings=tuple(_warnings(name, counts)))


def _warnings(name: str, counts: _Counts) -> Iterator[str]:
    if counts.hidden:
        yield f"{name}: {counts.hidden} rows are not public and were left out."
    if counts.unanswered:
        yield f"{name}: {counts.unanswered} rows without question or answer were left out."
    if counts.repeated:
        yield f"{name}: {counts.repeated} rows stand twice and were read once."


def _add(rows: Rows, row: Row, origin: Origin, url: str, counts: _Counts) -> None:
    def cell(column: str) -> str:
        return rows.take(rows.column(COLUMNS[column]), row)

    if cell("state").casefold() in _NOT_PUBLIC:
        counts.hidden += 1
        return
    question, title, answer = html_text(cell("question")), cell("title"), html_text(_answer(rows, row))
    if not answer.strip() or not (question or title).strip():
        counts.unanswered += 1
        return
    identity = _identity(rows, cell("id"), question or title, answer, counts)
    if identity in counts.seen:
        counts.repeated += 1
        return
    asked, own = bool(question) or asks(title), cell("url")
    counts.seen[identity] = Document(
        id=identity, key=identity, owner=origin.owner, layer=origin.layer, kind=Kind.FAQ if asked else Kind.PAGE,
        title=" ".join((question or title).split()), language=cell("language") or origin.language,
        url=own if own.startswith(("https://", "http://")) else url, topic=_topic(cell("topic")),
        questions=tuple(" ".join(text.split()) for text in dict.fromkeys((question, title)) if text) if asked else (),
        sections=(Section(path=(), text=answer),), as_of=day_in(cell("day")) or origin.as_of,
    )  # fmt: skip


def _answer(rows: Rows, row: Row) -> str:
    """The first filled answer column: an event has its words in 内容 while 本文 is empty."""
    for name in COLUMNS["answer"]:
        text = rows.take(rows.column((name,)), row)
        if text:
            return text
    return ""


def _identity(rows: Rows, given: str, question: str, answer: str, counts: _Counts) -> str:
    """`faq:FILE/ID`; two answers to one question get ids of their own, the same pair twice gets the same one."""
    folder = PurePosixPath(rows.name).with_suffix("").as_posix()
    plain = " ".join(question.split())
    identity = f"faq:{folder}/{given or hashlib.sha256(plain.encode()).hexdigest()[:16]}"
    known = counts.seen.get(identity)
    if known is None or (known.title == plain and known.sections[0].text == answer):
        return identity
    return f"{identity}:{hashlib.sha256((plain + chr(0) + answer).encode()).hexdigest()[:8]}"


def _topic(text: str) -> str:
    """The first of the categories, without the path in brackets that a CMS writes behind it."""
    return text.split("\n")[0].split(" (")[0].strip()
