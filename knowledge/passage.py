"""The vocabulary of knowledge: Document, Passage, Table, Hit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NATION = "000000"
"""The owner code of the national layer (全国地方公共団体コード has no such entry)."""


class Layer(StrEnum):
    """Whose rule it is; the nearer layer wins when two answer the same question."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    TOWN = "town"


class Kind(StrEnum):
    """What sort of document it is; decides how it is split and how an answer uses it."""

    GUIDE = "guide"
    FAQ = "faq"
    LAW = "law"
    PAGE = "page"
    TABLE = "table"  # one looked-up row, made citable


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRef:
    """法的根拠: the article that a procedure rests on."""

    title: str  # 住民基本台帳法
    article: str  # 第二十二条, as written in the law; empty when the whole law is meant
    law_id: str | None  # e-Gov law id; None for an ordinance

    @property
    def url(self) -> str | None:
        """The address of the law at e-Gov; None for an ordinance."""
        return f"https://laws.e-gov.go.jp/law/{self.law_id}" if self.law_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The typed facts of a guide; an empty value means that the fact does not apply."""

    summary: str = ""
    who: str = ""
    deadline: str = ""
    where: tuple[str, ...] = ()
    when: str = ""
    bring: tuple[str, ...] = ()
    fee: tuple[str, ...] = ()
    online: str = ""
    department: str = ""
    phone: str = ""
    laws: tuple[LawRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A piece of a document under its headings, in document order."""

    path: tuple[str, ...]  # headings, or 編 章 節 条 項 号 of a law; () for text before any heading
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one text in one language, with its dates and its owner.

    `id` is unique within an owner; `key` is shared by all language versions of the same text.
    """

    id: str
    key: str
    owner: str  # town code, prefecture code or NATION
    layer: Layer
    kind: Kind
    title: str
    language: str  # BCP-47
    url: str
    topic: str = ""
    questions: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: Facts | None = None
    as_of: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.key or not self.title.strip():
            raise ValueError("a document needs an id, a key and a title")

    @property
    def digest(self) -> str:
        """sha256 over everything that a reader could see; equal digests mean nothing changed."""
        return content_digest(document_payload(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An article that an article names, resolved: 前条第二項 in 第二十三条 → 第二十二条第二項 of the same law."""

    words: str  # as the text says it
    law: str  # in full
    article: str  # 22_3 for 第二十二条の三
    paragraph: int  # 項, from 1; 0 for the whole article


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The piece that is indexed and cited."""

    id: str  # document id + "#" + ordinal in it
    document: str
    key: str  # the document's key: language versions of one text share it
    title: str
    path: tuple[str, ...]
    text: str
    language: str
    layer: Layer
    kind: Kind
    url: str
    topic: str = ""
    as_of: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    questions: tuple[str, ...] = ()  # only on the passage that stands for its document
    facts: Facts | None = None  # likewise
    cites: tuple[Cited, ...] = ()  # of a law's article: the articles it names; see law_links

    def valid_on(self, day: date) -> bool:
        """True when the passage is in force on that day (both ends inclusive)."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage and its scores."""

    passage: Passage
    score: float  # 0-1, comparable across queries: of the best hit the chance that it is right, of others in proportion
    fit: float  # 0-1: how well the passage fits the question, by itself
    lexical: float  # share of the query's possible BM25 score that the passage got, 0-1
    dense: float  # cosine, -1 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """表: facts that are looked up, never generated."""

    id: str  # file name without ending
    owner: str
    kind: str  # garbage_items | garbage_categories | garbage_days | fees | hours | facilities | shelters
    title: str
    url: str
    department: str
    as_of: date
    key: str  # the column that is looked up
    aliases: str  # the column of other names, or ""
    local: tuple[tuple[str, str], ...]  # (language, column with the name in it)
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def digest(self) -> str:
        """sha256 over header and rows."""
        return content_digest([self.kind, self.title, self.url, str(self.as_of), self.columns, self.rows])


def law_name_key(title: str) -> str:
    """The key under which an article is found by its name, such as 朝凪市印鑑条例 第三条."""
    return f"law-name:{''.join(title.split())}"


def content_digest(value: object) -> str:
    """The sha256 of a value's canonical JSON, as 64 hex digits."""
    raw = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def document_payload(document: Document) -> dict[str, object]:
    """The document as plain JSON values, for storing and digesting; `document_from` is its inverse."""
    facts = document.facts
    return {
        "id": document.id, "key": document.key, "owner": document.owner, "layer": document.layer.value,
        "kind": document.kind.value, "title": document.title, "language": document.language, "url": document.url,
        "topic": document.topic, "questions": list(document.questions),
        "sections": [{"path": list(s.path), "text": s.text} for s in document.sections],
        "facts": facts_payload(facts) if facts else None,
        "as_of": _iso(document.as_of), "valid_from": _iso(document.valid_from),
        "valid_until": _iso(document.valid_until), "review_by": _iso(document.review_by),
    }  # fmt: skip


def facts_payload(facts: Facts) -> dict[str, object]:
    """The facts as plain JSON values."""
    return {
        "summary": facts.summary, "who": facts.who, "deadline": facts.deadline, "where": list(facts.where),
        "when": facts.when, "bring": list(facts.bring), "fee": list(facts.fee), "online": facts.online,
        "department": facts.department, "phone": facts.phone,
        "laws": [{"title": r.title, "article": r.article, "law_id": r.law_id} for r in facts.laws],
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
