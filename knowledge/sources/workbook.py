"""Excel files (.xlsx): each visible sheet becomes an FAQ, a known Table, or a page of 'header: value' lines."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.errors import MalformedSource, NoTextInSource, SourceError
from knowledge.passage import Document, Section, Table
from knowledge.sources.archive import check_archive
from knowledge.sources.faq import faq_reading, is_faq
from knowledge.sources.letters import clean
from knowledge.sources.reading import Origin, Reading, load, page, refusal
from knowledge.sources.rows import Row, Rows
from knowledge.sources.tables import accepted, read_table, shown, table_kind

_MERGED_BYTES = 20 * 1024 * 1024
"""Files above this are read row by row, which uses little memory but can't see merged cells."""

Records = list[tuple[int, list[str]]]


def read_workbook(path: Path, origin: Origin, *, kind: str = "auto") -> Reading:
    """What all visible sheets give; hidden and empty ones are named in a warning.

    `kind` "table" or "faq" makes sheets that are neither an error.  Values of formulas are those last saved.
    """
    name = origin.name(path)
    raw = load(path, origin)
    check_archive(path, raw, name, "xl/workbook.xml")
    documents: list[Document] = []
    tables: list[Table] = []
    warnings: list[str] = []
    sheets = _sheets(raw, name, warnings)
    for title, records in sheets:
        found = _sheet(records, title, path, origin, kind, only=len(sheets) == 1)
        documents += found.documents
        tables += found.tables
        warnings += found.warnings
    if not documents and not tables:
        raise refusal(NoTextInSource, name, "No visible sheet holds text. Check that it is the right file.")
    return Reading(documents=tuple(documents), tables=tuple(tables), warnings=tuple(warnings))


def _sheets(raw: bytes, name: str, warnings: list[str]) -> list[tuple[str, Records]]:
    found: list[tuple[str, Records]] = []
    lean = len(raw) > _MERGED_BYTES
    try:
        book: Workbook = openpyxl.load_workbook(io.BytesIO(raw), read_only=lean, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            records = _records(sheet)
            if sheet.sheet_state != "visible" or not records:
                warnings.append(f"{name}: the sheet {sheet.title[:31]} is hidden or empty and was left out.")
                continue
            if lean:
                warnings.append(f"{name}: merged cells of the sheet {sheet.title[:31]} were not filled, it is large.")
            found.append((sheet.title, records))
        book.close()
    except SourceError:
        raise
    except Exception as exc:  # openpyxl raises whatever a damaged part leads to
        raise refusal(MalformedSource, name) from exc
    return found


def _records(sheet: Worksheet) -> Records:
    """Rows with text, with their numbers; a merged cell's text stands in each row that it spans, once a row."""
    merged: dict[tuple[int, int], str] = {}
    for area in getattr(sheet, "merged_cells", None) or ():
        text = _shown(sheet.cell(area.min_row, area.min_col).value)
        merged.update(((row, area.min_col), text) for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1))
    records = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [merged.get((number, place)) or _shown(value) for place, value in enumerate(values, start=1)]
        if any(cells):
            records.append((number, cells))
    return records


def _shown(value: object) -> str:
    """A cell's value as a person would read it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return clean(str(value)).strip()


def _sheet(records: Records, title: str, path: Path, origin: Origin, kind: str, *, only: bool) -> Reading:
    name = origin.name(path)
    head = next((place for place, (_, cells) in enumerate(records) if len({cell for cell in cells if cell}) > 1), 0)
    rows = _rows(records[head:], name)
    if kind != "table" and is_faq(rows):
        return faq_reading(rows, origin)
    if kind == "table" or (kind != "faq" and table_kind(rows)):
        return Reading(tables=(read_table(rows, path, origin, sheet="" if only else title),))
    if kind == "faq":
        raise refusal(MalformedSource, name, f"This header is not known: {shown(rows.header)}. {accepted()}")
    above = [" | ".join(cell for cell in dict.fromkeys(cells) if cell) for _, cells in records[:head]]
    section = Section(path=(title,), text="\n".join((*above, *_labelled(rows))))
    return Reading(documents=(page(name, origin, title=f"{path.stem} {title}", sections=[section], part=title),))


def _rows(records: Records, name: str) -> Rows:
    """The records as Rows, the first one being the header; short ones are filled up."""
    width = max((place for _, cells in records for place, cell in enumerate(cells, start=1) if cell), default=0)
    even = [Row(line=line, cells=tuple((cells + [""] * width)[:width])) for line, cells in records]
    return Rows(name=name, header=tuple(" ".join(cell.split()) for cell in even[0].cells), rows=tuple(even[1:]))


def _labelled(rows: Rows) -> list[str]:
    """One line a record: 'header: value' for each filled cell; a lone row is written as it is."""
    if not rows.rows:
        return [" | ".join(cell for cell in rows.header if cell)]
    labelled = ([(head, cell) for head, cell in zip(rows.header, row.cells, strict=True) if cell] for row in rows.rows)
    return [" / ".join(f"{head}: {cell}" if head else cell for head, cell in pairs) for pairs in labelled]
