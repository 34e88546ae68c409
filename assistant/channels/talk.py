"""Leads one spoken conversation: drives the turn-taking of voice.call over a line, a host's answers and the clock."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol, TypeVar, assert_never

import numpy as np

from assistant.channels.speech import Speech
from voice.call import step
from voice.doubt import sure_enough
from voice.line import Digit, Line, LineEvent, Played, Sound, Talk
from voice.speech import Audio
from voice.turns import (
    Answer,
    Answered,
    Begin,
    CallPerson,
    Command,
    Cue,
    Ending,
    Event,
    HandOver,
    HangUp,
    Heard,
    Held,
    HungUp,
    Key,
    Manners,
    Phase,
    Reason,
    Recognise,
    Recognised,
    Say,
    Spoken,
    State,
    StopSpeaking,
    Tick,
    Told,
)

log = logging.getLogger("madoguchi.voice")

Said = tuple[tuple[str, str], ...]
"""What to speak: (language, text) in order."""

T = TypeVar("T")
_TICK = 0.25  # seconds
_KEEP = 40.0  # seconds of sound that are kept; the longest turn has 20
_STAFF = 1.0  # seconds between looks at what staff wrote
_LATE = 1.0  # seconds that whatever is under way gets at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenAnswer:
    """An answer as it is spoken."""

    text: str
    ending: Ending = Ending.GO_ON
    understood: bool = True
    choices: tuple[str, ...] = ()


class Host(Protocol):
    """Who answers; all but `tell` block and run in threads."""

    def words(self, cue: Cue, language: str) -> Said:
        """The words of a cue."""

    def answer(self, turn: int, text: str, language: str) -> SpokenAnswer:
        """The answer to what was said."""

    def call_person(self, turn: int, reason: Reason, language: str) -> SpokenAnswer:
        """Open a case for staff; what to say about it."""

    def staff_said(self) -> Sequence[str]:
        """What staff wrote for whoever speaks, since the last look."""

    async def tell(self, kind: str, payload: Mapping[str, object]) -> None:
        """Something that a page may show: state, transcript."""


class Conversing:
    """One spoken conversation; `run` leads it to its end."""

    def __init__(self, *, line: Line, speech: Speech, host: Host, pool: Executor, manners: Manners,
                 language: str = "ja") -> None:  # fmt: skip
        self._line, self._speech, self._host, self._pool = line, speech, host, pool
        self.state = State(manners=manners, language=language)
        self._news: asyncio.Queue[Event | LineEvent] = asyncio.Queue()
        self._mouth: asyncio.Queue[tuple[int, Say]] = asyncio.Queue()
        self._silenced = 0  # counts StopSpeaking: what was begun before must not be heard after
        self._playing = asyncio.Lock()
        self._kept: deque[Audio] = deque()
        self._kept_from = 0  # samples that are no longer kept
        self._kept_count = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._ear = None if manners.deaf else speech.ear(line.rate)

    async def run(self) -> Ending:
        """How it ended: GO_ON when the other side went away."""
        self._start(self._hear())
        self._start(self._tick())
        self._start(self._speak())
        self._start(self._staff())
        ending = Ending.GO_ON
        try:
            await self._take(Begin(at=self._now()))
            while self.state.phase is not Phase.ENDED:
                news = await self._news.get()
                for event in self._events(news):
                    ending = await self._take(event) or ending
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_LATE)
        return ending

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _events(self, news: Event | LineEvent) -> Iterator[Event]:
        """What the line says, in the words of the state machine."""
        at = self._now()
        match news:
            case Sound():
                self._keep(news.audio)
                frames = self._ear.hear(news.audio) if self._ear else ((news.audio.seconds, False),)
                for seconds, speech in frames:
                    yield Heard(at=at, seconds=seconds, speech=speech)
            case Digit():
                yield Key(at=at, digit=news.digit)
            case Talk():
                yield Held(at=at, down=news.down)
            case Played():
                yield Spoken(at=at, number=news.mark)
            case _:
                yield news

    async def _take(self, event: Event) -> Ending | None:
        """One step; an ending when the call is to be ended from this side."""
        before, ending = self.state.phase, None
        self.state, commands = step(self.state, event)
        for command in commands:
            ending = await self._do(command) or ending
        if self.state.phase is not before:
            await self._host.tell("state", {"state": self.state.phase.value})
        return ending

    async def _do(self, command: Command) -> Ending | None:
        match command:
            case Say():
                self._mouth.put_nowait((self._silenced, command))
            case StopSpeaking():
                self._silenced += 1
                async with self._playing:
                    await self._line.clear()
            case Recognise():
                self._start(self._recognise(command, self._cut(command.start, command.end)))
            case Answer():
                await self._host.tell("transcript", {"text": command.text, "turn": command.turn})
                answer = self._host.answer
                self._start(self._answer(command.turn, lambda: answer(command.turn, command.text, command.language)))
            case CallPerson():
                call = self._host.call_person
                self._start(self._answer(command.turn, lambda: call(command.turn, command.reason, command.language)))
            case HandOver():
                return Ending.PERSON
            case HangUp():
                return Ending.HANG_UP
            case _:
                assert_never(command)
        return None

    async def _hear(self) -> None:
        try:
            async for event in self._line.events():
                self._news.put_nowait(event)
        finally:
            self._news.put_nowait(HungUp(at=self._now()))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self._news.put_nowait(Tick(at=self._now()))

    async def _staff(self) -> None:
        """What a clerk writes while the call is open is said in it."""
        while True:
            await asyncio.sleep(_STAFF)
            try:
                told = await self._thread(self._host.staff_said)
            except Exception as exc:  # a busy database must not end the call; the words wait at the next look
                log.error("staff's words could not be read: %s", type(exc).__name__)
                continue
            for text in told:
                self._news.put_nowait(Told(at=self._now(), text=text))

    async def _thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _recognise(self, command: Recognise, audio: Audio) -> None:
        recognizer, text = self._speech.recognizer, ""
        if recognizer is not None:
            try:
                heard = await self._thread(lambda: recognizer.transcribe(audio, command.language))
                text = heard.text if sure_enough(heard.text, heard.confidence) else ""
            except Exception as exc:  # the caller is asked to say it again, whatever failed
                log.error("recognition failed: %s", type(exc).__name__)
        self._news.put_nowait(Recognised(at=self._now(), turn=command.turn, text=text))

    async def _answer(self, turn: int, work: Callable[[], SpokenAnswer]) -> None:
        try:
            made = await self._thread(work)
        except Exception as exc:  # no answer is not understood: twice that, and a person takes over
            log.error("a spoken turn failed: %s", type(exc).__name__)
            made = SpokenAnswer(text="", understood=False)
        self._news.put_nowait(Answered(
            at=self._now(), turn=turn, text=made.text, ending=made.ending, understood=made.understood,
            choices=made.choices,
        ))  # fmt: skip

    async def _speak(self) -> None:
        """Speak what is due, sentence by sentence, so that the first is heard while the next is made."""
        while True:
            silenced, say = await self._mouth.get()
            parts = self._host.words(say.cue, say.language) if say.cue else ((say.language, say.text),)
            await self._host.tell("speech", {"text": " ".join(text for _, text in parts), "cue": say.cue})
            try:
                for language, text in parts:
                    await self._utter(silenced, text, language)
            except Exception as exc:  # no voice, or a broken one: the call goes on to its person
                log.error("nothing can be spoken: %s", type(exc).__name__)
            await self._play(silenced, Audio(samples=np.zeros(0, np.float32), rate=self._line.rate), say.number)

    async def _utter(self, silenced: int, text: str, language: str) -> None:
        sounds = self._speech.speak(text, language, self._line.rate)
        while silenced == self._silenced:
            sound = await self._thread(lambda: next(sounds, None))
            if sound is None:
                return
            await self._play(silenced, sound, 0)

    async def _play(self, silenced: int, audio: Audio, mark: int) -> None:
        async with self._playing:
            if silenced == self._silenced:
                await self._line.play(audio, mark)

    def _keep(self, audio: Audio) -> None:
        self._kept.append(audio)
        self._kept_count += len(audio.samples)
        while self._kept_count - len(self._kept[0].samples) > _KEEP * self._line.rate:
            gone = len(self._kept.popleft().samples)
            self._kept_from += gone
            self._kept_count -= gone

    def _cut(self, start: float, end: float) -> Audio:
        rate = self._line.rate
        sound = np.concatenate([np.zeros(0, np.float32), *(audio.samples for audio in self._kept)])
        first = max(0, int(start * rate) - self._kept_from)
        return Audio(samples=sound[first : max(first, int(end * rate) - self._kept_from)], rate=rate)
