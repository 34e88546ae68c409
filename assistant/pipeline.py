"""The path of one message, in order: screen, understand, look up, search, decide.

Functions from values to a value with early return; nothing here stores, sends or waits for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.followup import names_nothing, standalone
from assistant.answers import answer_from, with_terms
from assistant.language.detect import speakable
from assistant.language.saying import outcome_words
from assistant.language.zawgyi import is_zawgyi
from assistant.model import Choice, Citation, Conversation, Evidence, Outcome, Reply, Turn, Understanding, Why
from assistant.outcomes import (
    choice_of,
    clarify,
    evidence_of,
    hand_off,
    more,
    other_town,
    part_failed,
    silenced,
    unreadable,
    with_notice,
)
from assistant.parts import Parts, TownParts
from assistant.pii import without_marks
from assistant.policy import tied
from assistant.screen import Screened
from assistant.understanding.bare import bare_word
from assistant.understanding.elsewhere import elsewhere
from assistant.understanding.tongue import wants_language
from knowledge.errors import KnowledgeError
from knowledge.passage import Hit
from knowledge.search import Found, Query

_WITH_GUIDE = frozenset({"dv", "child_abuse"})  # kinds of crisis for which a town has a procedure


def respond(turn: Turn, conversation: Conversation, town: TownParts, parts: Parts) -> Outcome:
    """The decision on one turn, with everything needed to replay it."""
    screened = parts.screen(turn.text, turn.language or conversation.language, town.phones)
    detected = (
        wants_language(screened.text) or turn.language or parts.detect(screened.text, conversation.language)
    )  # words said now are newer than the choice on the page
    spoken = speakable(detected)
    outcome = with_terms(
        _understood(turn, conversation, screened, (spoken.language, detected), town, parts), town, parts
    )
    if parts.services is not None:
        outcome = parts.services.beside(turn, outcome, town, parts)
    if spoken.exact or outcome.flow is not None:  # an address or a number in a form is in no language
        return outcome
    return with_notice(outcome, parts.words.notice(detected) or parts.words.notice("und"))


def urgent(turn: Turn, conversation: Conversation, town: TownParts, parts: Parts) -> Outcome | None:
    """What must be said even while a clerk has the case: emergency numbers and hotlines; else None."""
    screened = parts.screen(turn.text, turn.language or conversation.language, town.phones)
    if screened.verdict not in (Why.EMERGENCY, Why.CRISIS):
        return None
    return respond(turn, conversation, town, parts)


def _understood(
    turn: Turn, conversation: Conversation, screened: Screened, languages: tuple[str, str], town: TownParts,
    parts: Parts,
) -> Outcome:  # fmt: skip
    language, asked_in = languages  # what we reply in, and what was written
    if screened.verdict is not None:
        return _screened_out(screened, language, town, parts)
    understanding = (town.read or parts.read)(without_marks(screened.masked), language)
    understanding = replace(understanding, asked_in=asked_in)
    if town.switches.silences(turn.channel) and understanding.intent not in ("staff", "personal"):
        held = parts.services.silenced(turn, understanding, town, parts) if parts.services is not None else None
        evidence = evidence_of(understanding, None, parts, "words")
        return held or Outcome(decision=silenced(understanding, town, parts), evidence=evidence)
    if is_zawgyi(screened.text):
        return unreadable(screened.masked, language, parts)
    away = _elsewhere(understanding, turn, town, parts)
    if away is not None:
        return away
    if parts.services is not None:
        served = parts.services.serve(turn, conversation, screened, understanding, town, parts)
        if served is not None:
            return served
    if wants_language(screened.text) is not None:
        return _in_language(understanding, conversation, town, parts)
    if understanding.intent not in ("ask", "out_of_scope"):
        return _small_talk(understanding, town, parts)
    return _asked(understanding, turn, conversation, town, parts)


def _asked(
    understanding: Understanding, turn: Turn, conversation: Conversation, town: TownParts, parts: Parts
) -> Outcome:
    """A question: made to stand alone, looked up in the tables, then searched for."""
    if names_nothing(understanding) and (conversation.topic_key is None or not understanding.facets):
        return Outcome(decision=more(understanding, parts), evidence=evidence_of(understanding, None, parts, "words"))
    question = standalone(understanding, conversation, town.owners, parts.library)
    asked_alone = question != understanding.question
    understanding = replace(understanding, question=question)
    looked_up = town.tables.look_up(question, understanding.language, understanding.facets, turn.at)
    if looked_up is not None:
        if isinstance(looked_up, Reply) and looked_up.answer and _off(looked_up.answer.citations, town):
            return _switched_off(understanding, evidence_of(understanding, None, parts, "words"), town, parts)
        if asked_alone:  # the next 'and what do I bring?' is of the same topic
            looked_up = replace(looked_up, topic_key=conversation.topic_key)
        return Outcome(decision=looked_up, evidence=evidence_of(understanding, None, parts, "tables"))
    try:
        found = _search(understanding, town, parts)
    except KnowledgeError as exc:
        return part_failed(understanding, exc, town, parts)
    return _decide(understanding, found, town, parts)


def _in_language(understanding: Understanding, conversation: Conversation, town: TownParts, parts: Parts) -> Outcome:
    """'English, please': the last answer's topic in that language, or a greeting where there is none."""
    key = conversation.topic_key
    about = parts.library.passage(town.owners, key, understanding.language) if key is not None else None
    if about is None or town.switches.hides(about):
        return _small_talk(replace(understanding, intent="greeting"), town, parts)
    understanding = replace(understanding, intent="ask", question=about.title, facets=())
    hit = Hit(passage=about, score=1.0, lexical=0.0, dense=0.0, fit=1.0)
    return answer_from(understanding, (hit,), town, parts, evidence_of(understanding, None, parts, "extractive"))


