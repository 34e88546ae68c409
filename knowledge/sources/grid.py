"""Rows of cells become lines of text 'a | b', the way tables of pages, Word and PDF are kept."""

from __future__ import annotations

from collections.abc import Sequence


def grid_text(rows: Sequence[Sequence[str]]) -> str:
    """One line a row, cells parted by ' | '; empty cells are left out at the end of a row, empty rows altogether."""
    lines = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            lines.append(" | ".join(cells))
    return "\n".join(lines)
