"""窓口で見せるカード: the page that says at a counter what a guide's reader needs, in Japanese and in their language.

It says nothing about a person, so that it may be cached, bookmarked, printed and sent on.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParam
from fastapi.responses import HTMLResponse

from assistant.answering.counter_card import CounterCard, counter_card
from assistant.bootstrap import System
from assistant.language.detect import speakable
from assistant.language.interface import interface
from assistant.language.memory import memory_of
from assistant.language.plain.ruby import Span, furigana
from assistant.message import CARD_KINDS
from assistant.web.pages import gone_page, templates
from assistant.web.qr import qr_code
from assistant.web.state import system
from assistant.web.towns import start_data
from knowledge.glossary import LANGUAGES as TRANSLATED
from knowledge.passage import Document, Passage
from knowledge.split import passages

router = APIRouter(include_in_schema=False)

_HEAD = re.compile("[\u30a1-\u30fa\u4e00-\u9fff]")
_PARTICLE = re.compile("[をにがでとのはへて]$")
_BREAK = re.compile("(?<=[を：])(?=.)|(?<=[にがでとのはへて])(?=[\u30a1-\u30fa\u4e00-\u9fff])")
_KEPT = {"Cache-Control": "public, max-age=300"}


@router.get("/card/{town}", response_class=HTMLResponse)
def card(
    request: Request,
    town: Annotated[str, PathParam(pattern=r"^[0-9]{6}$")],
    document: Annotated[str, Query(max_length=400)],
    language: Annotated[str, Query(max_length=35)] = "ja",
) -> HTMLResponse:
    """The card of a guide for a reader of that language."""
    here, spoken = system(request), speakable(language).language
    shown = _card(here, town, document, spoken)
    if shown is None:
        return gone_page(request, town, spoken)
    return HTMLResponse(card_page(shown, start_data(here, town, spoken), spoken), headers=_KEPT)


def card_page(card: CounterCard, town: dict[str, object], language: str) -> str:
    """The page that shows a card; `town` as `start_data` gives it."""
    return templates().get_template("card.html").render(
        town=town, language=language, ui=interface(language), ja=interface("ja"), card=card, qr=qr_code(card.url),
        sentence=phrases(card.request.sentence, readings=language != "ja"), said=_said(card, language),
        readings=partial(_readings, language=language),
    )  # fmt: skip


def _card(here: System, town: str, document: str, language: str) -> CounterCard | None:
    """None when no layer of the town holds such a guide, or it is switched off."""
    parts, off = here.town(town), here.switches.of(town)
    for owner in parts.owners:
        held = here.knowledge.document(owner, document)
        if held is None:
            continue
        head = passages(held)[0] if held.kind in CARD_KINDS else None
        if head is None or off.hides(head):
            return None
        japanese = _version(here, parts.owners, held, "ja") or head
        own = _version(here, parts.owners, held, language) if language != "ja" else None
        render = partial((parts.memory or memory_of()).render, language=language)
        return counter_card(japanese, own, language, render if language in TRANSLATED else _unsaid)
    return None


def _version(here: System, owners: tuple[str, ...], document: Document, language: str) -> Passage | None:
    """The head of the text's version in a language; None when it has none."""
    found = here.library.passage(owners, document.key, language)
    return found if found is not None and found.language == language else None


def _unsaid(_: str) -> str | None:
    return None


def phrases(sentence: str, *, readings: bool) -> list[list[Span]]:
    """A sentence in pieces at whose ends a line may break: behind particles, never within 出したいです."""
    found: list[list[Span]] = [[]]
    for span in furigana(sentence) if readings else (Span(sentence),):
        if found[-1] and (span.reading or _HEAD.match(span.text)) and _PARTICLE.search(found[-1][-1].text):
            found.append([])
        pieces = [span] if span.reading else [Span(piece) for piece in _BREAK.split(span.text)]
        found[-1].append(pieces[0])
        found += [[piece] for piece in pieces[1:]]
    return [[span for span in group if span.text] for group in found if any(span.text for span in group)]


def _said(shown: CounterCard, language: str) -> str:
    """The Japanese sentence in the resident's language."""
    return interface(language)[f"card_{shown.request.wish}"].replace("{thing}", shown.thing)


def _readings(text: str, language: str, local: str = "") -> tuple[Span, ...]:
    """Japanese with readings for who learns it; bare for the clerk where other words for the resident stand below."""
    return furigana(text) if language == "ja-x-easy" and not local else (Span(text),)