def _elsewhere(understanding: Understanding, turn: Turn, town: TownParts, parts: Parts) -> Outcome | None:
    """The question is for another municipality's office: it is not answered with this town's rules.

    Only where it is a matter for a town hall at all, and no text of this town's speaks of that place.
    """
    if understanding.intent not in ("ask", "out_of_scope"):
        return None
    away = elsewhere(understanding.question, understanding.language, town.places)
    if away is None:
        return None
    try:
        found = _search(understanding, town, parts)
    except KnowledgeError:
        return None  # said further on, in words for a part that failed
    bare = away.japanese[:-1]
    if any(bare in hit.passage.text or bare in hit.passage.title for hit in found.hits):
        return None
    known = town.tables.look_up(away.rest, understanding.language, understanding.facets, turn.at) is not None
    if not known and (not found.hits or found.hits[0].fit < parts.policy.related):
        return None
    decision = other_town(away, understanding, town, parts)
    return Outcome(decision=decision, evidence=evidence_of(understanding, found, parts, "words"))


def _screened_out(screened: Screened, language: str, town: TownParts, parts: Parts) -> Outcome:
    assert screened.verdict is not None
    text = outcome_words(parts.words, screened.verdict, language, town.name(language), kind=screened.kind)
    understanding = Understanding(language=language, question=screened.masked, intent=screened.verdict.value)
    choices = _helpful_guide(understanding, town, parts) if screened.kind in _WITH_GUIDE else ()
    decision = Reply(why=screened.verdict, language=language, text=text, choices=choices)
    return Outcome(decision=decision, evidence=evidence_of(understanding, None, parts, "words"))


def _helpful_guide(understanding: Understanding, town: TownParts, parts: Parts) -> tuple[Choice, ...]:
    """The guide that speaks of the same, as a way on below the hotlines: violence and abuse have guides."""
    try:
        found = _search(understanding, town, parts)
    except KnowledgeError:
        return ()  # the hotlines must come whatever else fails
    return tuple(
        choice_of(hit.passage, understanding.language, town, parts)
        for hit in found.hits[:1]
        if hit.fit >= parts.policy.good and not town.switches.hides(hit.passage)
    )


def _search(understanding: Understanding, town: TownParts, parts: Parts) -> Found:
    query = Query(
        text=understanding.question, language=understanding.asked_in or understanding.language,
        reply_in=understanding.language, owners=town.owners, day=parts.clock().date(),
    )  # fmt: skip
    return parts.library.search(query)


def _small_talk(understanding: Understanding, town: TownParts, parts: Parts) -> Outcome:
    language, intent = understanding.language, understanding.intent
    evidence = evidence_of(understanding, None, parts, "words")
    if intent in ("staff", "personal"):
        why = Why.REQUESTED if intent == "staff" else Why.PERSONAL_CASE
        return Outcome(decision=hand_off(why, understanding, (), town, parts), evidence=evidence)
    if intent in ("yes", "no"):  # nothing was asked that a plain yes or no could answer
        return Outcome(decision=more(understanding, parts), evidence=evidence)
    why = Why.THANKS if intent == "thanks" else Why.GREETING
    text = outcome_words(parts.words, why, language, town.name(language), kind=intent)
    return Outcome(decision=Reply(why=why, language=language, text=text), evidence=evidence)


def _decide(understanding: Understanding, found: Found, town: TownParts, parts: Parts) -> Outcome:
    """Calibrated confidence × policy ⇒ Reply | Ask | HandOff."""
    policy, hits = town.policy, found.hits
    from_ = policy.answers_from(understanding.language, hits[0].passage.topic if hits else "")
    evidence = replace(
        evidence_of(understanding, found, parts, "extractive"),
        thresholds=(*policy.thresholds(), ("answers_from", from_)),
    )
    word = bare_word(understanding.question, understanding.language)
    fit = hits[0].fit if hits else 0.0
    # One word says too little for confidence to be learned from: how well it fits a title decides. A calibration
    # promises how many answers are wrong, so that it binds these too.
    below = found.confidence < from_ or found.scope < policy.sure_scope
    outside, unsure = found.scope < policy.scope, below
    if word:
        outside, unsure = fit < policy.related, fit < policy.good or (below and policy.calibration is not None)
    # An engine alone never turns a question away: only where the search found no answer either.
    if outside or (understanding.intent == "out_of_scope" and unsure):
        language = understanding.language
        text = outcome_words(parts.words, Why.OUT_OF_SCOPE, language, town.name(language))
        decision = Reply(why=Why.OUT_OF_SCOPE, language=language, text=text)
        return Outcome(decision=decision, evidence=evidence)
    if town.switches.hides(hits[0].passage):
        return _switched_off(understanding, evidence, town, parts)
    hits = tuple(hit for hit in hits if not town.switches.hides(hit.passage))
    near = tied(hits, policy, word=word, unsure=unsure)
    if len(near) > 1:
        return Outcome(decision=clarify(understanding, near, town, parts), evidence=evidence)
    if unsure:
        related = tuple(hit for hit in hits[:3] if hit.fit >= policy.related)
        decision_off = hand_off(Why.LOW_CONFIDENCE, understanding, related, town, parts)
        return Outcome(decision=decision_off, evidence=evidence)
    return answer_from(understanding, hits, town, parts, evidence)


def _off(citations: Sequence[Citation], town: TownParts) -> bool:
    return any(town.switches.hides(citation.passage) for citation in citations)


def _switched_off(understanding: Understanding, evidence: Evidence, town: TownParts, parts: Parts) -> Outcome:
    """What would answer is switched off: never the next best text instead, but a person."""
    return Outcome(decision=hand_off(Why.SWITCHED_OFF, understanding, (), town, parts), evidence=evidence)
