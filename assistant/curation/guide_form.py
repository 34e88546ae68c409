"""案内の入力欄: a guide as the fields of a form, and back, with every fault named in words beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from assistant.curation.versions import LABELS
from assistant.model import LANGUAGES
from knowledge.passage import Document, Facts, Kind, LawRef, Layer, Section

LINES = ("questions", "where", "bring", "fee", "laws")
"""Fields with one entry a line."""
DAYS = ("valid_from", "valid_until", "review_by")
TEXTS = ("title", "topic", "url", "summary", "who", "deadline", "when", "online", "department", "phone")
MOST = {"title": 150, "topic": 60, "url": 500, "online": 500, "phone": 40, "department": 60}  # characters
MOST_LINE = 500
MOST_TEXT = 20_000
MOST_SECTIONS = 40
PATH_MARK = " › "
LAW_MARK = "|"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_PHONE = re.compile(r"[0-9０-９][0-9０-９()（）\-‐－ー ]{2,38}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What stands in the form: one string a field, and the sections as (heading, text)."""

    values: Mapping[str, str]
    sections: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The field as it was written, line ends as "\\n", without control characters and outer white space."""
        return _clean(self.values.get(name, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The document that the form describes, or None and what must be mended: field → words."""

    document: Document | None
    faults: Mapping[str, str]


def fields_of(document: Document) -> Fields:
    """The form's fields for this guide; `read` gives the same guide back."""
    facts = document.facts or Facts()
    values = {
        "title": document.title, "topic": document.topic, "url": document.url, "language": document.language,
        "id": guide_id(document), "questions": "\n".join(document.questions), "summary": facts.summary,
        "who": facts.who, "deadline": facts.deadline, "where": "\n".join(facts.where), "when": facts.when,
        "bring": "\n".join(facts.bring), "fee": "\n".join(facts.fee), "online": facts.online,
        "department": facts.department, "phone": facts.phone, "laws": "\n".join(map(_law_line, facts.laws)),
    }  # fmt: skip
    for name in DAYS:
        day = getattr(document, name)
        values[name] = day.isoformat() if day else ""
    sections = tuple((PATH_MARK.join(section.path), section.text) for section in document.sections)
    return Fields(values=values, sections=sections)


def read(fields: Fields, before: Document, today: date) -> Read:
    """The guide with the form's content; id, owner, layer and language stay those of `before`.

    Its day of state (as_of) is today when anything else differs from `before`.
    """
    form = _Form(fields)
    facts = Facts(
        summary=form.text("summary", needed=True), who=form.text("who"), deadline=form.text("deadline"),
        where=form.lines("where"), when=form.text("when"), bring=form.lines("bring"), fee=form.lines("fee"),
        online=form.address("online"), department=form.text("department"), phone=form.phone(), laws=form.laws(),
    )  # fmt: skip
    title, topic = form.text("title", needed=True), form.text("topic", needed=True)
    questions, url = form.lines("questions", needed=True), form.address("url")
    valid_from, valid_until, review_by = form.day("valid_from"), form.day("valid_until"), form.day("review_by")
    if valid_from and valid_until and valid_until < valid_from:
        form.faults["valid_until"] = "有効期間の終わりが、始まりより前になっています。"
    if review_by is None and "review_by" not in form.faults:
        form.faults["review_by"] = "見直し期限を入れてください。古い案内を残さないためです。"
    sections = form.sections()
    if form.faults:
        return Read(document=None, faults=form.faults)
    after = replace(
        before, title=title, topic=topic, url=url, questions=questions, facts=facts, sections=sections,
        valid_from=valid_from, valid_until=valid_until, review_by=review_by,
    )  # fmt: skip
    return Read(document=after if after == before else replace(after, as_of=today), faults={})


