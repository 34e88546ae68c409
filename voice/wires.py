"""The exchange's side of a call, for stand-in callers: AudioSocket, and media streams in Twilio's form."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

from voice.audio import from_mulaw, from_pcm16, to_mulaw, to_pcm16
from voice.audiosocket import FRAME_SECONDS, RATE, Frame, Frames, Kind, encode
from voice.speech import Samples

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

FRAME = int(RATE * FRAME_SECONDS)
"""Samples of 20 ms."""


class Wire(Protocol):
    """One side of a call in one protocol."""

    def heard(self) -> AsyncIterator[Samples]:
        """Sound as it is played to the caller, until the other side ends the call."""

    async def say(self, samples: Samples) -> None:
        """Send 20 ms."""

    async def press(self, digit: str) -> None:
        """Send a key."""

    async def hang_up(self) -> None:
        """End the call."""


class Pace:
    """20 ms by the clock."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self._due = self._clock()

    async def next(self) -> None:
        """Wait for the next 20 ms."""
        self._due = max(self._due + FRAME_SECONDS, self._clock() - 0.1)
        await asyncio.sleep(max(0.0, self._due - self._clock()))


class AudioSocketWire:
    """Asterisk's side of AudioSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def ring(cls, host: str, port: int, call_id: uuid.UUID) -> AudioSocketWire:
        """Connect and say which call it is."""
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(encode(Frame(kind=Kind.UUID, payload=call_id.bytes)))
        return cls(reader, writer)

    async def heard(self) -> AsyncIterator[Samples]:
        """Sound frames."""
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := await self._reader.read(4096):
                for frame in frames.feed(data):
                    if frame.kind in (Kind.HANGUP, Kind.ERROR):
                        return
                    if frame.kind == Kind.AUDIO:
                        yield from_pcm16(frame.payload)

    async def say(self, samples: Samples) -> None:
        """One frame."""
        await self._send(Frame(kind=Kind.AUDIO, payload=to_pcm16(samples)))

    async def press(self, digit: str) -> None:
        """One DTMF frame."""
        await self._send(Frame(kind=Kind.DTMF, payload=digit.encode("ascii")))

    async def hang_up(self) -> None:
        """Say so and close."""
        await self._send(Frame(kind=Kind.HANGUP))
        self._writer.close()

    async def _send(self, frame: Frame) -> None:
        with contextlib.suppress(OSError):
            self._writer.write(encode(frame))
            await self._writer.drain()


class MediaStreamWire:
    """The exchange's side of a media stream: plays what it was sent in time, answers marks, obeys clear."""

    def __init__(self, socket: ClientConnection, stream: str, call: str) -> None:
        self._socket, self._stream, self.call = socket, stream, call
        self._waiting: list[bytes | str] = []  # sound, or a mark's name

    @classmethod
    async def ring(cls, address: str, *, parameters: dict[str, str] | None = None) -> MediaStreamWire:
        """Connect and send `connected` and `start`."""
        from websockets.asyncio.client import connect

        socket, stream = await connect(address, proxy=None), f"MZ{uuid.uuid4().hex}"
        await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        form = {"encoding": "audio/x-mulaw", "sampleRate": RATE, "channels": 1}
        call = f"CA{uuid.uuid4().hex}"
        start = {"streamSid": stream, "callSid": call, "tracks": ["inbound"], "mediaFormat": form,
                 "customParameters": parameters or {}}  # fmt: skip
        await socket.send(json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": stream}))
        return cls(socket, stream, call)

    async def heard(self) -> AsyncIterator[Samples]:
        """Sound in time."""
        reading = asyncio.create_task(self._read())
        pace = Pace()
        try:
            while not reading.done() or self._waiting:
                await pace.next()
                while self._waiting and isinstance(self._waiting[0], str):
                    await self._send({"event": "mark", "mark": {"name": self._waiting.pop(0)}})
                if self._waiting:
                    head = self._waiting.pop(0)
                    assert isinstance(head, bytes)
                    yield from_mulaw(head)
        finally:
            reading.cancel()

    async def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                message = json.loads(text)
                if message["event"] == "media":
                    sound = b64decode(message["media"]["payload"], validate=True)
                    self._waiting.extend(sound[at : at + FRAME] for at in range(0, len(sound), FRAME))
                elif message["event"] == "mark":
                    self._waiting.append(message["mark"]["name"])
                elif message["event"] == "clear":
                    marks = [item for item in self._waiting if isinstance(item, str)]
                    self._waiting[:] = marks

    async def say(self, samples: Samples) -> None:
        """One media message."""
        payload = b64encode(to_mulaw(samples)).decode("ascii")
        await self._send({"event": "media", "media": {"track": "inbound", "payload": payload}})

    async def press(self, digit: str) -> None:
        """One dtmf message."""
        await self._send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    async def hang_up(self) -> None:
        """Say `stop` and close."""
        await self._send({"event": "stop", "stop": {}})
        await self._socket.close()

    async def _send(self, message: dict[str, object]) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            await self._socket.send(json.dumps({**message, "streamSid": self._stream}))
