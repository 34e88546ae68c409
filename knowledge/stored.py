"""Plain JSON values back into documents and tables: what was stored is read again as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from knowledge.passage import Document, Facts, Kind, LawRef, Layer, Section, Table


def document_from(v: Mapping[str, object]) -> Document:
    """The document that `passage.document_payload` wrote. Raises KeyError when a field is missing."""
    sections = cast("Sequence[Mapping[str, object]]", v["sections"])
    facts = v["facts"]
    return Document(
        id=_text(v, "id"), key=_text(v, "key"), owner=_text(v, "owner"), layer=Layer(_text(v, "layer")),
        kind=Kind(_text(v, "kind")), title=_text(v, "title"), language=_text(v, "language"), url=_text(v, "url"),
        topic=_text(v, "topic"), questions=_texts(v, "questions"),
        sections=tuple(Section(path=_texts(s, "path"), text=_text(s, "text")) for s in sections),
        facts=facts_from(cast("Mapping[str, object]", facts)) if facts else None,
        as_of=_day(v, "as_of"), valid_from=_day(v, "valid_from"), valid_until=_day(v, "valid_until"),
        review_by=_day(v, "review_by"),
    )  # fmt: skip


def facts_from(v: Mapping[str, object]) -> Facts:
    """The facts that `passage.facts_payload` wrote; missing keys are empty facts."""
    laws = cast("Sequence[Mapping[str, str]]", v.get("laws") or ())
    return Facts(
        summary=_text(v, "summary"), who=_text(v, "who"), deadline=_text(v, "deadline"), where=_texts(v, "where"),
        when=_text(v, "when"), bring=_texts(v, "bring"), fee=_texts(v, "fee"), online=_text(v, "online"),
        department=_text(v, "department"), phone=_text(v, "phone"),
        laws=tuple(LawRef(title=r["title"], article=r["article"], law_id=r["law_id"]) for r in laws),
    )  # fmt: skip


def table_payload(table: Table) -> dict[str, object]:
    """The table as plain JSON values; `table_from` is its inverse."""
    return {
        "id": table.id, "owner": table.owner, "kind": table.kind, "title": table.title, "url": table.url,
        "department": table.department, "as_of": table.as_of.isoformat(), "key": table.key, "aliases": table.aliases,
        "local": [list(pair) for pair in table.local], "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
    }  # fmt: skip


def table_from(v: Mapping[str, object]) -> Table:
    """The table that `table_payload` wrote."""
    rows = cast("Sequence[Sequence[str]]", v["rows"])
    local = cast("Sequence[tuple[str, str]]", v["local"])
    return Table(
        id=_text(v, "id"), owner=_text(v, "owner"), kind=_text(v, "kind"), title=_text(v, "title"),
        url=_text(v, "url"), department=_text(v, "department"), as_of=date.fromisoformat(_text(v, "as_of")),
        key=_text(v, "key"), aliases=_text(v, "aliases"), local=tuple((a, b) for a, b in local),
        columns=_texts(v, "columns"), rows=tuple(tuple(row) for row in rows),
    )  # fmt: skip


def _text(v: Mapping[str, object], key: str) -> str:
    return str(v.get(key) or "")


def _texts(v: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in cast("Sequence[object]", v.get(key) or ()))


def _day(v: Mapping[str, object], key: str) -> date | None:
    value = v.get(key)
    return date.fromisoformat(str(value)) if value else None
