"""The browser's microphone: speech in a conversation that is open on a page, with captions and the whole Message."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from assistant.bootstrap import System
from assistant.channels.spoken import choices_of, shortened
from assistant.channels.talk import Said, SpokenAnswer
from assistant.model import LANGUAGES, Channel, Conversation, Turn
from voice.audio import from_pcm16, resample, to_pcm16
from voice.line import LineEvent, Played, Sound, Talk
from voice.speech import Audio
from voice.turns import Cue, Reason

RATE = 16_000
"""Samples a second of the 16-bit PCM (little-endian, mono), both ways."""

MAX_FRAME_BYTES = 64_000  # two seconds
Tell = Callable[[str, Mapping[str, object]], Awaitable[None]]
Received = Mapping[str, object] | bytes
"""A control message, or sound."""


class BrowserLine:
    """One open microphone; `receive` gives what the page sends, None at the end."""

    rate = RATE

    def __init__(self, receive: Callable[[], Awaitable[Received | None]], tell: Tell,
                 send_sound: Callable[[bytes], Awaitable[None]]) -> None:  # fmt: skip
        self._receive, self._tell, self._send_sound = receive, tell, send_sound

    async def events(self) -> AsyncIterator[LineEvent]:
        """Sound, and `press`, `release`, `played` of the page; others are passed over."""
        while (received := await self._receive()) is not None:
            if isinstance(received, bytes):
                if len(received) > MAX_FRAME_BYTES or len(received) % 2:
                    return
                yield Sound(audio=Audio(samples=from_pcm16(received), rate=RATE))
                continue
            mark = received.get("mark")
            match received.get("type"):
                case "press":
                    yield Talk(down=True)
                case "release":
                    yield Talk(down=False)
                case "played" if isinstance(mark, int):
                    yield Played(mark=mark)
                case "stop":
                    return

    async def play(self, audio: Audio, mark: int) -> None:
        """The sound, then its mark, which the page sends back when it has played so far."""
        if len(audio.samples):
            await self._send_sound(to_pcm16(resample(audio, RATE).samples))
        if mark:
            await self._tell("mark", {"mark": mark})

    async def clear(self) -> None:
        """The page drops what it has not played."""
        await self._tell("clear", {})

    async def close(self) -> None:
        """The page is told that it is over."""
        await self._tell("end", {})


class BrowserHost:
    """Answers in the page's own conversation: the Message goes to the page whole, its beginning is spoken."""

    def __init__(self, system: System, conversation: Conversation, token: str, *, tell: Tell,
                 post: Callable[[Mapping[str, object]], None]) -> None:  # fmt: skip
        """`post` sends the Message; it is called in a thread."""
        self._system, self._conversation, self._token = system, conversation, token
        self._tell, self._post = tell, post
        self._session = uuid.uuid4().hex

    async def tell(self, kind: str, payload: Mapping[str, object]) -> None:
        """To the page."""
        await self._tell(kind, payload)

    def words(self, cue: Cue, language: str) -> Said:
        """The page shows cues in its own words; nothing is spoken for them."""
        return ()

    def answer(self, turn: int, text: str, language: str) -> SpokenAnswer:
        """The pipeline's answer, stored as if it had been typed."""
        here = self._system
        conversation = here.conversations.authorised(self._conversation.id, self._token)
        spoken = Turn(
            id=f"{self._session}:{turn}", conversation=conversation.id, town=conversation.town, text=text,
            language=language if language in LANGUAGES else None, channel=Channel.WEB, at=here.clock(),
        )  # fmt: skip
        payload = here.receive(spoken, conversation)
        self._post(payload)
        words, _ = shortened(str(payload["text"]), str(payload["language"]))
        labels = [label for label, _ in choices_of(payload)]
        return SpokenAnswer(text=" ".join([words, *labels]))

    def staff_said(self) -> tuple[str, ...]:
        """Nothing here: the page shows what staff writes by its own events."""
        return ()

    def call_person(self, turn: int, reason: Reason, language: str) -> SpokenAnswer:
        """Never asked for: a page has its own ways to a person."""
        raise NotImplementedError
