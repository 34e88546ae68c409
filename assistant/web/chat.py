"""The conversation API: start, say, stream, listen, judge, delete."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, wait
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from assistant.bootstrap import System
from assistant.errors import NotAuthorised
from assistant.model import Channel, Conversation, Turn
from assistant.web.problems import Problem
from assistant.web.schemas import Message, NewConversation, NewFeedback, NewMessage, StartedConversation, Thread
from assistant.web.state import address, limits, system

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"])

_HEARTBEAT_SECONDS = 5.0
_CHUNK = 24  # characters a delta; small enough to read along
_POLL_SECONDS = 1.0
_HEARTBEAT_POLLS = 15

Authorization = Annotated[str | None, Header(description="Bearer token of the conversation")]


@router.post("", status_code=201, response_model=StartedConversation)
def start(request: Request, body: NewConversation) -> dict[str, str]:
    """Open a conversation with a town."""
    limits(request).conversations.take(address(request))
    id_, token = system(request).start(body.town, body.language, Channel.WEB)
    return {"id": id_, "token": token}


@router.post("/{id}/messages", response_model=Message, responses={200: {"content": {"text/event-stream": {}}}})
async def say(
    request: Request,
    id: str,
    body: NewMessage,
    authorization: Authorization = None,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Say something; the answer comes whole, or as server-sent events when asked for by `Accept`."""
    limits(request).messages.take(address(request))
    here, answerers = system(request), request.app.state.answerers
    loop = asyncio.get_running_loop()
    if "text/event-stream" in accept:
        conversation = await loop.run_in_executor(answerers, authorised, here, id, authorization)
        conversation = _on_page(conversation, body)
        streaming = _stream(here, answerers, _turn(here, conversation, body), conversation)
        return StreamingResponse(streaming, media_type="text/event-stream", headers=_LIVE)
    reply = await loop.run_in_executor(answerers, _answer, here, id, authorization, body)
    return Response(reply, media_type="application/json")


def _answer(here: System, id_: str, authorization: str | None, body: NewMessage) -> bytes:
    conversation = _on_page(authorised(here, id_, authorization), body)
    payload = here.receive(_turn(here, conversation, body), conversation)
    return json.dumps(payload, ensure_ascii=False).encode("utf-8")


def _on_page(conversation: Conversation, body: NewMessage) -> Conversation:
    """The conversation in the language that was chosen on its page meanwhile."""
    return replace(conversation, language=body.page) if body.page else conversation


def _turn(here: System, conversation: Conversation, body: NewMessage) -> Turn:
    return Turn(
        id=body.id or uuid.uuid4().hex,
        conversation=conversation.id,
        town=conversation.town,
        text=body.text,
        language=body.language,
        channel=Channel.WEB,
        at=here.clock(),
    )


@router.get("/{id}/messages", response_model=Thread)
def thread(request: Request, id: str, authorization: Authorization = None) -> dict[str, object]:
    """The conversation so far, oldest first."""
    here = system(request)
    conversation = authorised(here, id, authorization)
    last = here.conversations.last_event(conversation.id)  # first: what comes meanwhile is then heard as an event
    lines = [
        {"role": s.role, "text": s.text, "message": s.message, "id": (s.staff or {}).get("id"),
         "language": (s.staff or {}).get("language")}
        for s in here.conversations.thread(conversation.id)
    ]  # fmt: skip
    return {"messages": lines, "last_event": last}


@router.get("/{id}/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(
    request: Request, id: str, authorization: Authorization = None, last_event_id: Annotated[str, Header()] = "0"
) -> StreamingResponse:
    """Server-sent events: messages and state changes of this conversation; `Last-Event-ID` resumes."""
    here = system(request)
    conversation = await run_in_threadpool(authorised, here, id, authorization)
    if not last_event_id.isdigit() or len(last_event_id) > 18:
        raise Problem(422, "Invalid input", "Last-Event-ID must be a number that this server sent.")
    listening = _listen(request, here, conversation.id, int(last_event_id))
    return StreamingResponse(listening, media_type="text/event-stream", headers=_LIVE)


@router.post("/{id}/feedback", status_code=204)
def feedback(request: Request, id: str, body: NewFeedback, authorization: Authorization = None) -> None:
    """Say whether a message helped; the last word counts."""
    here = system(request)
    conversation = authorised(here, id, authorization)
    known = here.conversations.give_feedback(
        conversation.id, body.message, helpful=body.helpful, reason=body.reason, comment=body.comment, now=here.clock()
    )
    if not known:
        raise Problem(404, "Unknown message", "This message is not part of the conversation.")


@router.delete("/{id}", status_code=204)
def delete(request: Request, id: str, authorization: Authorization = None) -> None:
    """Delete the conversation and everything that was said in it."""
    here = system(request)
    conversation = authorised(here, id, authorization)
    here.forget(conversation.id)


def authorised(here: System, id_: str, authorization: str | None) -> Conversation:
    """The conversation that the Bearer token belongs to. Raises NotAuthorised or UnknownConversation."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise NotAuthorised
    return here.conversations.authorised(id_, token.strip())


def _stream(here: System, answerers: Executor, turn: Turn, conversation: Conversation) -> Iterator[str]:
    try:
        answering = answerers.submit(here.receive, turn, conversation)
        while not wait([answering], timeout=_HEARTBEAT_SECONDS).done:
            yield ": still working\n\n"  # keeps proxies from closing while a language model writes
        payload = answering.result()
    except Exception:
        # The response has begun, so the status can't say it any more.
        failure = {"type": "about:blank", "title": "Internal error", "status": 500,
                   "detail": "Something went wrong here. Try again."}  # fmt: skip
        yield _event("error", failure)
        return
    yield _event("decision", {**payload, "text": "", "citations": []})
    text = str(payload["text"])
    for start in range(0, len(text), _CHUNK):
        yield _event("delta", {"text": text[start : start + _CHUNK]})
    citations = payload["citations"]
    for citation in citations if isinstance(citations, list) else ():
        yield _event("citation", citation)
    yield _event("done", payload)


async def _listen(request: Request, here: System, id_: str, seq: int) -> AsyncIterator[str]:
    quiet = 0
    yield ": listening\n\n"
    while not await request.is_disconnected():
        found = await run_in_threadpool(here.conversations.events_after, id_, seq)
        for seq, kind, payload in found:
            yield _event(kind, payload, seq)
        quiet = 0 if found else quiet + 1
        if quiet >= _HEARTBEAT_POLLS:
            quiet = 0
            yield ": still here\n\n"
        await asyncio.sleep(_POLL_SECONDS)


def _event(kind: str, value: object, seq: int | None = None) -> str:
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {kind}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"


_LIVE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
