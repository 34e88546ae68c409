"""Word files (.docx) become Sections: headings, lists and tables in reading order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from knowledge.errors import MalformedSource, SourceError
from knowledge.sources.archive import check_archive
from knowledge.sources.grid import grid_text
from knowledge.sources.headings import Outline
from knowledge.sources.letters import clean
from knowledge.sources.reading import Origin, Reading, load, page, refusal

_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])", re.I)
# Readings of ruby, deleted words, field codes, and the copy of a text box that old programs see.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SILENT = frozenset({qn("w:rt"), qn("w:del"), qn("w:moveFrom"), _FALLBACK})


def read_word(path: Path, origin: Origin) -> Reading:
    """One page; its title is the Title paragraph, else the first heading, else the file's name.

    Headers, footers, comments and deleted words are left out.
    """
    name = origin.name(path)
    raw = load(path, origin)
    check_archive(path, raw, name, "word/document.xml")
    try:
        document = docx.Document(io.BytesIO(raw))
        title = _title(document) or path.stem
        outline = Outline(title)
        _feed(document, outline)
    except SourceError:
        raise
    except Exception as exc:  # python-docx and lxml raise whatever a damaged part leads to
        raise refusal(MalformedSource, name) from exc
    return Reading(documents=(page(name, origin, title=title, sections=outline.sections()),))


def _title(document: WordDocument) -> str:
    styles = [(_style(paragraph), paragraph) for paragraph in document.paragraphs]
    named = [paragraph for style, paragraph in styles if style in ("title", "表題")]
    headed = [paragraph for style, paragraph in styles if _HEADING.match(style)]
    texts = (" ".join(_text(paragraph._p).split()) for paragraph in (*named, *headed))
    return next((text for text in texts if text), "")


def _feed(document: WordDocument, outline: Outline) -> None:
    for block in document.iter_inner_content():
        if isinstance(block, WordTable):
            outline.text(grid_text([list(_cells(row._tr)) for row in block.rows]))
            continue
        text, level = _text(block._p), _level(block)
        if level and text.strip():
            outline.heading(level, text)
        elif text.strip() != outline.title:
            outline.text(("- " if _is_listed(block) else "") + text)


def _level(paragraph: Paragraph) -> int:
    """1-9 for a heading by its style or its outline level; 0 for text."""
    found = _HEADING.match(_style(paragraph))
    if found:
        return int(found[1])
    outline = paragraph._p.find(f".//{qn('w:pPr')}/{qn('w:outlineLvl')}")
    value = outline.get(qn("w:val")) if outline is not None else None
    return int(value) + 1 if value is not None and value.isdigit() and int(value) < 9 else 0


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").strip().lower() if style is not None else ""


def _is_listed(paragraph: Paragraph) -> bool:
    return paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None or _style(paragraph).startswith("list")


def _cells(row: _Element) -> Iterator[str]:
    """The texts of a row's cells; a merged cell stands once, one that goes on from above is empty."""
    for cell in row.iter(qn("w:tc")):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
        yield "" if goes_on else " ".join(_text(paragraph) for paragraph in cell.iter(qn("w:p")))


def _text(element: _Element) -> str:
    """The text of a paragraph's XML. Not python-docx's own: that loses words with ruby above them."""
    return clean("".join(_pieces(element)))


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SILENT:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:tab"):
            yield "\t" if element.tag == qn("w:r") else ""
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        else:
            yield from _pieces(child)
