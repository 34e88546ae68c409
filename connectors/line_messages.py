"""Builds LINE messages within LINE's limits, as plain JSON values; knows no network.

Source of the limits: LINE Developers, "Messaging API reference": text message, quick reply, Flex Message. LINE counts
UTF-16 code units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Json = dict[str, object]
"""One LINE message object."""

MAX_MESSAGES = 5  # a request
MAX_TEXT = 5000  # UTF-16 code units of a text message
MAX_QUICK_REPLIES = 13
MAX_LABEL = 20  # of a quick reply
MAX_ACTION_TEXT = 300  # what a button sends
MAX_ALT = 400  # of a Flex Message: what notifications and old devices show
MAX_ADDRESS = 1000  # of a URI action
MAX_ROWS = 8  # citations on a card: more can't be taken in on a telephone
_QUOTE = 160  # characters of a quote on the card; the whole stands on the page behind it
_GREY, _LINK = "#555555", "#0b57d0"  # 7.5:1 and 6.4:1 on white


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A quick reply: what it says and what it sends."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One citation on the card."""

    heading: str
    note: str = ""  # where in the document, of what day
    quote: str = ""
    address: str = ""  # http(s); "" or a longer one than LINE takes: no link


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The citations under an answer, and what else belongs to it."""

    title: str
    rows: tuple[CardRow, ...]
    more: tuple[Card, ...] = ()  # further parts of the same bubble, each with its title; their own `more` is not shown


def build(text: str, *, buttons: Sequence[Button] = (), card: Card | None = None) -> list[Json]:
    """The messages for one request: the text (split when it is long), the card, the buttons under the last one.

    Never more than LINE takes; a text that is too long for all messages ends with an ellipsis. Labels that had to be
    shortened stand in full, numbered, at the text's end. No text and no card: no messages.
    """
    usable = [button for button in buttons if button.text.strip() and units(button.text) <= MAX_ACTION_TEXT]
    usable = usable[:MAX_QUICK_REPLIES]
    if is_numbered([button.label for button in usable]):
        text = "\n".join([text, "", *(f"{n}. {button.label}" for n, button in enumerate(usable, 1))])
        usable = [Button(label=f"{n}. {button.label}", text=button.text) for n, button in enumerate(usable, 1)]
    cards = [_flex(card)] if card and card.rows else []
    messages: list[Json] = [{"type": "text", "text": part} for part in split(text, MAX_MESSAGES - len(cards))]
    messages += cards
    if messages and usable:
        messages[-1]["quickReply"] = {"items": [_quick_reply(button) for button in usable]}
    return messages


def is_numbered(labels: Sequence[str]) -> bool:
    """Whether `build` numbers buttons with these labels: it does when one of them has to be shortened."""
    return any(units(label) > MAX_LABEL for label in labels)


def split(text: str, parts: int) -> list[str]:
    """The text in at most `parts` pieces of at most MAX_TEXT units, cut at line or sentence ends, else anywhere.

    Only white space at the cuts is lost, and what does not fit in all pieces together.
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest and len(pieces) < parts:
        if units(rest) <= MAX_TEXT:
            pieces.append(rest)
            return pieces
        head = cut(rest, MAX_TEXT, "")
        end = max(head.rfind(mark) + len(mark) for mark in ("\n", "。", ". "))
        head = head[:end] if end > len(head) // 2 else head
        pieces.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    if rest and pieces:
        pieces[-1] = cut(pieces[-1] + "\n" + rest, MAX_TEXT)
    return pieces


def cut(text: str, limit: int, ellipsis: str = "…") -> str:
    """The text with at most `limit` UTF-16 units; an ellipsis shows that something is missing."""
    if units(text) <= limit:
        return text
    room, kept = limit - units(ellipsis), 0
    for at, sign in enumerate(text):
        kept += units(sign)
        if kept > room:
            return text[:at] + ellipsis
    return text


def units(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def _quick_reply(button: Button) -> Json:
    label = cut(_one_line(button.label if button.label.strip() else button.text), MAX_LABEL)
    return {"type": "action", "action": {"type": "message", "label": label, "text": button.text}}


def _flex(card: Card) -> Json:
    rows: list[Json] = []
    for part in (card, *card.more):
        rows.append(_words(part.title, weight="bold", size="sm", **({"margin": "xl"} if rows else {})))
        for row in part.rows[:MAX_ROWS]:
            rows += [{"type": "separator", "margin": "md"}, _row(row)]
    body: Json = {"type": "box", "layout": "vertical", "contents": rows, "spacing": "sm"}
    heard = f"{card.title}: " + " / ".join(row.heading for row in card.rows)
    return {"type": "flex", "altText": cut(heard, MAX_ALT), "contents": {"type": "bubble", "body": body}}


def _row(row: CardRow) -> Json:
    link = row.address if row.address.startswith(("https://", "http://")) and len(row.address) <= MAX_ADDRESS else ""
    lines = [_words(row.heading, weight="bold", size="sm", color=_LINK if link else "#111111")]
    if row.note.strip():
        lines.append(_words(row.note, size="xs", color=_GREY))
    if row.quote.strip():
        lines.append(_words(f"「{cut(row.quote, _QUOTE)}」", size="xs", color=_GREY))
    box: Json = {"type": "box", "layout": "vertical", "contents": lines, "spacing": "xs", "margin": "md"}
    if link:
        box["action"] = {"type": "uri", "label": cut(_one_line(row.heading), MAX_LABEL), "uri": link}
    return box


def _words(text: str, **look: str) -> Json:
    return {"type": "text", "text": cut(_one_line(text), 500), "wrap": True, **look}


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "…"  # LINE refuses empty texts
