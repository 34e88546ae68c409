"""案内 guides: Markdown with typed front matter, one procedure in one language.

The form is described in knowledge/demo_city/README.md.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from pathlib import Path

from knowledge.errors import MalformedSource
from knowledge.passage import Document, Facts, Kind, LawRef, Layer
from knowledge.sources.letters import decode
from knowledge.sources.markdown import front_matter, sections
from knowledge.sources.reading import Origin, Reading, load, refusal

REQUIRED = (
    "id", "title", "topic", "layer", "questions", "summary", "who", "deadline", "where", "when", "bring", "fee",
    "online", "department", "phone", "url", "law", "valid_from", "review_by", "related",
)  # fmt: skip
"""Every key stands in every guide; one that does not apply is [] or null."""

OPTIONAL = ("language", "translated", "as_of", "valid_until")
"""Keys that only some guides have: `translated` says how a translation was made."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def is_guide(meta: dict[str, object]) -> bool:
    """True when the front matter means to be a guide's, even if it has faults."""
    return "questions" in meta or ("id" in meta and "topic" in meta)


def read_guide(path: Path, origin: Origin) -> Reading:
    """One guide: id `guide:ID@LANGUAGE`, key `guide:ID`, sections by headings, typed facts.

    Raises MalformedSource that lists every wrong key and how to mend it.
    """
    name = origin.name(path)
    meta, body = front_matter(decode(load(path, origin), name).text, name)
    if not meta:
        raise refusal(MalformedSource, name, "A guide begins with front matter between lines of three hyphens. Add it.")
    form = _Form(meta)
    document = _document(form, body, path, origin)
    if form.faults or document is None:
        raise refusal(MalformedSource, name, "; ".join(form.faults) + ". Mend these keys of the front matter.")
    return Reading(documents=(document,))


class _Form:
    """Takes values out of the front matter and collects what is wrong with them; no value enters a message."""

    def __init__(self, meta: dict[str, object]) -> None:
        self.meta = meta
        known = (*REQUIRED, *OPTIONAL)
        self.faults = [
            f"'{key}' is missing (write [] or null if it does not apply)" for key in REQUIRED if key not in meta
        ]
        for key in meta:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                self.faults.append(f"'{key[:40]}' is not a key of guides" + (f" (is it '{near[0]}'?)" if near else ""))

    def text(self, key: str, *, needed: bool = False) -> str:
        """A string; null is an empty one unless `needed`."""
        value = self.meta.get(key)
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        if key in self.meta and (value is not None or needed):
            self.faults.append(f"'{key}' must be text; put quotes around a number or a date")
        return ""

    def lines(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of strings; null is an empty one unless `needed`."""
        value = self.meta.get(key)
        if isinstance(value, list) and all(isinstance(line, str) for line in value) and (value or not needed):
            return tuple(line.strip() for line in value)
        if key in self.meta and (value is not None or needed):
            self.faults.append(f"'{key}' must be a list of texts such as [one, two]")
        return ()

    def day(self, key: str) -> date | None:
        """A date or None."""
        value = self.meta.get(key)
        if type(value) is date:  # not a datetime, which is a date too
            return value
        if value is not None:
            self.faults.append(f"'{key}' must be a date such as 2026-04-01")
        return None

    def laws(self) -> tuple[LawRef, ...]:
        """The legal basis: rows of {title, article, law_id}."""
        value = self.meta.get("law")
        rows = value if isinstance(value, list) else []
        refs = [_law_ref(row) for row in rows]
        if (value is not None and not isinstance(value, list)) or None in refs:
            self.faults.append("'law' must be a list of {title: 法律名, article: 第一条, law_id: id or null}")
        return tuple(ref for ref in refs if ref is not None)

    def layer(self) -> Layer:
        """The layer; a fault and TOWN when it is none of the three."""
        try:
            return Layer(self.text("layer", needed=True))
        except ValueError:
            if "layer" in self.meta:
                self.faults.append("'layer' must be town, prefecture or nation")
            return Layer.TOWN


def _law_ref(row: object) -> LawRef | None:
    if not isinstance(row, dict) or not isinstance(row.get("title"), str) or set(row) - {"title", "article", "law_id"}:
        return None
    article, law_id = row.get("article") or "", row.get("law_id")
    if not isinstance(article, str) or not (law_id is None or isinstance(law_id, str)):
        return None
    return LawRef(title=row["title"], article=article, law_id=law_id or None)


def _facts(form: _Form) -> Facts:
    return Facts(
        summary=form.text("summary"), who=form.text("who"), deadline=form.text("deadline"), where=form.lines("where"),
        when=form.text("when"), bring=form.lines("bring"), fee=form.lines("fee"), online=form.text("online"),
        department=form.text("department"), phone=form.text("phone"), laws=form.laws(),
    )  # fmt: skip


def _identity(form: _Form, path: Path) -> tuple[str, str]:
    """The guide's id and language: the `language` key, else the name of the folder."""
    guide = form.text("id", needed=True)
    if guide and (not _ID.fullmatch(guide) or guide != path.stem):
        form.faults.append("'id' must be the file's name without .md, of letters, digits and hyphens")
    language = form.text("language") or path.parent.name
    if not _LANGUAGE.fullmatch(language):
        form.faults.append("'language' is missing: put the file in a folder named ja, en, … or add 'language: ja'")
    return guide, language


def _document(form: _Form, body: str, path: Path, origin: Origin) -> Document | None:
    """The guide, or None when no document can be made of it; form.faults says why."""
    guide, language = _identity(form, path)
    title, layer, facts = form.text("title", needed=True), form.layer(), _facts(form)
    form.lines("related"), form.text("translated")  # their form is checked; nothing reads them yet
    valid_from, as_of = form.day("valid_from"), form.day("as_of")
    url, topic, questions = form.text("url"), form.text("topic", needed=True), form.lines("questions", needed=True)
    valid_until, review_by = form.day("valid_until"), form.day("review_by")
    if valid_from and valid_until and valid_until < valid_from:
        form.faults.append("'valid_until' lies before 'valid_from'")
    if form.faults:
        return None
    return Document(
        id=f"guide:{guide}@{language}", key=f"guide:{guide}", owner=origin.owner, layer=layer, kind=Kind.GUIDE,
        title=title, language=language, url=url, topic=topic, questions=questions,
        sections=tuple(sections(body, title)), facts=facts, as_of=as_of or origin.as_of or valid_from,
        valid_from=valid_from, valid_until=valid_until, review_by=review_by,
    )  # fmt: skip
