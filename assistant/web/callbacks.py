"""Out of hours: how the resident can be reached, from the form under a hand-over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request

from assistant.bootstrap import System
from assistant.desk.case import Callback
from assistant.desk.ticket import State
from assistant.errors import UnknownTicket
from assistant.language.numbers import format_phone
from assistant.model import Conversation
from assistant.web.chat import Authorization, authorised
from assistant.web.problems import Problem
from assistant.web.schemas import NewCallback
from assistant.web.state import address, limits, system

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"])

_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_PHONE = re.compile(r"[0-9+()#*-]{9,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the page without JavaScript shows under a case that waits for the desk to open."""

    ticket: str
    asked: bool  # the resident has left a way to be reached


@router.post("/{id}/callbacks", status_code=204)
def ask(request: Request, id: str, body: NewCallback, authorization: Authorization = None) -> None:
    """Ask to be called back about a ticket of this conversation; the last word counts."""
    limits(request).messages.take(address(request))
    here = system(request)
    keep(here, authorised(here, id, authorization), body)


def keep(here: System, conversation: Conversation, wish: NewCallback) -> None:
    """Store how the resident can be reached. Raises Problem 422 or 404."""
    phone, email = format_phone(wish.phone), wish.email.strip()
    if not (phone or email) or (phone and not _PHONE.fullmatch(phone)) or (email and not _MAIL.fullmatch(email)):
        raise Problem(422, "Invalid input", "A telephone number or a mail address is needed, each in its usual form.")
    callback = Callback(
        ticket=wish.ticket, town=conversation.town, name=wish.name.strip(), phone=phone, email=email,
        wanted=wish.when.strip(), at=here.clock(),
    )  # fmt: skip
    try:
        here.desk.store.ask_callback(callback, conversation.id)
    except UnknownTicket:
        raise Problem(404, "Unknown ticket", "This ticket is not open in this conversation.") from None


def offered(here: System, conversation: Conversation) -> Offer | None:
    """The form to show: for the newest case that nobody has taken, while the desk is closed; else None."""
    waiting = [t for t in here.desk.store.open_tickets(conversation.id) if t.state is State.WAITING]
    promise = here.desk.promise(conversation.town, "ja", here.clock())
    if not waiting or promise is None or promise.opens_at is None:
        return None
    return Offer(ticket=waiting[-1].id, asked=waiting[-1].callback is not None)
