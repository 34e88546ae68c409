"""Media streams in Twilio's form: a call over a WebSocket, JSON messages with mu-law sound (8 kHz) in base64.

In: connected, start, media, dtmf, mark, stop. Out: media, mark, clear; the exchange keeps what it was sent, plays it,
answers a mark when it has played everything before it, and drops what is left on clear.
Source: Twilio documentation, "Media Streams - WebSocket Messages".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import NoReturn

from voice.audio import from_mulaw, resample, to_mulaw
from voice.errors import VoiceError
from voice.line import Digit, LineEvent, Played, Sound
from voice.speech import Audio

RATE = 8000
_CHUNK = 8000 // 50 * 20  # bytes of one outgoing media message: 0.4 s
_MESSAGE_CHARS = 200_000  # a second of mu-law has 11,000 characters
_NAME = "madoguchi-"


class NotMediaStream(VoiceError):
    """The other side does not speak the media stream protocol. Let only the exchange's <Stream> point here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The first message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Which call this is."""

    stream: str
    call: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The call is over."""


Message = Connected | Start | Stop | LineEvent


def read_message(text: str) -> Message | None:
    """What a message says; None for kinds that are not known. Raises NotMediaStream for anything else."""
    if len(text) > _MESSAGE_CHARS:
        raise NotMediaStream
    try:
        content = json.loads(text)
        return _message(content) if isinstance(content, dict) else _refuse()
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as exc:
        raise NotMediaStream from exc


def _refuse() -> NoReturn:
    raise NotMediaStream


def _message(content: dict[str, object]) -> Message | None:
    match content["event"]:
        case "connected":
            return Connected()
        case "start":
            return _start(content)
        case "media":
            media = _object(content, "media")
            if media.get("track", "inbound") != "inbound":
                return None  # our own voice
            sound = base64.b64decode(_text(media, "payload"), validate=True)
            return Sound(audio=Audio(samples=from_mulaw(sound), rate=RATE))
        case "dtmf":
            digit = _text(_object(content, "dtmf"), "digit").upper()
            return Digit(digit=digit) if digit in tuple("0123456789*#ABCD") else _refuse()
        case "mark":
            name = _text(_object(content, "mark"), "name").removeprefix(_NAME)
            return Played(mark=int(name)) if name.isascii() and name.isdecimal() and len(name) < 10 else None
        case "stop":
            return Stop()
        case str():
            return None
    raise NotMediaStream


def _start(content: dict[str, object]) -> Start:
    start = _object(content, "start")
    form = start.get("mediaFormat", {})
    if not isinstance(form, dict) or form.get("encoding", "audio/x-mulaw") != "audio/x-mulaw":
        raise NotMediaStream
    if form.get("sampleRate", RATE) != RATE or form.get("channels", 1) != 1:
        raise NotMediaStream
    given = start.get("customParameters", {})
    parameters = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
    stream = start.get("streamSid") or content.get("streamSid")
    if not isinstance(stream, str) or not stream:
        raise NotMediaStream
    return Start(stream=stream, call=str(start.get("callSid") or stream), parameters=parameters)


def _object(content: dict[str, object], name: str) -> dict[str, object]:
    value = content[name]
    if not isinstance(value, dict):
        raise NotMediaStream
    return value


def _text(content: dict[str, object], name: str) -> str:
    value = content[name]
    if not isinstance(value, str):
        raise NotMediaStream
    return value


def media_message(stream: str, sound: bytes) -> str:
    """Play this mu-law sound after what is waiting."""
    payload = base64.b64encode(sound).decode("ascii")
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload}})


def mark_message(stream: str, mark: int) -> str:
    """Say so when everything up to here has been played."""
    return json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": f"{_NAME}{mark}"}})


def clear_message(stream: str) -> str:
    """Drop what has not been played."""
    return json.dumps({"event": "clear", "streamSid": stream})


class MediaStreamLine:
    """One call over an open WebSocket; `receive` gives the next text or None at the end, and never raises."""

    rate = RATE

    def __init__(self, receive: Callable[[], Awaitable[str | None]], send: Callable[[str], Awaitable[None]],
                 close: Callable[[], Awaitable[None]]) -> None:  # fmt: skip
        self._receive, self._send, self._close = receive, send, close
        self.start = Start(stream="-")

    async def greet(self) -> None:
        """Read up to the start message. Raises NotMediaStream when something else comes."""
        for _ in range(5):
            text = await self._receive()
            message = read_message(text) if text is not None else _refuse()
            if isinstance(message, Start):
                self.start = message
                return
            if not isinstance(message, Connected | None):
                break
        raise NotMediaStream

    async def events(self) -> AsyncIterator[LineEvent]:
        """Sound, keys and marks until the stream stops, tears or says nonsense."""
        while (text := await self._receive()) is not None:
            try:
                message = read_message(text)
            except NotMediaStream:
                return
            if isinstance(message, Stop | Start | Connected):
                return
            if message is not None:
                yield message

    async def play(self, audio: Audio, mark: int) -> None:
        """Send the whole sound and its mark; the exchange plays it in time."""
        sound = to_mulaw(resample(audio, RATE).samples)
        for place in range(0, len(sound), _CHUNK):
            await self._send(media_message(self.start.stream, sound[place : place + _CHUNK]))
        await self._send(mark_message(self.start.stream, mark))

    async def clear(self) -> None:
        """Have the exchange drop the rest."""
        await self._send(clear_message(self.start.stream))

    async def close(self) -> None:
        """Close the WebSocket: the exchange goes on with what stands after <Connect>."""
        await self._close()
