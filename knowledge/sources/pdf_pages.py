"""The child process that opens a PDF: `python -m knowledge.sources.pdf_pages FILE [PICTURES]` prints JSON.

A PDF is a program of sorts; a hostile one can loop or eat memory. Here it can only hurt a process with limits on
time and memory, which the parent (`pdf`) watches. With PICTURES, pages without text are drawn into that folder.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
import unicodedata
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.sources.columns import Glyph, horizontal_text, is_vertical, vertical_text, without_shadows
from knowledge.sources.letters import clean, unify_radicals

MAX_MEMORY_BYTES = 3 * 1024**3
"""Address space of the child; a plan of a town drawn at 300 dpi needs about 0.6 GB."""

MAX_PAGE_CHARS = 200_000
"""Characters of one page; a page of the Official Gazette has 4,000."""

MAX_PIXELS = 25_000_000
"""A drawn page; A3 at 300 dpi has 17 million."""

_PASSWORD = 4  # FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY, as pypdfium2 reports them
_SECURITY = 5


def main(arguments: list[str]) -> int:
    """Print {"title", "pages": [{"text", "vertical", "picture"}]} or {"error": encrypted | damaged | pages | chars}.

    Arguments: the file, a folder for pictures or "", the most pages, the most characters.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    path, pictures = Path(arguments[0]), Path(arguments[1]) if arguments[1] else None
    max_pages, max_chars = int(arguments[2]), int(arguments[3])
    json.dump(_read(path, pictures, max_pages, max_chars), sys.stdout, ensure_ascii=True)
    return 0


def _read(path: Path, pictures: Path | None, max_pages: int, max_chars: int) -> dict[str, object]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        code = getattr(exc, "err_code", None)
        return {"error": "encrypted" if code in (_PASSWORD, _SECURITY) else "damaged"}
    if len(document) > max_pages:
        return {"error": "pages"}
    pages: list[dict[str, object]] = []
    total = 0
    for number in range(len(document)):
        try:
            page = document[number]
            glyphs = without_shadows(_glyphs(page))
            vertical = is_vertical(glyphs)
            text = clean(unify_radicals(vertical_text(glyphs) if vertical else horizontal_text(glyphs)))
            picture = "" if legible(text) or pictures is None else _draw(page, pictures / f"{number + 1}.png")
        except pypdfium2.PdfiumError:
            text, vertical, picture = "", False, ""
        total += len(text)
        if total > max_chars:
            return {"error": "chars"}
        pages.append({"text": text, "vertical": vertical, "picture": picture})
    return {"title": clean(_title(document)), "pages": pages}


def _glyphs(page: pypdfium2.PdfPage) -> list[Glyph]:
    textpage = page.get_textpage()
    glyphs = []
    for index in range(min(textpage.count_chars(), MAX_PAGE_CHARS)):
        code = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        made = pdfium.FPDFText_IsGenerated(textpage.raw, index) == 1
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, ctypes.byref(box))
        char = chr(code) if 0 < code < 0x110000 else "\ufffd" if code else ""
        glyphs.append(Glyph(char, box.left, box.bottom, box.right, box.top, made))
    return glyphs


def legible(text: str) -> bool:
    """True for text that says something: not blank, and fewer than a third unknown or private characters."""
    signs = [char for char in text if not char.isspace()]
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn") for char in signs)
    return bool(signs) and bad * 3 < len(signs)


def _draw(page: pypdfium2.PdfPage, target: Path) -> str:
    width, height = page.get_size()
    scale = min(300 / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    page.render(scale=scale, grayscale=True).to_pil().save(target)
    return target.name


def _title(document: pypdfium2.PdfDocument) -> str:
    return str(document.get_metadata_value("Title") or "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
