"""Pictures: residents send them while a form asks for one, clerks see them with the case."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from assistant.desk.staff import Role
from assistant.errors import UnknownTicket
from assistant.photos import MAX_BYTES, Flaw, PhotoRefused
from assistant.store.users import Session
from assistant.web.chat import Authorization, authorised
from assistant.web.pictures import refusal, taken
from assistant.web.problems import Problem
from assistant.web.staff import signed_in
from assistant.web.state import address, limits, system

router = APIRouter()

STREAMED = (re.compile(r"/api/v1/conversations/[^/]+/photos|/photo"), MAX_BYTES + 100_000)  # a form has more around it
"""Paths that take a picture, and how many bytes."""

_PICTURE = {"schema": {"type": "string", "contentMediaType": "image/jpeg"}}
_DESCRIBED = {"requestBody": {"required": True, "content": dict.fromkeys(("image/jpeg", "image/png", "image/webp"),
                                                                         _PICTURE)}}  # fmt: skip


class TakenPhoto(BaseModel):
    """What to send as the next message's `text`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "photo:" + "0a" * 16}]})
    text: str


@router.post("/api/v1/conversations/{id}/photos", status_code=201, response_model=TakenPhoto, tags=["conversation"],
             openapi_extra=_DESCRIBED)  # fmt: skip
async def send(request: Request, id: str, authorization: Authorization = None) -> TakenPhoto:
    """Send a picture (JPEG, PNG or WebP, at most 10 MB) while a message says `attach: "photo"`; 409 at other times.

    Place, time and device are taken out of it. Then send the `text` that comes back as the next message.
    """
    limits(request).messages.take(address(request))
    here = system(request)
    conversation = await run_in_threadpool(authorised, here, id, authorization)
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BYTES:
            raise refusal(PhotoRefused(Flaw.TOO_LARGE))
    return TakenPhoto(text=await run_in_threadpool(taken, here, conversation.id, bytes(data)))


@router.get("/desk/tickets/{id}/photos/{photo}", include_in_schema=False)
def shown(request: Request, session: Annotated[Session, Depends(signed_in)], id: str, photo: str) -> Response:
    """A picture of the case's conversation, for clerks of its town."""
    here = system(request)
    ticket = here.conversations.ticket(id)
    if ticket is None or str(ticket["town"]) not in session.staff.towns(Role.CLERK):
        raise Problem(404, "Unknown ticket", str(UnknownTicket()))
    found = here.photos.read(str(ticket["conversation"]), photo)
    if found is None:
        raise Problem(404, "Unknown photo", "The resident has deleted it. Go back to the case.")
    return Response(found, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
