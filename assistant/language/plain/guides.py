"""案内をやさしい日本語に: a whole guide rewritten, and the authored version before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from assistant.language.plain.rewriting import plain
from knowledge.passage import Document, Facts, Section

LANGUAGE = "ja-x-easy"
ONE = ("summary", "who", "deadline", "when")
"""Facts of one text; bring, fee and where are lists. Phone, department, address and laws are no prose."""
MANY = ("where", "bring", "fee")


def easy_guide(document: Document, versions: Iterable[Document] = (), *, today: date | None = None) -> Document:
    """The guide in やさしい日本語: the authored one among `versions` of the same text, else this one rewritten.

    Its id ends in @ja-x-easy; questions, phone, addresses and laws are those of the source. `today` counts for 来年
    and the like; by default it is the day on which the guide holds true (as_of).
    """
    for version in versions:
        if version.key == document.key and version.language == LANGUAGE:
            return version
    if document.language != "ja":
        raise ValueError("only a Japanese guide can be put into やさしい日本語")
    day = today or document.as_of

    def easy(text: str) -> str:
        return plain(text, today=day).text

    return replace(
        document, id=f"{document.id.removesuffix('@ja')}@{LANGUAGE}", language=LANGUAGE, title=easy(document.title),
        facts=_facts(document.facts, easy) if document.facts else None,
        sections=tuple(
            Section(path=tuple(map(easy, section.path)), text=easy(section.text)) for section in document.sections
        ),
    )  # fmt: skip


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """(field, text) of everything that residents read, in the order of the form; sections are section-1, section-2 …"""
    facts = document.facts or Facts()
    yield "title", document.title
    for name in ("summary", "who", "deadline", "where", "when", "bring", "fee"):
        value = getattr(facts, name)
        text = value if isinstance(value, str) else "\n".join(value)
        if text:
            yield name, text
    for n, section in enumerate(document.sections, 1):
        yield f"section-{n}", "\n".join((*section.path, section.text))


def _facts(facts: Facts, easy: Callable[[str], str]) -> Facts:
    one = {name: easy(getattr(facts, name)) for name in ONE}
    many = {name: tuple(map(easy, getattr(facts, name))) for name in MANY}
    return replace(facts, **one, **many)  # type: ignore[arg-type]
