"""Documents become passages: the pieces that are indexed and cited. No text is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.labels import fact_label
from knowledge.passage import Document, Facts, Kind, Passage

MAX_PASSAGE_CHARS = 400
"""Longer sections are cut at sentence ends: a quote must stay readable, and one vector can't hold more."""

_SENTENCE_END = re.compile(r"(?<=[。．！？\n])|(?<=[.!?])(?=\s)")


def passages(document: Document) -> list[Passage]:
    """The document's passages in order; the first one carries its questions and facts.

    A guide's first passage is made of its facts (`facts_text`); every section follows, cut to at most
    MAX_PASSAGE_CHARS at sentence ends. A document with neither facts nor text gives one passage of its title.
    """
    pieces: list[tuple[tuple[str, ...], str]] = []
    if document.facts is not None:
        pieces.append(((), facts_text(document.facts, document.language) or document.title))
    for section in document.sections:
        pieces.extend((section.path, piece) for piece in cut(section.text) if piece.strip())
    if not pieces:
        pieces.append(((), document.title))
    return [_passage(document, n, path, text) for n, (path, text) in enumerate(pieces)]


def facts_text(facts: Facts, language: str) -> str:
    """The facts as labelled lines, one fact a line, in the language of the guide."""
    lines = [facts.summary] if facts.summary else []
    for name, value in (("who", facts.who), ("deadline", facts.deadline)):
        if value:
            lines.append(f"{fact_label(name, language)}: {value}")
    for name, values in (("where", facts.where), ("bring", facts.bring), ("fee", facts.fee)):
        lines.extend(f"{fact_label(name, language)}: {value}" for value in values)
    for name, value in (("when", facts.when), ("online", facts.online)):
        if value:
            lines.append(f"{fact_label(name, language)}: {value}")
    if facts.phone:
        lines.append(f"{fact_label('phone', language)}: {facts.phone}")
    lines.extend(f"{fact_label('law', language)}: {law.title}{law.article}" for law in facts.laws)
    return "\n".join(lines)


def cut(text: str, limit: int = MAX_PASSAGE_CHARS) -> Iterator[str]:
    """Yield pieces of at most `limit` characters, cut at sentence ends; joined they are the text again.

    A sentence longer than `limit` is cut hard. Raises ValueError when limit < 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    piece = ""
    for sentence in _SENTENCE_END.split(text):
        for start in range(0, len(sentence), limit):
            part = sentence[start : start + limit]
            if piece and len(piece) + len(part) > limit:
                yield piece
                piece = ""
            piece += part
    if piece:
        yield piece


def _passage(document: Document, number: int, path: tuple[str, ...], text: str) -> Passage:
    first = number == 0
    asked = document.questions or ((document.title,) if document.kind is Kind.FAQ else ())
    return Passage(
        id=f"{document.id}#{number}",
        document=document.id,
        key=document.key,
        title=document.title,
        path=path,
        text=text,
        language=document.language,
        layer=document.layer,
        kind=document.kind,
        url=document.url,
        topic=document.topic,
        as_of=document.as_of,
        valid_from=document.valid_from,
        valid_until=document.valid_until,
        questions=asked if first else (),
        facts=document.facts if first else None,
    )
