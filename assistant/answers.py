"""Puts a reply together from the best text: its version, its facts in the asker's language, a model's words, terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from assistant.answering.extractive import Material, extract, law_key
from assistant.answering.own_language import Tongue, in_own_language
from assistant.answering.terms import official_terms
from assistant.language.phrases import Phrase
from assistant.language.plain.bracketing import bracketed
from assistant.language.plain.rewriting import plain
from assistant.model import Evidence, Outcome, Reply, Understanding, Why
from assistant.parts import Parts, TownParts
from knowledge.passage import Hit, LawRef, Passage


def answer_from(
    understanding: Understanding, hits: Sequence[Hit], town: TownParts, parts: Parts, evidence: Evidence
) -> Outcome:
    """The reply from the best hit; the others are what a language model may read besides.

    A version in the asker's language answers as it is. Else a language model translates, and what fails its checks is
    put together from the Japanese facts.
    """
    language, best = understanding.language, hits[0]
    passage = _version(best.passage, language, town, parts)
    document = tuple(parts.library.document(town.owners, passage))
    material = Material(
        question=understanding.question,
        language=language,
        facets=understanding.facets,
        best=passage,
        document=document,
        laws=_laws(document, town, parts),
        confidence=best.score,
        not_stated=partial(parts.words.phrase, Phrase.NOT_IN_GUIDE, language),
    )
    foreign = passage.language == "ja" != language
    answer = in_own_language(material, _tongue(language, town, parts)) if foreign else extract(material)
    notes = evidence.notes
    if parts.writer is not None and not town.switches.llm:
        related = [hit.passage for hit in hits[1:4] if hit.fit >= parts.policy.related]
        passages = [*document[:6], *(_version(passage, language, town, parts) for passage in related)]
        written = parts.writer.attempt(understanding.question, language, passages)
        if written.answer is None:
            notes = (*notes, f"writer {parts.writer.name}: {written.why}")
        else:
            answer = replace(written.answer, confidence=best.score)
            evidence = replace(evidence, writer=parts.writer.name)
    text = answer.text
    if answer.language != language:
        name = parts.words.language_name(answer.language, language)
        text = f"{parts.words.phrase(Phrase.ONLY_IN, language, name=name)}\n\n{text}"
    decision = Reply(why=Why.ANSWERED, language=language, text=text, answer=answer, topic_key=best.passage.key)
    return Outcome(decision=decision, evidence=replace(evidence, notes=notes))


def _version(passage: Passage, language: str, town: TownParts, parts: Parts) -> Passage:
    """The text in the asker's language; without one the Japanese, whose facts can be said in any."""
    if passage.language in (language, "ja"):
        return passage
    return parts.library.passage(town.owners, passage.key, "ja") or passage


def _tongue(language: str, town: TownParts, parts: Parts) -> Tongue:
    def easy(text: str) -> str:
        return bracketed(plain(text, today=parts.clock().date()).text, own=town.readings)

    return Tongue(
        language=language,
        render=easy if language == "ja-x-easy" else partial(town.rendered, language=language),
        phrase=lambda phrase: parts.words.phrase(phrase, language),
        plain=easy,
    )


def with_terms(outcome: Outcome, town: TownParts, parts: Parts) -> Outcome:
    """The outcome with the official terms behind its answer, where it has one."""
    decision = outcome.decision
    if not isinstance(decision, Reply) or decision.answer is None:
        return outcome
    terms = official_terms(
        decision.language, decision.answer.citations,
        lambda passage: parts.library.passage(town.owners, passage.key, "ja"),
    )  # fmt: skip
    return replace(outcome, decision=replace(decision, terms=terms))


def _laws(document: Sequence[Passage], town: TownParts, parts: Parts) -> tuple[tuple[LawRef, Passage | None], ...]:
    facts = document[0].facts if document else None
    if facts is None:
        return ()
    return tuple(
        (law, parts.library.passage(town.owners, law_key(law), "ja") if law_key(law) else None) for law in facts.laws
    )
