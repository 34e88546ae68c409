"""Out of hours: how the resident can be reached, from the form under a hand-over."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request

from assistant.desk.case import Callback
from assistant.errors import UnknownTicket
from assistant.language.numbers import format_phone
from assistant.web.chat import Authorization, authorised
from assistant.web.problems import Problem
from assistant.web.schemas import NewCallback
from assistant.web.state import address, limits, system

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"])

_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_PHONE = re.compile(r"[0-9+()#*-]{9,20}")


@router.post("/{id}/callbacks", status_code=204)
def ask(request: Request, id: str, body: NewCallback, authorization: Authorization = None) -> None:
    """Ask to be called back about a ticket of this conversation; the last word counts."""
    limits(request).messages.take(address(request))
    here = system(request)
    conversation = authorised(here, id, authorization)
    phone, email = format_phone(body.phone), body.email.strip()
    if not (phone or email) or (phone and not _PHONE.fullmatch(phone)) or (email and not _MAIL.fullmatch(email)):
        raise Problem(422, "Invalid input", "A telephone number or a mail address is needed, each in its usual form.")
    callback = Callback(
        ticket=body.ticket, town=conversation.town, name=body.name.strip(), phone=phone, email=email,
        wanted=body.when.strip(), at=here.clock(),
    )  # fmt: skip
    try:
        here.desk.store.ask_callback(callback, conversation.id)
    except UnknownTicket:
        raise Problem(404, "Unknown ticket", "This ticket is not open in this conversation.") from None
