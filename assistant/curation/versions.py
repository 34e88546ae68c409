"""版: what changed between two versions of a text, line by line in the words of the form."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from knowledge.passage import Document, Facts


class Provenance(StrEnum):
    """Where a version came from."""

    IMPORTED = "imported"  # from files, as it was before staff first edited it
    EDITED = "edited"  # written in the form and published after review
    OFFERED = "offered"  # came with an import after staff had edited the text: kept aside, not in force


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a text, kept for ever."""

    number: int  # from 1, in the order in which they were stored
    document: Document
    provenance: Provenance
    author: str  # empty for imports
    reviewer: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a difference: "=" in both, "-" only before, "+" only after."""

    mark: str
    text: str


LABELS: dict[str, str] = {
    "title": "題名", "topic": "分野", "language": "言語", "url": "掲載ページ", "questions": "よくある聞き方",
    "summary": "概要", "who": "対象", "deadline": "期限", "where": "窓口", "when": "受付時間", "bring": "持ち物",
    "fee": "手数料", "online": "オンライン", "department": "担当", "phone": "電話", "laws": "根拠法令",
    "valid_from": "有効期間の始まり", "valid_until": "有効期間の終わり", "review_by": "見直し期限",
}  # fmt: skip
"""What the fields are called in the form, in differences and in errors."""


def as_lines(document: Document | None) -> list[str]:
    """The text as a reviewer reads it: one labelled line a fact, then the sections; nothing that matters is left out.

    Two documents with equal lines differ at most in their id, owner, layer, kind or day of state (as_of).
    """
    if document is None:
        return []
    lines = [f"{LABELS[name]}: {value}" for name, value in _fields(document) if value]
    for section in document.sections:
        lines.append(f"## {' › '.join(section.path)}")
        lines.extend(section.text.split("\n"))
    return lines


def diff(before: Document | None, after: Document | None) -> list[Line]:
    """The lines of both in order; joined, "=" and "-" give `before`, "=" and "+" give `after`."""
    old, new = as_lines(before), as_lines(after)
    lines: list[Line] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines.extend(Line(mark="=", text=text) for text in old[a:b])
            continue
        lines.extend(Line(mark="-", text=text) for text in old[a:b])
        lines.extend(Line(mark="+", text=text) for text in new[c:d])
    return lines


def changed(lines: Sequence[Line]) -> bool:
    """True when the two versions differ in what a reader sees."""
    return any(line.mark != "=" for line in lines)


def _fields(document: Document) -> list[tuple[str, str]]:
    facts = document.facts or Facts()
    days = {"valid_from": document.valid_from, "valid_until": document.valid_until, "review_by": document.review_by}
    rows: list[tuple[str, str]] = [
        ("title", document.title), ("topic", document.topic), ("language", document.language), ("url", document.url),
    ]  # fmt: skip
    rows += [("questions", question) for question in document.questions]
    rows += [("summary", facts.summary), ("who", facts.who), ("deadline", facts.deadline)]
    rows += [("where", line) for line in facts.where] + [("when", facts.when)]
    rows += [("bring", line) for line in facts.bring] + [("fee", line) for line in facts.fee]
    rows += [("online", facts.online), ("department", facts.department), ("phone", facts.phone)]
    rows += [("laws", f"{law.title} {law.article} {law.law_id or ''}".strip()) for law in facts.laws]
    return rows + [(name, day.isoformat()) for name, day in days.items() if day]
