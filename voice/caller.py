"""A stand-in caller: rings by AudioSocket or media stream, plays sounds, presses keys and records what it hears.

python -m voice.caller --audiosocket 127.0.0.1:9092 --record heard.wav question.wav
python -m voice.caller --media ws://127.0.0.1:8000/channels/phone/482013/media --record heard.wav question.wav
"""

from __future__ import annotations

import argparse
import asyncio
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice.audio import read_audio, resample, write_wav
from voice.audiosocket import FRAME_SECONDS, RATE
from voice.speech import Audio, Samples
from voice.wires import FRAME, AudioSocketWire, MediaStreamWire, Pace, Wire

_LOUD = 0.01  # root mean square above which a frame is speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Wait until something was said and then nothing for `quiet` seconds; at most `at_most`."""

    quiet: float = 1.0
    at_most: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Be silent."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Say this."""

    audio: Audio


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Press a key."""

    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """What comes next is decided when it is due."""

    steps: Callable[[], Sequence[Step]]


Step = Listen | Pause | Speak | Press | Decide


@dataclass(slots=True, kw_only=True)
class Call:
    """What came of a call."""

    heard: Audio  # everything that was played to the caller, silence included
    ended_by_us: bool  # False: the other side hung up or handed over


async def call(wire: Wire, steps: Sequence[Step], *, linger: float = 0.0) -> Call:
    """Go through the steps, wait `linger` seconds for the other side to end the call, hang up."""
    record = _Record()
    listening = asyncio.create_task(record.fill(wire))
    speaking = asyncio.create_task(_go(wire, steps, record, linger))
    await asyncio.wait({listening, speaking}, return_when=asyncio.FIRST_COMPLETED)
    ours = not listening.done()
    await wire.hang_up()
    for task in (listening, speaking):
        task.cancel()
    await asyncio.gather(listening, speaking, return_exceptions=True)
    return Call(heard=record.audio(), ended_by_us=ours)


class _Record:
    """What was heard, at its time; to be made inside the event loop."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self.began = self._clock()
        self.spoken_at = 0.0  # when something loud was last heard; 0: never since the last look
        self._pieces: list[tuple[float, Samples]] = []

    async def fill(self, wire: Wire) -> None:
        async for samples in wire.heard():
            now = self._clock()
            self._pieces.append((now - self.began, samples))
            if len(samples) and float(np.sqrt(np.mean(samples**2))) > _LOUD:
                self.spoken_at = now

    async def quiet(self, step: Listen) -> None:
        self.spoken_at, until = 0.0, self._clock() + step.at_most
        while self._clock() < until:
            await asyncio.sleep(FRAME_SECONDS)
            if self.spoken_at and self._clock() - self.spoken_at >= step.quiet:
                return

    def audio(self) -> Audio:
        made = np.zeros(0, np.float32)
        for at, samples in self._pieces:
            gap = int(at * RATE) - len(made)
            made = np.concatenate([made, np.zeros(max(0, gap - FRAME), np.float32), samples])
        return Audio(samples=made, rate=RATE)


async def _go(wire: Wire, steps: Sequence[Step], record: _Record, linger: float) -> None:
    """Telephones send sound all the time, silence too."""
    pace, due = Pace(), deque(steps)
    while due:
        step = due.popleft()
        match step:
            case Decide():
                due.extendleft(reversed(await asyncio.to_thread(step.steps)))
            case Listen():
                await _silent_until(wire, pace, asyncio.create_task(record.quiet(step)))
            case Pause():
                await _silent_until(wire, pace, asyncio.create_task(asyncio.sleep(step.seconds)))
            case Press():
                await wire.press(step.digit)
            case Speak():
                sound = resample(step.audio, RATE).samples
                for place in range(0, len(sound), FRAME):
                    piece = sound[place : place + FRAME]
                    await wire.say(np.pad(piece, (0, FRAME - len(piece))))
                    await pace.next()
    await _silent_until(wire, pace, asyncio.create_task(asyncio.sleep(linger)))


async def _silent_until(wire: Wire, pace: Pace, done: asyncio.Task[None]) -> None:
    silence = np.zeros(FRAME, np.float32)
    try:
        while not done.done():
            await wire.say(silence)
            await pace.next()
    finally:
        done.cancel()


def main(arguments: Sequence[str] | None = None) -> int:
    """Ring, say each file after having listened, record."""
    parser = argparse.ArgumentParser(prog="python -m voice.caller", description="A stand-in caller")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--audiosocket", metavar="HOST:PORT")
    where.add_argument("--media", metavar="WS-ADDRESS")
    parser.add_argument("--token", default="", help="the media stream's parameter `token`")
    parser.add_argument("--record", type=Path, metavar="FILE.wav")
    parser.add_argument("says", nargs="*", metavar="FILE.wav|KEY", help="sounds, or single keys such as 0, 9, *")
    chosen = parser.parse_args(arguments)
    made = asyncio.run(_ring(chosen))
    if chosen.record:
        write_wav(made.heard, chosen.record)
    print(f"heard {made.heard.seconds:.1f} s; ended by {'the caller' if made.ended_by_us else 'the other side'}")
    return 0


async def _ring(chosen: argparse.Namespace) -> Call:
    steps: list[Step] = []
    for word in chosen.says:
        said = Press(digit=word) if len(word) == 1 else Speak(audio=read_audio(Path(word)))
        steps += [Listen(), said]
    wire: Wire
    if chosen.media:
        wire = await MediaStreamWire.ring(chosen.media, parameters={"token": chosen.token} if chosen.token else {})
    else:
        host, _, port = chosen.audiosocket.rpartition(":")
        wire = await AudioSocketWire.ring(host, int(port), uuid.uuid4())
    return await call(wire, [*steps, Listen()], linger=1.0)


if __name__ == "__main__":
    raise SystemExit(main())
