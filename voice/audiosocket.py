"""Asterisk AudioSocket: a call over TCP in frames of one byte kind, two bytes length (big-endian) and payload.

Asterisk connects and first sends the call's UUID, then sound (16-bit little-endian, 8 kHz) and keys. Sound goes back in
frames of 20 ms, one every 20 ms. Whoever closes the connection ends the application; the dialplan goes on after it.
Source: Asterisk documentation, "AudioSocket"; CyCoreSystems/audiosocket, protocol definition.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from voice.audio import from_pcm16, resample, to_pcm16
from voice.errors import VoiceError
from voice.line import Digit, LineEvent, Played, Sound
from voice.speech import Audio

log = logging.getLogger("madoguchi.voice")

RATE = 8000
FRAME_SECONDS = 0.02
FRAME_BYTES = 320  # 160 samples
HEADER = 3
_UUID_WITHIN = 5.0  # seconds from the connection
_SILENT_FOR = 30.0  # seconds without a byte: the other side is gone (Asterisk sends sound all the time)
_STRANGE = 50  # frames of unknown kind after which the other side is no Asterisk
_BEHIND = 0.2  # seconds; later than this the pace begins anew instead of catching up in a burst
_DIGITS = frozenset(b"0123456789*#ABCDabcd")


class Kind(IntEnum):
    """What a frame is; others exist (sound of other rates) and are passed over."""

    HANGUP = 0x00
    UUID = 0x01
    DTMF = 0x03
    AUDIO = 0x10
    ERROR = 0xFF


class NotAudioSocket(VoiceError):
    """The other side does not speak AudioSocket. Let the dialplan's AudioSocket() point here, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame; `kind` is a byte, the payload at most 65,535 bytes."""

    kind: int
    payload: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.kind <= 0xFF or len(self.payload) > 0xFFFF:
            raise ValueError("a frame's kind is one byte and its payload at most 65,535")


def encode(frame: Frame) -> bytes:
    """The frame's bytes."""
    return bytes((frame.kind,)) + len(frame.payload).to_bytes(2, "big") + frame.payload


class Frames:
    """Cuts a stream of bytes, however it is torn, into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole by now; the rest waits for more. To be read to its end."""
        self._held += data
        while len(self._held) >= HEADER:
            size = HEADER + int.from_bytes(self._held[1:HEADER], "big")
            if len(self._held) < size:
                return
            frame = Frame(kind=self._held[0], payload=bytes(self._held[HEADER:size]))
            del self._held[:size]
            yield frame


def read_frame(frame: Frame) -> LineEvent | None:
    """What the frame says of the call; None for kinds that say nothing. Raises NotAudioSocket for nonsense."""
    if frame.kind == Kind.AUDIO:
        if len(frame.payload) % 2:
            raise NotAudioSocket
        return Sound(audio=Audio(samples=from_pcm16(frame.payload), rate=RATE))
    if frame.kind == Kind.DTMF:
        if len(frame.payload) != 1 or frame.payload[0] not in _DIGITS:
            raise NotAudioSocket
        return Digit(digit=frame.payload.decode("ascii").upper())
    return None


class AudioSocketLine:
    """One call of Asterisk; `call` is the UUID that the dialplan gave it."""

    rate = RATE

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._frames = Frames()
        self._early: list[Frame] = []
        self._waiting: asyncio.Queue[tuple[bytes, int]] = asyncio.Queue()
        self._news: asyncio.Queue[LineEvent | None] = asyncio.Queue(maxsize=500)  # ten seconds: then TCP holds back
        self._dropped = 0  # counts `clear`, so that what is being played knows
        self._tasks: list[asyncio.Task[None]] = []
        self.call = uuid.UUID(int=0)

    async def greet(self) -> None:
        """Take the call's UUID. Raises NotAudioSocket when something else comes first, or nothing."""
        try:
            async with asyncio.timeout(_UUID_WITHIN):
                while not self._early:
                    data = await self._reader.read(4096)
                    if not data:
                        raise NotAudioSocket
                    self._early.extend(self._frames.feed(data))
        except (TimeoutError, OSError) as exc:
            raise NotAudioSocket from exc
        first = self._early.pop(0)
        if first.kind != Kind.UUID or len(first.payload) != 16:
            raise NotAudioSocket
        self.call = uuid.UUID(bytes=first.payload)

    async def events(self) -> AsyncIterator[LineEvent]:
        """Sound and keys until the caller hangs up, the connection tears or says nonsense."""
        self._tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._send())]
        while (event := await self._news.get()) is not None:
            yield event

    async def play(self, audio: Audio, mark: int) -> None:
        """Queue the sound."""
        await self._waiting.put((to_pcm16(resample(audio, RATE).samples), mark))

    async def clear(self) -> None:
        """Nothing more of what is queued or under way is sent."""
        self._dropped += 1
        while not self._waiting.empty():
            self._waiting.get_nowait()

    async def close(self) -> None:
        """Say that the call is over, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            if not self._writer.is_closing():
                self._writer.write(encode(Frame(kind=Kind.HANGUP)))
                await self._writer.drain()
            self._writer.close()
            await self._writer.wait_closed()
        except OSError:
            pass  # the other side was faster

    async def _receive(self) -> None:
        try:
            await self._read_on()
        except (OSError, TimeoutError):
            pass  # torn: the same as hung up
        except NotAudioSocket:
            log.warning("AudioSocket: the other side sent nonsense; the call is ended")
        finally:
            while self._news.full():
                self._news.get_nowait()  # whoever listens must hear of the end
            self._news.put_nowait(None)

    async def _read_on(self) -> None:
        frames, strange = self._early, 0
        while True:
            for frame in frames:
                if frame.kind in (Kind.HANGUP, Kind.ERROR):
                    return
                event = read_frame(frame)
                strange += frame.kind not in Kind.__members__.values()
                if strange > _STRANGE:
                    raise NotAudioSocket
                if event is not None:
                    await self._news.put(event)
            async with asyncio.timeout(_SILENT_FOR):
                data = await self._reader.read(4096)
            if not data:
                return
            frames = list(self._frames.feed(data))

    async def _send(self) -> None:
        """Send what is queued, a frame every 20 ms by the clock, so that no error adds up."""
        clock = asyncio.get_running_loop().time
        due = clock()
        try:
            while True:
                sound, mark = await self._waiting.get()
                round_ = self._dropped
                if clock() - due > FRAME_SECONDS:
                    due = clock()
                for place in range(0, len(sound), FRAME_BYTES):
                    if round_ != self._dropped:
                        break
                    piece = sound[place : place + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
                    self._writer.write(encode(Frame(kind=Kind.AUDIO, payload=piece)))
                    await self._writer.drain()
                    due += FRAME_SECONDS
                    if clock() - due > _BEHIND:
                        due = clock()
                    await asyncio.sleep(max(0.0, due - clock()))
                else:
                    await self._news.put(Played(mark=mark))
        except OSError:
            pass  # torn: reading notices it too


async def listen(host: str, port: int, answer: Callable[[AudioSocketLine], Awaitable[None]]) -> asyncio.Server:
    """Take calls; `answer` leads each one. What is no AudioSocket is told so and closed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = AudioSocketLine(reader, writer)
        try:
            await line.greet()
            await answer(line)
        except NotAudioSocket:
            log.warning("AudioSocket: a connection did not begin with a call's UUID")
            writer.write(encode(Frame(kind=Kind.ERROR)))
        except Exception as exc:  # one call must not take the others down
            log.error("AudioSocket call failed: %s", type(exc).__name__)
        finally:
            await line.close()

    return await asyncio.start_server(connected, host, port)
