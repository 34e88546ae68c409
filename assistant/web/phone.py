"""Telephone calls: the media stream's door, what leads every call, and how calls ended."""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, cast

from fastapi import APIRouter, Path, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from assistant.bootstrap import System
from assistant.channels.phone import PhoneHost
from assistant.channels.phone_desk import number_of
from assistant.channels.speech import Speech
from assistant.channels.talk import Conversing
from assistant.web import sockets
from voice.audiosocket import AudioSocketLine
from voice.line import Line
from voice.mediastream import MediaStreamLine, NotMediaStream
from voice.turns import Ending, Manners

router = APIRouter(prefix="/channels/phone", tags=["phone"])

CALLS_AT_ONCE = 40  # of one process; one more goes to a person at once
_REMEMBERED = 1000  # calls whose end is known
_END = {Ending.GO_ON: "hung_up", Ending.HANG_UP: "done", Ending.PERSON: "person"}
_GREETS_WITHIN = 10.0  # seconds


@dataclass(slots=True, kw_only=True)
class Voice:
    """What all spoken doors of this application share."""

    speech: Speech
    pool: ThreadPoolExecutor
    going: int = 0  # calls
    ended: OrderedDict[str, str] = field(default_factory=OrderedDict)  # call → how it ended
    server: asyncio.Server | None = None  # AudioSocket's

    def note(self, call: str, end: str) -> None:
        """Remember how a call ended, for the dialplan."""
        self.ended[call] = end
        while len(self.ended) > _REMEMBERED:
            self.ended.popitem(last=False)


def state(socket: WebSocket | Request) -> tuple[System, Voice | None]:
    """The system and its voice; None before the application has started."""
    held = socket.app.state
    return cast("System", held.system), cast("Voice | None", getattr(held, "voice", None))


@router.get("/calls/{call}", response_class=PlainTextResponse)
def how_it_ended(request: Request, call: Annotated[str, Path(max_length=64)]) -> str:
    """For the dialplan: `person`, `closed` (staff are not there now), `done`, or `unknown`: then a person, too."""
    _, voice = state(request)
    return voice.ended.get(call, "unknown") if voice else "unknown"


@router.websocket("/{town}/media")
async def media(socket: WebSocket, town: str) -> None:
    """A call as a media stream in Twilio's form."""
    system, voice = state(socket)
    known = await run_in_threadpool(system.knowledge.town, town)
    if known is None or voice is None:
        await sockets.close(socket, sockets.POLICY)
        return
    await socket.accept()
    line = MediaStreamLine(
        partial(sockets.receive_text, socket), partial(sockets.send, socket), partial(sockets.close, socket)
    )
    try:
        async with asyncio.timeout(_GREETS_WITHIN):
            await line.greet()
    except (NotMediaStream, TimeoutError):
        await sockets.close(socket, sockets.POLICY)
        return
    wanted = system.settings.phone_token.get_secret_value()
    if wanted and not hmac.compare_digest(wanted.encode(), line.start.parameters.get("token", "").encode()):
        await sockets.close(socket, sockets.POLICY)
        return
    number = number_of(line.start.parameters.get("from", ""))
    await lead(system, voice, line, line.start.call, town, number)


async def take(system: System, voice: Voice, line: AudioSocketLine) -> None:
    """A call of Asterisk. The town is what the call's UUID ends with (…-000000 and six digits), else the default."""
    tail = line.call.hex[-12:]
    asked = tail[-6:] if tail.startswith("000000") else ""
    known = await run_in_threadpool(system.knowledge.town, asked) if asked else None
    town = known.code if known else await run_in_threadpool(system.default_town)
    await lead(system, voice, line, str(line.call), town)


async def lead(system: System, voice: Voice, line: Line, call: str, town: str, number: str = "") -> None:
    """One telephone call from its greeting to its end. Whatever fails, the dialplan finds `person`."""
    end, host = "person", None
    voice.going += 1
    try:
        if voice.going <= CALLS_AT_ONCE:
            host = await run_in_threadpool(partial(PhoneHost, system, town, call=call, number=number))
            manners = Manners(deaf=voice.speech.recognizer is None)
            conversing = Conversing(line=line, speech=voice.speech, host=host, pool=voice.pool, manners=manners)
            ending = await conversing.run()
            end = _END[ending] if ending is not Ending.PERSON or not host.closed else "closed"
    finally:
        voice.going -= 1
        voice.note(call, "done" if end == "hung_up" else end)
        try:
            if host is not None:
                await run_in_threadpool(host.over, end)
        finally:
            await line.close()
