"""What residents would be answered from a draft, by the same writer that answers them."""

from __future__ import annotations

from functools import partial

from assistant.answering.extractive import Material, extract
from assistant.bootstrap import System
from assistant.language.phrases import Phrase
from assistant.message import Payload, citation_payload
from assistant.model import LANGUAGES, Answer
from knowledge.passage import Document
from knowledge.split import passages

_MOST = 3  # questions that are shown


def answers(here: System, document: Document) -> list[dict[str, object]]:
    """{question, message} for the guide's first questions, its title when it has none; empty for an empty guide."""
    if not document.sections and (document.facts is None or not document.facts.summary):
        return []
    asked = document.questions[:_MOST] or (document.title,)
    return [{"question": question, "message": _message(here, document, question)} for question in asked]


def _message(here: System, document: Document, question: str) -> Payload:
    pieces = tuple(passages(document))
    language = document.language if document.language in LANGUAGES else "ja"
    answer = extract(
        Material(
            question=question, language=document.language, facets=here.parts.read(question, language).facets,
            best=pieces[0], document=pieces, laws=(), confidence=1.0,
            not_stated=partial(here.words.phrase, Phrase.NOT_IN_GUIDE, language),
        )
    )  # fmt: skip
    return {
        "why": "answered", "text": answer.text, "language": answer.language, "machine_translated": False, "terms": [],
        "handoff": None, "citations": _citations(answer, document.owner),
    }  # fmt: skip


def _citations(answer: Answer, town: str) -> list[Payload]:
    # The page of the source does not show drafts: no link to it.
    cited = [citation_payload(n, c, town, answer.language) for n, c in enumerate(answer.citations, 1)]
    return [{**citation, "source": "", "card": None} for citation in cited]
