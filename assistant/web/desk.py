"""The desk's pages: the queue, a case, and what a clerk does with it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assistant.access import Access
from assistant.bootstrap import System
from assistant.desk.staff import Role
from assistant.desk.ticket import Move
from assistant.errors import UnknownTicket, WrongMove
from assistant.store.users import Session
from assistant.web.cases import case_lines, queue_lines
from assistant.web.problems import Problem
from assistant.web.staff import acting, signed_in, staff_page, town_of
from assistant.web.state import system

router = APIRouter(prefix="/desk", include_in_schema=False)

SignedIn = Annotated[Session, Depends(signed_in)]
Acting = Annotated[Session, Depends(acting)]
TownAsked = Annotated[str, Query(max_length=6)]
_POLL_SECONDS = 0.5
_HEARTBEAT_POLLS = 30
_LIVE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_MAX_TEXT = 4000  # characters of a clerk's words or note
Write = Callable[[str, str, str, str, str, datetime], None]
"""Stores a clerk's words: town, ticket, clerk, the form's own id, words, when."""
SAID = {
    "moved": "ほかの職員が先に操作したか、状態が変わっています。いまの状態を表示しました。",
    "gone": "住民が会話を削除したため、送れませんでした。",
    "empty": "文字が入力されていません。",
    "noted": "メモを残しました。",
    "called": "折り返し済みにしました。",
}
"""What a page says after a form; the address carries the key only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a clerk wrote, and the id that the form was drawn with."""

    id: str
    text: str


def spoken(
    said_id: Annotated[str, Form(max_length=64)] = "", text: Annotated[str, Form(max_length=_MAX_TEXT)] = ""
) -> Words:
    """FastAPI dependency: the words of a form."""
    return Words(id=said_id, text=text.replace("\x00", "").replace("\r\n", "\n").strip())


Spoken = Annotated[Words, Depends(spoken)]


@router.get("", response_class=HTMLResponse)
def queue(request: Request, session: SignedIn, town: TownAsked = "", said: str = "") -> HTMLResponse:
    """All open cases, the longest waiting first."""
    return _queue(request, session, town, "desk/queue.html", said)


@router.get("/queue", response_class=HTMLResponse)
def queue_part(request: Request, session: SignedIn, town: TownAsked = "") -> HTMLResponse:
    """The list alone, for the page that is open."""
    return _queue(request, session, town, "desk/queue_list.html", "")


@router.get("/events", response_class=StreamingResponse)
async def events(
    request: Request,
    session: SignedIn,
    town: TownAsked = "",
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:
    """Server-sent events: that something happened to a ticket, never what was said."""
    code = town_of(session, town, Role.CLERK)
    seq = int(last_event_id) if last_event_id.isdigit() and len(last_event_id) < 19 else after
    listening = _listen(request, system(request), code, seq)
    return StreamingResponse(listening, media_type="text/event-stream", headers=_LIVE)


@router.get("/tickets/{id}", response_class=HTMLResponse)
def case(request: Request, session: SignedIn, id: str, said: str = "") -> HTMLResponse:
    """A case: who said what, what the bot tried and why it stopped, notes, and what can be done; it is recorded."""
    page = _case(request, session, id, "desk/ticket.html", said)
    _record(system(request), _town(request, session, id), id, session.staff.name)
    return page


@router.get("/tickets/{id}/thread", response_class=HTMLResponse)
def case_part(request: Request, session: SignedIn, id: str) -> HTMLResponse:
    """The conversation alone, for the page that is open."""
    return _case(request, session, id, "desk/thread.html", "")


@router.post("/tickets/{id}/move")
def move(request: Request, session: Acting, id: str, to: Annotated[Move, Form()]) -> RedirectResponse:
    """Claim, release, return to the bot, or close; of many clerks who claim at once exactly one wins."""
    here, town = system(request), _town(request, session, id)
    if to is Move.REOPEN:
        raise Problem(422, "Invalid input", "Only the resident can ask for a person again.")
    try:
        here.desk.store.move(town, id, to, session.staff.name, here.clock())
    except WrongMove:
        return _back(id, "moved")
    return _back(id, "") if to in (Move.CLAIM, Move.RETURN) else RedirectResponse(f"/desk?town={town}", 303)


@router.post("/tickets/{id}/reply")
def reply(request: Request, session: Acting, id: str, words: Spoken) -> Response:
    """Say something to the resident; the same form sent twice says it once."""
    return _keep(request, session, id, words, system(request).desk.store.reply, said="")


@router.post("/tickets/{id}/note")
def note(request: Request, session: Acting, id: str, words: Spoken) -> Response:
    """Keep a note for colleagues."""
    return _keep(request, session, id, words, system(request).desk.store.note, said="noted")


@router.post("/tickets/{id}/called")
def called(request: Request, session: Acting, id: str) -> RedirectResponse:
    """The resident was called back."""
    here, town = system(request), _town(request, session, id)
    try:
        here.desk.store.finish_callback(town, id, session.staff.name, here.clock())
    except UnknownTicket:
        return _back(id, "moved")
    return _back(id, "called")


def _keep(request: Request, session: Session, id_: str, words: Words, write: Write, *, said: str) -> Response:
    """The page after a clerk's words were stored, or with the words on it when they could not be (409)."""
    here, town = system(request), _town(request, session, id_)
    if not words.text:
        return _back(id_, "empty")
    try:
        write(town, id_, session.staff.name, words.id or uuid.uuid4().hex, words.text, here.clock())
    except (WrongMove, UnknownTicket) as exc:
        why = SAID["moved" if isinstance(exc, WrongMove) else "gone"]
        return _case(request, session, id_, "desk/ticket.html", "", error=why, unsent=words.text, status=409)
    return _back(id_, said)


