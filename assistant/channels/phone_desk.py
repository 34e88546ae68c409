"""What the desk learns of a telephone call whose case is open: that it is over, how, and whom to call back."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress

from assistant.bootstrap import System
from assistant.desk.case import Callback
from assistant.errors import UnknownTicket
from assistant.store.calls import CallRecord, OpenCall

_ENDED = {
    "hung_up": "電話は、相手が先に切りました。",
    "person": "電話は、職員につなぐため交換機に渡しました。",
    "closed": "電話は、時間外のため職員につながずに終わりました。",
    "done": "電話は、案内を終えて切りました。",
    "lost": "電話は、サーバーが止まったため途中で切れました。",
}
_UNKNOWN = "折り返し先の番号は分かりません。"
_BY = "電話"  # the author of notes that no clerk wrote
_WANTED = "電話が終わったあと"
_NUMBER = re.compile(r"^\+?[0-9]{6,15}$")


def number_of(text: str) -> str:
    """The caller's number without its signs; empty for a withheld one and for anything else."""
    bare = re.sub(r"[\s()-]", "", text)
    return bare if _NUMBER.match(bare) else ""


def end_call(system: System, call: OpenCall, how: str, number: str = "") -> int:
    """Tell each of the call's open cases how it ended, then note the end; returns how many cases those are.

    When the number is known and nobody wrote another, the case gets a call-back; one that goes to staff in the
    same call needs none. The end is noted last: a server that is killed before it finds the call torn when it
    starts again, and tells the cases that were not told.
    """
    now = system.clock()
    desk, open_ = system.desk.store, system.desk.store.open_tickets(call.conversation)
    for ticket in open_:
        asks = how != "person" and ticket.callback is None
        if asks and number:
            wish = Callback(ticket=ticket.id, town=call.town, name="", phone=number, email="", wanted=_WANTED, at=now)
            with suppress(UnknownTicket):  # a clerk closed the case just now
                desk.ask_callback(wish, call.conversation)
        words = _ENDED[how] + (_UNKNOWN if asks and not number else "")
        name = uuid.uuid5(uuid.NAMESPACE_OID, f"{call.conversation}:{ticket.id}").hex  # a case is told once
        desk.note(call.town, ticket.id, _BY, name, words, now)
    CallRecord(engine=system.engine).ended(call, how, now)
    return len(open_)


def end_torn(system: System) -> int:
    """Tell the desk of calls that were cut off when a server was killed; returns how many. Before the first call."""
    torn = CallRecord(engine=system.engine).torn()
    for call in torn:
        end_call(system, call, "lost")
    return len(torn)
