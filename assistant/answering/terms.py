"""The official Japanese words behind an answer, as its reader meets them at the counter and on forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.language.plain.bracketing import bracketed
from assistant.model import Citation, OfficialTerm
from knowledge.glossary import Term
from knowledge.glossary.finding import finder
from knowledge.glossary.meaning import meanings
from knowledge.passage import Passage

_MOST = 6


def official_terms(
    language: str, citations: Sequence[Citation], japanese: Callable[[Passage], Passage | None]
) -> tuple[OfficialTerm, ...]:
    """The terms of the cited texts' Japanese: those of titles first; () for readers of ordinary Japanese.

    `japanese` gives the Japanese version of a passage's text, when there is one.
    """
    if language == "ja":
        return ()
    heads = [citation.passage for citation in citations]
    versions = [passage if passage.language == "ja" else japanese(passage) for passage in heads]
    titles = [found.title for found in versions if found is not None]
    stated = [_stated(found) for found in versions if found is not None]
    quotes = [citation.quote for citation in citations if citation.passage.language == "ja"]
    found = dict.fromkeys(term for text in (*titles, *stated, *quotes) for _, term in finder().find(text))
    return tuple(_shown(term, language) for term in list(found)[:_MOST])


def _stated(passage: Passage) -> str:
    """What must be brought, handed in or paid: the words that stand on the papers."""
    facts = passage.facts
    return "\n".join((*facts.bring, *facts.fee)) if facts else ""


def _shown(term: Term, language: str) -> OfficialTerm:
    local = dict(term.local).get(language, ())
    meaning = meanings(language).get(term.ja[0], term.meaning)
    return OfficialTerm(
        ja=term.ja[0], reading=term.reading, romaji=term.romaji, local=local[0] if local else "",
        meaning=bracketed(meaning) if language == "ja-x-easy" else meaning,
    )  # fmt: skip
