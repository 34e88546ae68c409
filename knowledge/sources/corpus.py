"""corpus.jsonl[.gz]: lines {id, title, text, lang, url, meta} become Documents one by one."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.errors import MalformedSource, NoTextInSource, SourceTooLarge
from knowledge.passage import Document, Kind, Section
from knowledge.sources.faq import asks
from knowledge.sources.letters import clean
from knowledge.sources.reading import MAX_CHARS, MAX_FILE_BYTES, Origin, Reading, refusal

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A longer line is refused; the longest article of the laws has 70 kB."""


def read_corpus(path: Path, origin: Origin, *, kind: str = "auto") -> Reading:
    """All documents of the corpus at once; `documents_of` gives them one by one."""
    return Reading(documents=tuple(documents_of(path, origin, kind=kind)))


def documents_of(path: Path, origin: Origin, *, kind: str = "auto") -> Iterator[Document]:
    """Yield one Document a line, in order, with the line's own id.

    A line with meta.law_id is a Kind.LAW whose path is the article and whose key is `law:ID`, as the XML of that
    law gives it. Else meta.kind counts (guide, faq, law, page), then `kind` "faq" or a folder or file named faq,
    then whether the title asks something.
    Raises MalformedSource with the number of a line that is not such a mapping or whose id stands twice,
    SourceTooLarge, and NoTextInSource for an empty file.
    """
    name = origin.name(path)
    folder_is_faq = kind == "faq" or "faq" in f"{path.parent.name} {path.stem}".lower()
    seen: set[str] = set()
    characters = 0
    for number, line in _lines(path, name):
        document = _document(_mapping(line, number, name), number, name, origin, folder_is_faq)
        if document.id in seen:
            raise refusal(MalformedSource, name, f"Line {number} has an id that stood before. Give each its own.")
        seen.add(document.id)
        characters += sum(len(section.text) for section in document.sections)
        if characters > MAX_CHARS:
            raise refusal(SourceTooLarge, name)
        yield document
    if not seen:
        raise refusal(NoTextInSource, name, "This file holds no line. Check that it is the right file.")


def _lines(path: Path, name: str) -> Iterator[tuple[int, bytes]]:
    unpacked = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_LINE_BYTES + 1):
                number, unpacked = number + 1, unpacked + len(line)
                if len(line) > MAX_LINE_BYTES or unpacked > 4 * MAX_FILE_BYTES:
                    raise refusal(SourceTooLarge, name, f"Line {number} is too long, or the file. Split it.")
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as exc:
        raise refusal(MalformedSource, name, "This file can't be unpacked. Pack it again with gzip.") from exc


def _mapping(line: bytes, number: int, name: str) -> dict[str, object]:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise refusal(MalformedSource, name, f"Line {number} is not JSON in UTF-8. Mend this line.") from exc
    if not isinstance(value, dict):
        raise refusal(MalformedSource, name, f"Line {number} is not a JSON object. Mend this line.")
    return value


def _document(line: dict[str, object], number: int, name: str, origin: Origin, folder_is_faq: bool) -> Document:
    texts: dict[str, str] = {}
    for key in ("id", "title", "text", "lang", "url"):
        value = line.get(key)
        if value is not None and not isinstance(value, str):
            raise refusal(MalformedSource, name, f"Line {number}: '{key}' must be text. Mend this line.")
        texts[key] = clean(value or "")
    identity = texts["id"].strip()
    if not identity or not (texts["title"] + texts["text"]).strip():
        raise refusal(MalformedSource, name, f"Line {number} needs 'id' and 'text'. Mend this line.")
    given = line.get("meta")
    meta = given if isinstance(given, dict) else {}
    document = Document(
        id=identity, key=identity, owner=origin.owner, layer=origin.layer,
        kind=_kind(meta, texts["title"], folder_is_faq), title=texts["title"].strip() or _head(texts["text"]),
        language=texts["lang"] or origin.language, url=texts["url"], as_of=origin.as_of,
        sections=(Section(path=(), text=texts["text"]),) if texts["text"].strip() else (),
    )  # fmt: skip
    if document.kind is not Kind.LAW:
        return document
    article = str(meta.get("article") or "")
    sections = tuple(replace(section, path=(article,) if article else ()) for section in document.sections)
    return replace(document, key=f"law:{identity}", sections=sections)


def _kind(meta: dict[str, object], title: str, folder_is_faq: bool) -> Kind:
    if meta.get("law_id"):
        return Kind.LAW
    given = str(meta.get("kind") or "").lower()
    if given in (Kind.GUIDE, Kind.FAQ, Kind.LAW, Kind.PAGE):
        return Kind(given)
    return Kind.FAQ if folder_is_faq or asks(title) else Kind.PAGE


def _head(text: str) -> str:
    """A title for a text without one: its first line, at most 40 characters."""
    return text.strip().split("\n", 1)[0].strip()[:40]
