"""The spoken doors of the application: what they share while it runs, and the browser's microphone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from math import inf
from typing import cast

from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.concurrency import run_in_threadpool

from assistant.bootstrap import System
from assistant.channels.browser_voice import BrowserHost, BrowserLine
from assistant.channels.phone_desk import end_torn
from assistant.channels.speech import Speech, open_speech
from assistant.channels.talk import Conversing
from assistant.errors import MadoguchiError, NotAuthorised
from assistant.model import Conversation
from assistant.web import sockets
from assistant.web.phone import Voice, state, take
from assistant.web.problems import Problem
from assistant.web.state import Limits
from voice.audiosocket import listen
from voice.turns import Manners

log = logging.getLogger("madoguchi.voice")
router = APIRouter(prefix="/api/v1/conversations", tags=["voice"])

_STARTS_WITHIN = 10.0  # seconds for the page's first message
_PATIENT = Manners(greets=False, calls_person=False, no_input=inf, wait=inf)


@asynccontextmanager
async def running(app: FastAPI, system: System) -> AsyncIterator[None]:
    """While the application runs, speech is there, and calls are taken on MADOGUCHI_AUDIOSOCKET_PORT if it is set."""
    speech = cast("Speech | None", getattr(app.state, "speech", None))  # tests bring their own
    if speech is None:
        speech = await run_in_threadpool(open_speech, system.settings.whisper)
    pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="voice")
    voice = app.state.voice = Voice(speech=speech, pool=pool)
    settings = system.settings
    await run_in_threadpool(end_torn, system)
    if settings.audiosocket_port:
        take_call = partial(take, system, voice)
        voice.server = await listen(settings.audiosocket_host, settings.audiosocket_port, take_call)
    try:
        yield
    finally:
        if voice.server is not None:
            voice.server.close()
        pool.shutdown(wait=False, cancel_futures=True)


def hears(app: FastAPI) -> bool:
    """Whether the page may offer its microphone."""
    voice = cast("Voice | None", getattr(app.state, "voice", None))
    return voice is not None and voice.speech.recognizer is not None


@router.websocket("/{id}/voice")
async def microphone(socket: WebSocket, id: str) -> None:
    """The browser's microphone in an open conversation.

    In: first {"type": "start", "token", "language"}, then 16-bit PCM (16 kHz, mono) as binary messages,
    {"type": "press"} and {"type": "release"} around push-to-talk, {"type": "played", "mark"}, {"type": "stop"}.
    Out: {"type": "state" | "transcript" | "message" | "speech" | "clear" | "mark" | "end" | "error", …} and PCM.
    """
    system, voice = state(socket)
    await socket.accept()
    try:
        conversation, token, language = await _opened(socket, system, id)
        if voice is None or voice.speech.recognizer is None:
            raise MadoguchiError("Speech can't be recognised here. Please write, or ask for a person.")
    except (MadoguchiError, Problem) as exc:
        await sockets.send(socket, {"type": "error", "detail": str(exc)})
        await sockets.close(socket, sockets.POLICY)
        return
    loop = asyncio.get_running_loop()

    async def tell(kind: str, payload: Mapping[str, object]) -> None:
        await sockets.send(socket, {"type": kind, **payload})

    def post(message: Mapping[str, object]) -> None:
        asyncio.run_coroutine_threadsafe(tell("message", {"message": message}), loop).result(10)

    line = BrowserLine(partial(sockets.receive_control, socket), tell, partial(sockets.send, socket))
    host = BrowserHost(system, conversation, token, tell=tell, post=post)
    await tell("state", {"state": "listening"})
    await Conversing(
        line=line, speech=voice.speech, host=host, pool=voice.pool, manners=_PATIENT, language=language
    ).run()  # fmt: skip
    await sockets.close(socket)


async def _opened(socket: WebSocket, system: System, id_: str) -> tuple[Conversation, str, str]:
    """The conversation that the first message's token opens, with token and language."""
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            first = await sockets.receive_control(socket)
    except TimeoutError:
        first = None
    if not isinstance(first, dict) or first.get("type") != "start":
        raise NotAuthorised("The first message must be {'type': 'start'} with the conversation's token.")
    limits = cast("Limits", socket.app.state.limits)
    limits.messages.take(socket.client.host if socket.client else "unknown")
    token = str(first.get("token", ""))
    if not token.isascii():
        raise NotAuthorised
    conversation = await run_in_threadpool(system.conversations.authorised, id_, token)
    return conversation, token, str(first.get("language") or conversation.language or "ja")
