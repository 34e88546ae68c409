"""CSV becomes a header and rows, whole or not at all; the same shape serves the sheets of a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.errors import MalformedSource, NoTextInSource
from knowledge.sources.reading import check_chars, refusal

_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 50
_NAMED_LINES = 10  # a message names at most so many lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record; `line` is where it ends in the file, from 1 (rows of a sheet: its number there)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A header and the records below it; every record has as many cells as the header."""

    name: str  # of the file, for messages
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, names: Iterable[str]) -> int | None:
        """The place of the first of the names that stands in the header, or None; see `fold`."""
        folded = [fold(cell) for cell in self.header]
        return next((folded.index(fold(name)) for name in names if fold(name) in folded), None)

    def take(self, place: int | None, row: Row) -> str:
        """The cell at that place without space around; '' for no place."""
        return row.cells[place].strip() if place is not None else ""


def fold(name: str) -> str:
    """A header for comparison: no space, no case, full-width letters as half-width ones."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(name.translate(wide).split()).casefold()


def csv_rows(text: str, name: str) -> Rows:
    """The CSV text as rows; comma, tab, semicolon or bar, whichever parts the first lines evenly.

    Blank lines and empty cells beyond the header are left out.  Raises NoTextInSource without a record and
    MalformedSource, naming lines, when a record has another number of cells than the header.
    """
    check_chars(name, len(text))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
        records = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as exc:
        raise refusal(MalformedSource, name, "A cell is too long or a quote is not closed. Export it again.") from exc
    if not records:
        raise refusal(NoTextInSource, name, "This file holds no rows. Check that it is the right file.")
    return table_rows(records, name)


def table_rows(records: Sequence[tuple[int, Sequence[str]]], name: str) -> Rows:
    """Records with their line numbers, the first one being the header, as Rows; raises as `csv_rows` does."""
    header = [" ".join(cell.split()) for cell in records[0][1]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    wrong = [
        line for line, cells in records[1:]
        if len(cells) < width or any(cell.strip() for cell in cells[width:])
    ]  # fmt: skip
    if wrong:
        lines = ", ".join(map(str, wrong[:_NAMED_LINES])) + (" and more" if len(wrong) > _NAMED_LINES else "")
        why = f"The header has {width} columns, but line {lines} has another number. Mend these lines."
        raise refusal(MalformedSource, name, why)
    rows = tuple(Row(line=line, cells=tuple(cells[:width])) for line, cells in records[1:])
    return Rows(name=name, header=tuple(header), rows=rows)


def _delimiter(text: str) -> str:
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(_DELIMITERS, key=evenness)
