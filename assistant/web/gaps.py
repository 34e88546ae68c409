"""The curation page of questions that found no answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from numpy.typing import NDArray

from assistant.bootstrap import System
from assistant.curation.gaps import GAP_WHYS, UNHELPFUL, group
from assistant.web.curators import Acting, Posted, Seeing, draw, text_of, texts_of, to
from assistant.web.state import system

router = APIRouter(prefix="/knowledge/gaps", include_in_schema=False)

DAYS = 90
_MOST_GROUPS = 100


@router.get("", response_class=HTMLResponse)
def gaps(request: Request, who: Seeing, said: Annotated[str, Query(max_length=16)] = "") -> HTMLResponse:
    """Groups of near questions, the most frequent first."""
    here = system(request)
    asked = here.curation.gaps.unanswered(who.town, here.clock() - timedelta(days=DAYS))
    found = group(asked, lambda texts: _embedded(here, texts))[:_MOST_GROUPS]
    labels = {why.value: here.words.label(why) for why in GAP_WHYS} | {UNHELPFUL: "役に立たなかった"}
    words = "対応済みにしました。また尋ねられたら、もう一度ここに出ます。" if said == "dealt" else ""
    return draw(request, "gaps", who, here="gaps", gaps=found, labels=labels, days=DAYS, said=words)


@router.post("/guide")
def make_guide(_: Request, who: Acting, form: Posted) -> Response:
    """The form of a new guide with these questions in it."""
    questions = [question[:300] for question in texts_of(form, "question")[:8]]
    language = text_of(form, "language", 16)
    return to(
        "/knowledge/new", gap=questions[0] if questions else "", questions="\n".join(questions), language=language
    )


@router.post("/dealt")
def dealt(request: Request, who: Acting, form: Posted) -> Response:
    """Take the group off the list until one of its questions is asked again."""
    here = system(request)
    marks = [mark for mark in texts_of(form, "mark")[:1000] if len(mark) == 64 and mark.isalnum()]
    here.curation.gaps.mark(who.town, marks, by=who.name, at=here.clock())
    return to("/knowledge/gaps", said="dealt")


def _embedded(here: System, texts: list[str]) -> NDArray[np.float32]:
    return here.library.encoder.encode_queries(texts)
