"""Makes the decisions that are not answers: questions back, hand-offs, failures; and the evidence of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.own_language import both_titles
from assistant.language.phrases import Phrase
from assistant.language.saying import outcome_words
from assistant.language.zawgyi import NOTICE
from assistant.model import Ask, Choice, Evidence, HandOff, Outcome, Reply, Understanding, Why
from assistant.parts import Parts, TownParts
from assistant.understanding.elsewhere import Elsewhere
from knowledge.errors import KnowledgeError
from knowledge.passage import Hit, Passage
from knowledge.search import Found


def more(understanding: Understanding, parts: Parts) -> Ask:
    """'How much is it?' as a first message: asks what it is about."""
    language = understanding.language
    return Ask(why=Why.CLARIFY, language=language, text=parts.words.say(Why.CLARIFY, language))


def clarify(understanding: Understanding, near: Sequence[Hit], town: TownParts, parts: Parts) -> Ask:
    """One question back, with the texts that tie as choices and a person as the last one."""
    language = understanding.language
    choices = [choice_of(hit.passage, language, town, parts) for hit in near]
    person = parts.words.phrase(Phrase.TALK_TO_PERSON, language)
    return Ask(
        why=Why.CLARIFY,
        language=language,
        text=parts.words.phrase(Phrase.WHICH_ONE, language),
        choices=(*choices, Choice(label=person, text=person)),
    )


def hand_off(why: Why, understanding: Understanding, related: Sequence[Hit], town: TownParts, parts: Parts) -> HandOff:
    """The case goes to staff, with related guides to read meanwhile."""
    language = understanding.language
    return HandOff(
        why=why,
        language=language,
        text=outcome_words(parts.words, why, language, town.name(language)),
        reason=parts.words.label(why),
        summary=understanding.question,
        desk=town.name(language),
        promise=_promise(language, town, parts),
        choices=tuple(choice_of(hit.passage, language, town, parts) for hit in related),
    )


def choice_of(passage: Passage, language: str, town: TownParts, parts: Parts) -> Choice:
    """A text as a button: its title in the resident's language, with the Japanese one that it sends."""
    if passage.language == language:
        return Choice(label=passage.title, text=passage.title)
    own = parts.library.passage(town.owners, passage.key, "ja") or passage
    label = both_titles(own.title, language, lambda title: town.rendered(title, language))
    return Choice(label=label, text=own.title)


def _promise(language: str, town: TownParts, parts: Parts) -> str:
    """When and how staff can be reached; that they call back is for the desk to promise, when it is there."""
    named = ((Phrase.WHEN, town.hours(language)), (Phrase.PHONE, town.phone))
    return "\n".join(f"{parts.words.phrase(phrase, language)}: {value}" for phrase, value in named if value)


def other_town(away: Elsewhere, understanding: Understanding, town: TownParts, parts: Parts) -> Reply:
    """The question is another municipality's: says whose desk this is, and offers the same question for this town."""
    language = understanding.language
    name = town.name(language)
    text = parts.words.say(Why.OTHER_TOWN, language, town=name, place=away.place)
    here = Choice(label=parts.words.phrase(Phrase.IN_THIS_TOWN, language, town=name), text=away.rest)
    choices = (here,) if any(letter.isalnum() for letter in away.rest) else ()
    return Reply(why=Why.OTHER_TOWN, language=language, text=text, choices=choices)


def silenced(understanding: Understanding, town: TownParts, parts: Parts) -> Reply:
    """Staff have switched off all automatic answers, or this channel's: honest words, and the way to a person."""
    language = understanding.language
    words = outcome_words(parts.words, Why.SWITCHED_OFF, language, town.name(language), kind="silent")
    person = parts.words.phrase(Phrase.TALK_TO_PERSON, language)
    text = "\n\n".join(part for part in (words, _promise(language, town, parts)) if part)
    return Reply(why=Why.SWITCHED_OFF, language=language, text=text, choices=(Choice(label=person, text=person),))


def with_notice(outcome: Outcome, notice: str) -> Outcome:
    """The decision with a notice in the resident's own language in front: no silent change of language."""
    if not notice:
        return outcome
    decision = outcome.decision
    return replace(outcome, decision=replace(decision, text=f"{notice}\n\n{decision.text}"))


def unreadable(question: str, language: str, parts: Parts) -> Outcome:
    """Burmese in Zawgyi's encoding: asks for Unicode, and offers a person. `question` is masked."""
    understanding = Understanding(language=language, question=question, intent="ask")
    person = parts.words.phrase(Phrase.TALK_TO_PERSON, language)
    decision = Ask(why=Why.CLARIFY, language=language, text=NOTICE, choices=(Choice(label=person, text=person),))
    return Outcome(decision=decision, evidence=evidence_of(understanding, None, parts, "words"))


def part_failed(understanding: Understanding, exc: KnowledgeError, town: TownParts, parts: Parts) -> Outcome:
    """Something is out of order, which is not the same as 'no answer in the knowledge'; a person takes over."""
    decision = hand_off(Why.PART_FAILED, understanding, (), town, parts)
    evidence = evidence_of(understanding, None, parts, "words")
    return Outcome(decision=decision, evidence=replace(evidence, notes=(f"{type(exc).__name__}: {exc}",)))


def evidence_of(understanding: Understanding, found: Found | None, parts: Parts, writer: str) -> Evidence:
    """What is stored with the decision, so that it can be replayed."""
    return Evidence(
        understanding=understanding,
        hits=found.hits if found else (),
        index_version=found.version if found else "",
        encoder=parts.library.encoder.name,
        writer=writer,
        thresholds=parts.policy.thresholds(),
        confidence=found.confidence if found else 0.0,
        scope=found.scope if found else 0.0,
    )
