"""A telephone line as a call sees it; the exchange's protocols (audiosocket, mediastream) and the page speak it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from voice.speech import Audio


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Sound from the caller."""

    audio: Audio


@dataclass(frozen=True, slots=True, kw_only=True)
class Digit:
    """A key that the caller pressed: 0-9, *, # or A-D."""

    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Push-to-talk: pressed or let go."""

    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Everything up to this mark has been played to the caller."""

    mark: int


LineEvent = Sound | Digit | Talk | Played


class Line(Protocol):
    """One call."""

    rate: int  # samples a second that it wants to hear

    def events(self) -> AsyncIterator[LineEvent]:
        """What comes from the other side, until it is gone; a torn connection only ends it."""

    async def play(self, audio: Audio, mark: int) -> None:
        """Have this sound played after what is waiting; `Played(mark)` comes when it has been."""

    async def clear(self) -> None:
        """Drop what has not been played."""

    async def close(self) -> None:
        """End the call from this side."""
