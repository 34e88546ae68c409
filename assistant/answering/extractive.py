"""The default answer: the passages' own words, led by the fact that was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.draft import Draft
from assistant.answering.sentences import best_sentences, leading_sentences
from assistant.model import Answer, Facet
from knowledge.citing import article_name, article_number, short_article
from knowledge.labels import fact_label
from knowledge.passage import Facts, Kind, LawRef, Passage, law_name_key

_LISTED = 8  # lines of one fact that are shown; the source page has the rest
_TEXT_CHARS = 360  # of a page, an FAQ or an article; longer is read at the source
_LAW_CHARS = 160  # of an article that is quoted beside a guide
_BULLET = re.compile(r"^(?:[-*・]|\d+\.)\s*")
ORDER = ("deadline", "where", "bring", "fee", "when", "online", "phone")
SHORT = ("deadline", "where", "bring", "fee")  # what follows when one fact was asked for
FACT_OF = {
    Facet.FEE: "fee",
    Facet.BRING: "bring",
    Facet.WHERE: "where",
    Facet.WHEN: "when",
    Facet.DEADLINE: "deadline",
    Facet.WHO: "who",
    Facet.ONLINE: "online",
    Facet.PHONE: "phone",
}


class NotStated(Protocol):
    """Says that a guide does not state a fact."""

    def __call__(self, *, fact: str) -> str:
        """The sentence, with the fact's name in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What an answer is made of."""

    question: str
    language: str  # the asker's
    facets: tuple[Facet, ...]
    best: Passage  # the passage that fits best
    document: tuple[Passage, ...]  # all passages of its document, in order
    laws: tuple[tuple[LawRef, Passage | None], ...]  # the legal basis, with the article where it is held
    confidence: float  # 0-1
    not_stated: NotStated  # 'the guide says nothing about {fact}' in the asker's language


def extract(material: Material) -> Answer:
    """An answer in the passages' own words, each line with its citation.

    A guide leads with the facts asked for, then its sentence that fits the question, then the rest, short.
    Pages, FAQ and articles give the sentences around the best match.
    """
    draft = Draft(language=material.best.language)
    head = material.document[0] if material.document else material.best
    if head.facts is not None:
        _guide(draft, material, head, head.facts)
    else:
        _text(draft, material)
    return draft.answer(material.confidence)


def _guide(draft: Draft, material: Material, head: Passage, facts: Facts) -> None:
    asked = [FACT_OF[facet] for facet in material.facets if facet in FACT_OF]
    stated = [name for name in asked if fact_values(facts, name)]
    block = _block(head, facts)
    draft.add(head.title)
    if asked and not stated and Facet.LAW not in material.facets:
        draft.add(material.not_stated(fact=fact_label(asked[0], material.language)))
    if "when" in stated:  # 'when is it paid?' is seldom about opening hours
        _specific(draft, material, head)
    for name in stated:
        _fact(draft, head, facts, name, fact_lines(head, name))
    if Facet.LAW in material.facets:
        _laws(draft, material, head)
    if "when" not in stated:
        _specific(draft, material, head)
    if not asked and facts.summary:
        draft.add(facts.summary + draft.cite(head, block))
    draft.add("")
    rest = [name for name in (SHORT if asked else ORDER) if name not in stated]
    for name in rest:
        _fact(draft, head, facts, name, block)
    if Facet.LAW not in material.facets:
        _laws(draft, material, head)


def _fact(draft: Draft, head: Passage, facts: Facts, name: str, block: str) -> None:
    values = fact_values(facts, name)
    if not values:
        return
    label = fact_label(name, head.language)
    marker = draft.cite(head, block)
    if len(values) == 1:
        draft.add(f"{label}: {values[0]}{marker}")
        return
    draft.add(f"{label}:{marker}")
    for value in values[:_LISTED]:
        draft.add(f"・{value}")


def fact_values(facts: Facts, name: str) -> tuple[str, ...]:
    """The values of one fact; () when it does not apply."""
    value = getattr(facts, name)
    return value if isinstance(value, tuple) else ((value,) if value else ())


def _block(head: Passage, facts: Facts) -> str:
    """The facts without the legal basis: one quote for all lines, so that one guide is one citation."""
    lines = head.text.split("\n")
    return "\n".join(lines[: len(lines) - len(facts.laws)] if facts.laws else lines)


def fact_lines(head: Passage, name: str) -> str:
    """The lines of one fact as they stand in the passage."""
    label = f"{fact_label(name, head.language)}: "
    return "\n".join(line for line in head.text.split("\n") if line.startswith(label))


def _laws(draft: Draft, material: Material, head: Passage) -> None:
    if not material.laws:
        return
    label = fact_label("law", head.language)
    # One quote for all laws of the guide; a law that is held itself is cited by its own words besides.
    stated = "\n".join(head.text.split("\n")[-len(material.laws) :])
    names = []
    for law, article in material.laws[:_LISTED]:
        marker = draft.cite(article, leading_sentences(article.text, _LAW_CHARS)) if article else ""
        names.append(f"{law.title}{short_article(law.article)}{marker}")
    shown = "、".join(names) if head.language.startswith(("ja", "zh")) else "; ".join(names)
    draft.add(f"{label}: {shown}{'' if all(article for _, article in material.laws) else draft.cite(head, stated)}")


def _specific(draft: Draft, material: Material, head: Passage) -> None:
    found = specific_sentence(material, head)
    if found is not None:
        passage, quote = found
        draft.add(_BULLET.sub("", quote.strip()) + draft.cite(passage, quote))


def specific_sentence(material: Material, head: Passage) -> tuple[Passage, str] | None:
    """The body's sentences that speak of what the question adds to the procedure's name, with their passage."""
    return best_sentences(material.question, head, [p for p in material.document if p.id != head.id])


def _text(draft: Draft, material: Material) -> None:
    best = material.best
    name = article_name(best) if best.kind is Kind.LAW else best.title
    quote = best.text if len(best.text) <= _TEXT_CHARS else _around(material, best)
    draft.add(name)
    draft.add(quote.strip() + draft.cite(best, quote))


def _around(material: Material, best: Passage) -> str:
    found = best_sentences(material.question, best, [best], limit=_TEXT_CHARS)
    return found[1] if found is not None else leading_sentences(best.text, _TEXT_CHARS)


def law_key(law: LawRef) -> str:
    """The key under which the article is held when its law was imported; an ordinance is found by its name."""
    number = article_number(law.article)
    if law.law_id and number:
        return f"law:{law.law_id}#{number}"
    return law_name_key(f"{law.title} {law.article}") if law.article else ""
