"""Word and Excel files are ZIP archives: what is inside is checked before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from knowledge.errors import EncryptedSource, MalformedSource, SourceTooLarge, UnsupportedSource
from knowledge.sources.reading import refusal

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
"""Sum over all parts; a workbook with a million filled cells has about 60 MB."""

MAX_PARTS = 5000
"""Files inside; a report with a picture on each of 500 pages has about 600."""

MAX_RATIO = 200
"""Unpacked to packed bytes of one part above 1 MB; sheets of equal rows reach about 60, a zip bomb 1000."""

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # OLE2: .doc and .xls, and password-protected new files
_PROTECTED = "EncryptedPackage".encode("utf-16-le")


def check_archive(path: Path, raw: bytes, name: str, part: str) -> None:
    """Nothing, when the archive may be unpacked and holds `part`.

    Raises EncryptedSource, UnsupportedSource (old .doc and .xls, other archives), SourceTooLarge, or
    MalformedSource (damaged, overlapping parts, XML with a DTD).
    """
    if raw.startswith(_OLD_OFFICE):
        if _PROTECTED in raw:
            raise refusal(EncryptedSource, name)
        raise refusal(UnsupportedSource, name, "This is an old Office file. Save it as .docx or .xlsx.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive.infolist(), len(raw), name)
            if part not in archive.namelist():
                raise refusal(UnsupportedSource, name, "This archive is no Word or Excel file. Unpack it first.")
            _check_xml(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as exc:
        raise refusal(MalformedSource, name, "This file is damaged. Save it again in its own program.") from exc


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise refusal(EncryptedSource, name)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise refusal(SourceTooLarge, name)
    if sum(part.compress_size for part in parts) > packed:  # parts that overlap: the same bytes unpacked many times
        raise refusal(MalformedSource, name, "The parts of this archive overlap. Save it again in its own program.")
    for part in parts:
        if part.file_size > 1024 * 1024 and part.file_size > MAX_RATIO * max(1, part.compress_size):
            raise refusal(SourceTooLarge, name)


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse document types: Office writes none, and entities in them can grow without end."""
    marks = [sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")]
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as stream:
            tail = b""
            while piece := stream.read(1 << 20):
                piece = tail + piece
                if any(mark in piece for mark in marks):
                    raise refusal(MalformedSource, name, "This file has a DTD inside. Save it again.")
                tail = piece[-32:]
