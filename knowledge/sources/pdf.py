"""PDF files become one Section a page; scanned pages are read by OCR where tesseract is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import EncryptedSource, MalformedSource, NoTextInSource, SourceError, SourceTooLarge
from knowledge.passage import Section
from knowledge.sources import ocr
from knowledge.sources.letters import clean
from knowledge.sources.reading import MAX_CHARS, MAX_PAGES, Origin, Reading, load, page, refusal

MAX_SECONDS = 120.0
"""Wall time for one PDF without OCR; 31 slides take 0.3 s, a by-law collection of 1,500 pages about 30 s."""

MAX_OCR_PAGES = 100
"""Scanned pages in one file; at 3 to 8 s a page more would block the import for an hour."""

_MIN_TITLE = 4  # characters; shorter first lines are page numbers and ornaments
_OUR_ROOT = str(Path(__file__).resolve().parents[2])
_NO_TITLE = re.compile(r"(?i)\.(docx?|xlsx?|pptx?|jtdc?|pdf)\b|^microsoft|^無題|^untitled|^スライド 1$|^[\x00-\x7f]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPage:
    """One page as the child process gave it."""

    text: str
    vertical: bool
    picture: str  # file name of the drawn page, where it has no legible text


def read_pdf(path: Path, origin: Origin, *, max_seconds: float = MAX_SECONDS) -> Reading:
    """One document with a section a page, path ('p. 3',); vertical Japanese in reading order.

    Raises EncryptedSource, NoTextInSource (only images, and no OCR here), SourceTooLarge or MalformedSource
    (damaged, or not read within `max_seconds`).
    """
    name = origin.name(path)
    if not load(path, origin)[:1024].lstrip().startswith(b"%PDF"):
        raise refusal(MalformedSource, name, "This is not a PDF. Give the file its right ending.")
    with _folder() as pictures:
        title, pages = _open(path, pictures, name, max_seconds)
        texts, warnings = _texts(pages, pictures, name, origin)
    sections = [Section(path=(f"p. {n}",), text=text.strip("\n")) for n, text in enumerate(texts, 1) if text.strip()]
    if not sections:
        raise refusal(NoTextInSource, name)
    title = _title(title, sections[0].text) or path.stem
    document = page(name, origin, title=title, sections=sections)
    return Reading(documents=(document,), warnings=tuple(warnings))


def _open(path: Path, pictures: Path, name: str, seconds: float) -> tuple[str, list[PdfPage]]:
    command = [sys.executable, "-m", "knowledge.sources.pdf_pages", str(path.resolve()), str(pictures)]
    command += [str(MAX_PAGES), str(MAX_CHARS)]
    environment = {**os.environ, "PYTHONPATH": _OUR_ROOT, "PYTHONWARNINGS": "ignore"}
    try:
        child = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as exc:
        raise refusal(MalformedSource, name, f"This PDF was not read within {seconds:.0f} s. Print it anew.") from exc
    try:
        answer = json.loads(child.stdout)
    except ValueError as exc:  # the child died: out of memory, or a fault in the PDF library
        raise refusal(MalformedSource, name, "This PDF broke the reader. Print it anew as PDF.") from exc
    if "error" in answer:
        raise _error(str(answer["error"]), name)
    pages = [PdfPage(text=one["text"], vertical=one["vertical"], picture=one["picture"]) for one in answer["pages"]]
    return str(answer["title"]), pages


def _error(code: str, name: str) -> SourceError:
    match code:
        case "encrypted":
            return refusal(EncryptedSource, name)
        case "pages":
            return refusal(SourceTooLarge, name, f"This PDF has more than {MAX_PAGES} pages. Split it.")
        case "chars":
            return refusal(SourceTooLarge, name, "This PDF holds more than 20 million characters. Split it.")
        case _:
            return refusal(MalformedSource, name)


def _texts(pages: list[PdfPage], pictures: Path, name: str, origin: Origin) -> tuple[list[str], list[str]]:
    """The text of each page, and warnings about those that were read by OCR or not at all."""
    scanned = [number for number, one in enumerate(pages, start=1) if one.picture]
    if not scanned:
        return [one.text for one in pages], []
    if not ocr.available():
        gone = [f"{name}: pages {_some(scanned)} hold no text and were left out. Install tesseract to read them."]
        return ["" if one.picture else one.text for one in pages], gone
    if len(scanned) > MAX_OCR_PAGES:
        raise refusal(SourceTooLarge, name, f"More than {MAX_OCR_PAGES} pages are scans. Split the file.")
    texts = [
        ocr.read_picture(pictures / one.picture, name, origin.language).text if one.picture else one.text
        for one in pages
    ]
    return texts, [f"{name}: pages {_some(scanned)} were read by OCR. Check their numbers and names."]


def _some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")


def _title(stated: str, text: str) -> str:
    """The title that the file states unless it is a program's habit, else the first short line of the text."""
    stated = clean(stated).strip()
    if stated and not _NO_TITLE.search(stated):
        return stated
    lines = (line.strip() for line in text.split("\n"))
    return next((line for line in lines if _MIN_TITLE <= len(line) <= 60 and _worded(line)), "")


def _worded(line: str) -> bool:
    return sum(char.isalpha() or char.isdigit() for char in line) >= 0.7 * len(line)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="madoguchi-pdf-") as folder:
        yield Path(folder)
