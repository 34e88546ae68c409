"""Our Message as LINE messages: text, a card with its citations, choices as quick replies."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language.phrases import Phrase
from assistant.language.words import Words
from assistant.store.records import Payload
from connectors.line_messages import MAX_ADDRESS, Button, Card, CardRow, Json, build

_PATH = " › "


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
    rows = tuple(_row(citation, public_url) for citation in _dicts(message.get("citations")))
    card = Card(title=words.phrase(Phrase.SOURCE, language), rows=rows) if rows else None
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


def _row(citation: dict[str, object], public_url: str) -> CardRow:
    path = citation.get("path")
    place = _PATH.join(str(part) for part in path) if isinstance(path, list | tuple) else ""
    note = " · ".join(part for part in (place, str(citation.get("as_of") or "")) if part)
    page = f"{public_url.rstrip('/')}{citation.get('source')}" if public_url and citation.get("source") else ""
    return CardRow(
        heading=f"[{citation.get('n')}] {citation.get('title')}",
        note=note,
        quote=str(citation.get("quote") or ""),
        address=page if 0 < len(page) <= MAX_ADDRESS else str(citation.get("url") or ""),
    )


def _buttons(choices: object) -> list[Button]:
    return [Button(label=str(c.get("label") or ""), text=str(c.get("text") or "")) for c in _dicts(choices)]


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []
