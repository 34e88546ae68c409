"""Which reader reads a file: by its first bytes, then by its ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.errors import MalformedSource, UnsupportedSource
from knowledge.sources import ocr
from knowledge.sources.corpus import read_corpus
from knowledge.sources.faq import faq_reading, is_faq
from knowledge.sources.guides import is_guide, read_guide
from knowledge.sources.laws import read_law
from knowledge.sources.letters import decode
from knowledge.sources.markdown import front_matter, read_markdown
from knowledge.sources.pdf import read_pdf
from knowledge.sources.reading import PICTURES, SETTINGS, Origin, Reading, load, refusal
from knowledge.sources.rows import csv_rows
from knowledge.sources.tables import accepted, read_table, shown, table_kind
from knowledge.sources.webpage import read_webpage
from knowledge.sources.word import read_word
from knowledge.sources.workbook import read_workbook

_SNIFFED = 4096  # bytes


def read_by_form(path: Path, origin: Origin, kind: str, ending: str) -> Reading:
    """What the file gives; see `files.read`, which checks `kind`. `ending` is in small letters, with its dot."""
    if ending.startswith(".jsonl"):
        load(path, origin)  # refuses a file that is not there or too large
        return read_corpus(path, origin, kind=kind)
    raw = load(path, origin)
    name = origin.name(path)
    if not raw.strip():
        raise refusal(MalformedSource, name, "This file is empty. Save it again in its own program.")
    form = _form(raw, ending)
    if kind == "guides":
        return read_guide(path, origin)
    if kind == "law" and form != "xml":
        raise refusal(UnsupportedSource, name, "Laws are read from 法令標準XML or corpus.jsonl. Get one of them.")
    reader = _READERS.get(form)
    if reader is None:
        raise refusal(UnsupportedSource, name)
    return reader(path, origin, kind)


def _form(raw: bytes, ending: str) -> str:
    """Which reader fits: by the first bytes, then by the ending."""
    head = raw[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if raw.startswith((b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))):
        inside_word = b"word/document.xml" in raw or ending in (".docx", ".doc")
        return "word" if inside_word and b"xl/workbook.xml" not in raw else "workbook"
    if raw.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")):
        return "picture"
    if head.startswith((b"<!doctype html", b"<html")) or (b"<html" in head and ending in ("", ".xml", ".htm", ".html")):
        return "html"
    if head.startswith(b"<?xml") and ending not in (".html", ".htm", ".xhtml"):
        return "xml"
    return _FORMS.get(ending, "")


_FORMS = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".xml": "xml", ".csv": "csv", ".tsv": "csv", ".pdf": "pdf", ".docx": "word", ".doc": "word", ".xlsx": "workbook",
    ".xls": "workbook", **dict.fromkeys(PICTURES, "picture"),
}  # fmt: skip


def _read_csv(path: Path, origin: Origin, kind: str) -> Reading:
    name = origin.name(path)
    decoded = decode(load(path, origin), name)
    rows = csv_rows(decoded.text, name)
    if kind != "table" and is_faq(rows):
        found = faq_reading(rows, origin)
    elif kind != "faq" and (kind == "table" or table_kind(rows) or (path.parent / SETTINGS).is_file()):
        found = Reading(tables=(read_table(rows, path, origin),))
    else:
        raise refusal(MalformedSource, name, f"This header is not known: {shown(rows.header)}. {accepted()}")
    if not decoded.unreadable:
        return found
    lost = f"{name}: {decoded.unreadable} characters could not be read."
    return Reading(documents=found.documents, tables=found.tables, warnings=(*found.warnings, lost))


def _read_markdown(path: Path, origin: Origin, kind: str) -> Reading:
    name = origin.name(path)
    meta, _ = front_matter(decode(load(path, origin), name).text, name)
    return read_guide(path, origin) if is_guide(meta) and kind == "auto" else read_markdown(path, origin)


_READERS: dict[str, Callable[[Path, Origin, str], Reading]] = {
    "csv": _read_csv,
    "markdown": _read_markdown,
    "html": lambda path, origin, kind: read_webpage(path, origin),
    "xml": lambda path, origin, kind: read_law(path, origin),
    "pdf": lambda path, origin, kind: read_pdf(path, origin),
    "word": lambda path, origin, kind: read_word(path, origin),
    "workbook": lambda path, origin, kind: read_workbook(path, origin, kind=kind),
    "picture": lambda path, origin, kind: ocr.read_image(path, origin),
}