def new_guide(id_: str, language: str, owner: str, today: date, *, title: str = "", question: str = "") -> Read:
    """An empty guide under this id, or what is wrong with id or language."""
    faults = {}
    if not _ID.fullmatch(id_):
        faults["id"] = "案内IDは半角の英数字とハイフンで、80文字までです（例：kite-plaza）。"
    if language not in LANGUAGES:
        faults["language"] = "言語を選んでください。"
    if not _clean(title):
        faults["title"] = "題名を入れてください。"
    elif len(_clean(title)) > MOST["title"]:
        faults["title"] = f"題名は{MOST['title']}文字までにしてください。"
    if faults:
        return Read(document=None, faults=faults)
    document = Document(
        id=f"guide:{id_}@{language}", key=f"guide:{id_}", owner=owner, layer=Layer.TOWN, kind=Kind.GUIDE,
        title=_clean(title), language=language, url="", questions=tuple(_split(question)), facts=Facts(), as_of=today,
    )  # fmt: skip
    return Read(document=document, faults={})


def guide_id(document: Document) -> str:
    """The guide's id as staff know it: move-in of guide:move-in@ja."""
    return document.key.removeprefix("guide:")


class _Form:
    """Takes values out of the fields and collects what is wrong with them."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.faults: dict[str, str] = {}

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self._fields.get(name)
        most = MOST.get(name, MOST_LINE)
        if needed and not value:
            self.faults[name] = f"{LABELS[name]}を入れてください。"
        elif len(value) > most:
            self.faults[name] = f"{LABELS[name]}は{most}文字までにしてください（今は{len(value)}文字）。"
        return value

    def lines(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        found = tuple(_split(self._fields.get(name)))
        if needed and not found:
            self.faults[name] = f"{LABELS[name]}を1行に1つずつ、少なくとも1つ入れてください。"
        elif any(len(line) > MOST_LINE for line in found):
            self.faults[name] = f"{LABELS[name]}の1行は{MOST_LINE}文字までにしてください。"
        elif len(found) > 60:
            self.faults[name] = f"{LABELS[name]}は60行までにしてください。"
        return found

    def address(self, name: str) -> str:
        value = self.text(name)
        if value and name not in self.faults:
            try:
                parts = urlsplit(value)
                fine = parts.scheme in ("https", "http") and bool(parts.hostname) and not set(value) & set(' "<>\n')
            except ValueError:
                fine = False
            if not fine:
                self.faults[name] = f"{LABELS[name]}は https:// で始まるアドレスにしてください。"
        return value

    def phone(self) -> str:
        value = self.text("phone")
        if value and "phone" not in self.faults and not _PHONE.fullmatch(value):
            self.faults["phone"] = "電話番号は数字とハイフンで入れてください（例：000-482-1101）。"
        return value

    def day(self, name: str) -> date | None:
        value = self._fields.get(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.faults[name] = f"{LABELS[name]}は 2026-04-01 のような日付にしてください。"
            return None

    def laws(self) -> tuple[LawRef, ...]:
        found = []
        for line in self.lines("laws"):
            cells = [cell.strip() for cell in line.split(LAW_MARK)]
            if len(cells) > 3 or not cells[0]:
                self.faults["laws"] = "根拠法令は1行に1つ、「法律名 | 条 | 法令ID」の形で入れてください。"
                return ()
            title, article, law_id = (*cells, "", "")[:3]
            found.append(LawRef(title=title, article=article, law_id=law_id or None))
        return tuple(found)

    def sections(self) -> tuple[Section, ...]:
        found = []
        for n, (heading, text) in enumerate(self._fields.sections[:MOST_SECTIONS]):
            path, body = _clean(heading), _clean(text)
            if not path and not body:
                continue
            if not body:
                self.faults[f"section-{n}"] = "見出しだけで本文がありません。本文を入れるか、見出しを消してください。"
            elif len(body) > MOST_TEXT or len(path) > MOST_LINE:
                self.faults[f"section-{n}"] = f"見出しは{MOST_LINE}文字、本文は{MOST_TEXT}文字までにしてください。"
            parts = tuple(part.strip() for part in path.split(PATH_MARK.strip()) if part.strip())
            found.append(Section(path=parts, text=body))
        if len(self._fields.sections) > MOST_SECTIONS:
            self.faults["sections"] = f"見出しは{MOST_SECTIONS}個までにしてください。"
        return tuple(found)


def _law_line(law: LawRef) -> str:
    return f" {LAW_MARK} ".join(_trimmed((law.title, law.article, law.law_id or "")))


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return cells


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
