"""Our Message as LINE messages: text, a card with its citations and official terms, choices as quick replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.language.interface import interface
from assistant.language.numbers import format_date
from assistant.language.phrases import Phrase
from assistant.language.words import Words
from assistant.store.records import Payload
from connectors.line_messages import MAX_ADDRESS, Button, Card, CardRow, Json, build

_PATH = " › "
_TERMS = 3  # official terms on a card: the others stand on our page


def to_line(message: Payload, words: Words, public_url: str) -> list[Json]:
    """The messages that say what the Message says; none when it has no words (staff are talking).

    `public_url` is this server as residents see it: a citation then leads to our page with the quote marked, and
    without it to the document's own address.
    """
    text = str(message.get("text") or "").strip()
    if not text:
        return []
    language = str(message["language"])
    parts = [text]
    if message.get("machine_translated"):
        parts.append(words.phrase(Phrase.MACHINE_TRANSLATED, language))
    parts += _handed_over(message.get("handoff"), words, language)
    rows = tuple(_row(citation, language, public_url) for citation in _dicts(message.get("citations")))
    more = _terms(message, language) + _counter(message, language, public_url)
    card = Card(title=words.phrase(Phrase.SOURCE, language), rows=rows, more=more) if rows else None
    return build("\n\n".join(parts), buttons=_buttons(message.get("choices")), card=card)


def say(text: str, suggestions: Sequence[str] = ()) -> list[Json]:
    """A text of our own with first questions as quick replies."""
    return build(text, buttons=[Button(label=suggestion, text=suggestion) for suggestion in suggestions])


def _handed_over(handoff: object, words: Words, language: str) -> list[str]:
    if not isinstance(handoff, dict) or not handoff.get("ticket"):
        return []
    desk, ticket = str(handoff.get("desk") or ""), str(handoff["ticket"])
    said = words.phrase(Phrase.HANDED_OVER, language, desk=desk, ticket=ticket)
    return [said, *([str(handoff["promise"])] if handoff.get("promise") else [])]


def _terms(message: Payload, language: str) -> tuple[Card, ...]:
    """The first official terms: Japanese with its reading, how it sounds, what it is called here."""
    rows = tuple(
        CardRow(
            heading=f"{term['ja']}（{term['reading']}）" if term.get("reading") else str(term["ja"]),
            note=" · ".join(str(term[key]) for key in ("romaji", "local") if term.get(key)),
        )
        for term in _dicts(message.get("terms"))[:_TERMS]
    )
    return (Card(title=interface(language)["terms"], rows=rows),) if rows and language != "ja" else ()


def _counter(message: Payload, language: str, public_url: str) -> tuple[Card, ...]:
    """The way to the page that is shown at the counter."""
    found = [c for c in _dicts(message.get("citations")) if c.get("card")][:1]
    rows = tuple(CardRow(heading=str(c["title"]), address=f"{public_url.rstrip('/')}{c['card']}") for c in found)
    return (Card(title=interface(language)["card"], rows=rows),) if rows and public_url else ()


def _row(citation: dict[str, object], language: str, public_url: str) -> CardRow:
    path = citation.get("path")
    place = _PATH.join(str(part) for part in path) if isinstance(path, list | tuple) else ""
    note = " · ".join(part for part in (place, _day(citation.get("as_of"), language)) if part)
    page = f"{public_url.rstrip('/')}{citation.get('source')}" if public_url and citation.get("source") else ""
    return CardRow(
        heading=f"[{citation.get('n')}] {citation.get('title')}",
        note=note,
        quote=str(citation.get("quote") or ""),
        address=page if 0 < len(page) <= MAX_ADDRESS else str(citation.get("url") or ""),
    )


def _day(iso: object, language: str) -> str:
    """A date as the language writes it; "" where there is none."""
    try:
        return format_date(date.fromisoformat(str(iso)[:10]), language, weekday=False)
    except ValueError:
        return ""


def _buttons(choices: object) -> list[Button]:
    return [Button(label=str(c.get("label") or ""), text=str(c.get("text") or "")) for c in _dicts(choices)]


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []
