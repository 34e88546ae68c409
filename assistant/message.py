"""Decisions as the contract's Message, and evidence as plain JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import assert_never
from urllib.parse import quote, urlencode

from assistant.language.plain.spacing import spaced_around
from assistant.model import Act, Answer, Ask, Citation, Decision, Evidence, HandOff, Reply, Turn
from knowledge.citing import cited_path, resolved
from knowledge.passage import Kind, Passage, content_digest

Payload = dict[str, object]

CARD_KINDS = frozenset({Kind.GUIDE, Kind.FAQ, Kind.PAGE})
"""Texts of procedures: a law or a row of a table is nothing to ask for at a counter."""

_NAMED = 40  # characters of a quote's start and end in an address


def message_payload(
    decision: Decision, *, id_: str, turn: Turn, ticket: str | None, at: datetime, opens_at: datetime | None = None
) -> Payload:
    """The Message of CONTRACT.md; fields that do not apply are null or empty."""
    kind, answer, handoff = _parts(decision, ticket)
    if handoff is not None and opens_at is not None:
        handoff["opens_at"] = opens_at.isoformat().replace("+00:00", "Z")
    citations = answer.citations if answer else decision.related if isinstance(decision, HandOff) else ()
    done = {"receipt": {"service": decision.service, "number": decision.receipt}} if isinstance(decision, Act) else {}
    return {
        "id": id_,
        "conversation": turn.conversation,
        "in_reply_to": turn.id,
        "decision": kind,
        "why": decision.why.value,
        "text": decision.text,
        "spaced": _spaced(decision),
        "language": decision.language,
        "confidence": round(answer.confidence, 4) if answer else None,
        "citations": [citation_payload(n, c, turn.town, decision.language) for n, c in enumerate(citations, 1)],
        "terms": [asdict(term) for term in decision.terms] if isinstance(decision, Reply) else [],
        "choices": [{"label": choice.label, "text": choice.text} for choice in decision.choices],
        "attach": (decision.attach or None) if isinstance(decision, Ask) else None,
        "handoff": handoff,
        "machine_translated": answer.machine_translated if answer else False,
        "at": at.isoformat().replace("+00:00", "Z"),
        **done,
    }


def _spaced(decision: Decision) -> str | None:
    """Plain Japanese with spaces between its phrases (わかち書き), for readers who ask for them; else None."""
    made = spaced_around(decision.text) if decision.language == "ja-x-easy" else decision.text
    return made if made != decision.text else None


def citation_payload(n: int, citation: Citation, town: str, language: str) -> Payload:
    """One citation; `source` is our own page that shows the passage with the quote marked, `card` the one to show at
    the counter, in the language of the answer and Japanese, None where the text is no guide; `refers` says what 前条
    and the like in the quote of a law mean."""
    p = citation.passage
    return {
        "n": n,
        "title": p.title,
        "url": p.url,
        "path": cited_path(p),
        "quote": citation.quote,
        "refers": [{"words": words, "means": means} for words, means in resolved(p, citation.quote)],
        "language": p.language,
        "layer": p.layer.value,
        "as_of": p.as_of.isoformat() if p.as_of else None,
        "passage": p.id,
        "source": source_url(citation, town),
        "card": card_url(p, town, language) if p.kind in CARD_KINDS else None,
    }


def source_url(citation: Citation, town: str) -> str:
    """The path of our page that shows the cited document; the fragment jumps to the quote."""
    p = citation.passage
    section = "tables" if p.kind is Kind.TABLE else "sources"
    # A long quote is named by its first and last words: addresses must stay short.
    quoted = citation.quote
    ends = {"quote": quoted[:_NAMED], "end": quoted[-_NAMED:]} if len(quoted) > 2 * _NAMED else {"quote": quoted}
    query = urlencode({"passage": p.id, **ends})
    return f"/{section}/{town}/{quote(p.document, safe='')}?{query}#quote"


def card_url(passage: Passage, town: str, language: str) -> str:
    """The path of the card that says at the counter what the reader of this text needs."""
    return f"/card/{town}?{urlencode({'document': passage.document, 'language': language})}"


def evidence_payload(evidence: Evidence) -> Payload:
    """Everything needed to replay the decision: versions, thresholds, scores and the passages' digests."""
    u = evidence.understanding
    return {
        "understanding": None
        if u is None
        else {
            "language": u.language,
            "question": u.question,
            "intent": u.intent,
            "facets": [facet.value for facet in u.facets],
            "confidence": u.confidence,
            "topic": u.topic,
            "engine": u.engine,
        },
        "topic": evidence.hits[0].passage.topic if evidence.hits else "",  # of the best text
        "hits": [
            {
                "passage": hit.passage.id,
                "digest": content_digest(hit.passage.text),
                "score": round(hit.score, 6),
                "lexical": round(hit.lexical, 6),
                "dense": round(hit.dense, 6),
            }
            for hit in evidence.hits
        ],
        "index_version": evidence.index_version,
        "encoder": evidence.encoder,
        "writer": evidence.writer,
        "thresholds": dict(evidence.thresholds),
        "confidence": round(evidence.confidence, 6),
        "scope": round(evidence.scope, 6),
        "notes": list(evidence.notes),
    }


def _parts(decision: Decision, ticket: str | None) -> tuple[str, Answer | None, Payload | None]:
    match decision:
        case Reply():
            return "reply", decision.answer, None
        case Ask():
            return "ask", None, None
        case Act():
            return "act", None, None
        case HandOff():
            handoff: Payload = {
                "ticket": ticket, "desk": decision.desk, "promise": decision.promise, "opens_at": None
            }  # fmt: skip
            return "handoff", None, handoff
        case _:
            assert_never(decision)