def _queue(request: Request, session: Session, town: str, template: str, said: str) -> HTMLResponse:
    here, code = system(request), town_of(session, town, Role.CLERK)
    after = here.desk.store.last_event(code)  # read before the list: nothing falls between them
    lines = queue_lines(here, code)
    waiting = sum(line.waits for line in lines)
    unsent = here.notifier.unsent(code)
    return staff_page(request, template, session, town=code, lines=lines, waiting=waiting, after=after, unsent=unsent,
                      said=SAID.get(said, ""))  # fmt: skip


def _case(
    request: Request, session: Session, id_: str, template: str, said: str, *, error: str = "", unsent: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    here, town = system(request), _town(request, session, id_)
    after = here.desk.store.last_event(town)
    ticket = here.desk.store.ticket(town, id_)
    return staff_page(
        request, template, session, town=town, status=status, error=error, unsent=unsent, ticket=ticket,
        lines=case_lines(here, ticket), after=after, notes=here.desk.store.notes(id_), said=SAID.get(said, ""),
        fresh=uuid.uuid4().hex, note_id=uuid.uuid4().hex, mine=ticket.taken_by == session.staff.name,
        language=here.words.language_name(ticket.language, "ja"), waiting=here.desk.store.count_waiting(town),
    )  # fmt: skip


def _record(here: System, town: str, id_: str, clerk: str) -> None:
    """The access record says that this clerk has read the case; the resident can see it."""
    ticket = here.desk.store.ticket(town, id_)
    photo = ("photo",) if here.photos.names(ticket.conversation) else ()
    what = ("conversation", *photo, *(("contact",) if ticket.callback else ()))
    here.access.append(
        Access(town=town, conversation=ticket.conversation, who=f"clerk:{clerk}", what=what, why=f"ticket {id_}",
               outcome="read", at=here.clock())
    )  # fmt: skip


def _town(request: Request, session: Session, id_: str) -> str:
    """The ticket's town, when the person works at its desk; otherwise the ticket does not exist for them."""
    here = system(request)
    found = here.conversations.ticket(id_)
    if found is None or str(found["town"]) not in session.staff.towns(Role.CLERK):
        raise Problem(404, "Unknown ticket", str(UnknownTicket()))
    return str(found["town"])


def _back(id_: str, said: str) -> RedirectResponse:
    return RedirectResponse(f"/desk/tickets/{id_}" + (f"?said={said}" if said else ""), status_code=303)


async def _listen(request: Request, here: System, town: str, seq: int) -> AsyncIterator[str]:
    quiet = 0
    yield ": listening\n\n"
    while not await request.is_disconnected():
        found = await run_in_threadpool(here.desk.store.events_after, town, seq)
        for seq, kind, ticket in found:
            yield f"id: {seq}\nevent: change\ndata: {json.dumps({'kind': kind, 'ticket': ticket})}\n\n"
        quiet = 0 if found else quiet + 1
        if quiet >= _HEARTBEAT_POLLS:
            quiet = 0
            yield ": still here\n\n"
        await asyncio.sleep(_POLL_SECONDS)
