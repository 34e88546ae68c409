"""Cited documents and tables as the source page shows them."""

from __future__ import annotations

from assistant.bootstrap import System
from assistant.store.knowledge import TownProfile
from knowledge.citing import short_article
from knowledge.passage import Document, Kind, Passage, Table
from knowledge.split import passages
from knowledge.table_rows import row_key, row_passage, row_text

Shown = dict[str, object]
"""The context of source.html: `document` and `sections`, each with marked parts."""


def shown_document(here: System, town: str, document: str, passage: str, quote: str, end: str) -> Shown | None:
    """The document with the quote marked in its passage; None when no layer of the town holds it, or it is off."""
    off = here.switches.of(town)
    for owner in here.town(town).owners:
        held = here.knowledge.document(owner, document)
        if held is not None:
            pieces = passages(held)
            if any(off.hides(piece) for piece in pieces[:1]):
                return None  # switched off: not the farther layer's text instead
            return {
                "document": _heading(held, here.profile(town)),
                "sections": [_section(held, piece, quote if piece.id == passage else "", end) for piece in pieces],
            }
    return None


def shown_table(here: System, town: str, table: str, passage: str) -> Shown | None:
    """The table's rows with the cited one marked; None when no layer of the town holds it."""
    name = table.removeprefix("table:")
    for owner in here.town(town).owners:
        for held in here.knowledge.tables(owner):
            if held.id == name and held.rows and here.switches.of(town).hides(row_passage(held, 0)):
                return None
            if held.id == name:
                heading = _table_heading(held, here.profile(town))
                return {"document": heading, "sections": _rows(held, passage.partition("#")[2])}
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


def _section(document: Document, piece: Passage, quote: str, end: str) -> dict[str, object]:
    path = [short_article(p) for p in piece.path] if document.kind is Kind.LAW else list(piece.path)
    return {"path": path, "parts": marked(piece.text, quote, end)}


def marked(text: str, start: str, end: str = "") -> list[dict[str, object]]:
    """The text in parts, with the first stretch from `start` to the end of `end` marked; joined they are the text.

    A stretch that is not there (the text was changed since) is not marked.
    """
    begin = text.find(start) if start else -1
    close = text.find(end, begin) if begin >= 0 and end else begin + len(start) - len(end)
    if begin < 0 or close < begin:
        return [{"text": text, "mark": False}]
    stop = close + len(end)
    cut = ((text[:begin], False), (text[begin:stop], True), (text[stop:], False))
    return [{"text": part, "mark": mark} for part, mark in cut if part]


def _table_heading(table: Table, town: TownProfile) -> dict[str, object]:
    return {
        "title": table.title, "url": table.url, "language": "ja", "layer": "town",
        "as_of": table.as_of.isoformat(), "department": town.department(table.department),
    }  # fmt: skip


def _rows(table: Table, cited: str) -> list[dict[str, object]]:
    """One section a row, the cited first: a long table is read from the row that matters."""
    marked_row = int(cited) if cited.isascii() and cited.isdigit() and int(cited) < len(table.rows) else -1
    order = sorted(range(len(table.rows)), key=lambda n: n != marked_row)
    return [
        {"path": [row_key(table, n)], "parts": [{"text": row_text(table, n), "mark": n == marked_row}]} for n in order
    ]
