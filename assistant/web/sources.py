"""Cited documents and tables as the source page shows them."""

from __future__ import annotations

from assistant.bootstrap import System
from assistant.store.knowledge import TownProfile
from knowledge.citing import short_article
from knowledge.passage import Document, Kind, Passage, Table
from knowledge.split import passages

Shown = dict[str, object]
"""The context of source.html: `document` and `sections`, each with marked parts."""


def shown_document(here: System, town: str, document: str, passage: str, quote: str) -> Shown | None:
    """The document with the quote marked in its passage; None when no layer of the town holds it."""
    for owner in here.town(town).owners:
        held = here.knowledge.document(owner, document)
        if held is not None:
            pieces = passages(held)
            return {
                "document": _heading(held, here.profile(town)),
                "sections": [_section(held, piece, quote if piece.id == passage else "") for piece in pieces],
            }
    return None


def shown_table(here: System, town: str, table: str, passage: str) -> Shown | None:
    """The table's rows with the cited one marked; None when no layer of the town holds it."""
    name = table.removeprefix("table:")
    for owner in here.town(town).owners:
        for held in here.knowledge.tables(owner):
            if held.id == name:
                return {"document": _table_heading(held, here.profile(town)), "sections": _rows(held, passage.partition("#")[2])}
    return None


def _heading(document: Document, town: TownProfile) -> dict[str, object]:
    return {
        "title": document.title,
        "url": document.url,
        "language": document.language,
        "layer": document.layer.value,
        "as_of": document.as_of.isoformat() if document.as_of else "",
        "department": town.department(document.facts.department) if document.facts else "",
    }


def _section(document: Document, piece: Passage, quote: str) -> dict[str, object]:
    path = [short_article(p) for p in piece.path] if document.kind is Kind.LAW else list(piece.path)
    return {"path": path, "parts": marked(piece.text, quote)}


def marked(text: str, quote: str) -> list[dict[str, object]]:
    """The text in parts, the first occurrence of the quote marked; joined they are the text."""
    start = text.find(quote) if quote else -1
    if start < 0:
        return [{"text": text, "mark": False}]
    cut = ((text[:start], False), (quote, True), (text[start + len(quote) :], False))
    return [{"text": part, "mark": mark} for part, mark in cut if part]


def _table_heading(table: Table, town: TownProfile) -> dict[str, object]:
    return {
        "title": table.title, "url": table.url, "language": "ja", "layer": "town",
        "as_of": table.as_of.isoformat(), "department": town.department(table.department),
    }  # fmt: skip


def _rows(table: Table, cited: str) -> list[dict[str, object]]:
    """One section a key, the cited first: a long table is read from the row that matters."""
    key = table.columns.index(table.key)
    local = {column for _, column in table.local}
    shown = [n for n, column in enumerate(table.columns) if column not in local and n != key]
    sections = []
    for row in sorted(table.rows, key=lambda r: r[key] != cited):
        text = "\n".join(f"{table.columns[n]}: {row[n]}" for n in shown if row[n])
        sections.append({"path": [row[key]], "parts": [{"text": text, "mark": row[key] == cited}]})
    return sections
