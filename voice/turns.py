"""The values of a call: what happens (events), what is to be done (commands), where it stands (state)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Whose turn it is."""

    SPEAKING = "speaking"
    LISTENING = "listening"
    HEARING = "hearing"  # the caller's words are being recognised
    ANSWERING = "answering"
    ENDED = "ended"


class Cue(StrEnum):
    """Fixed words of a call."""

    GREETING = "greeting"
    DEAF = "deaf"  # nothing can be recognised here: offers a person
    NO_INPUT = "no_input"
    NOT_UNDERSTOOD = "not_understood"
    WAIT = "wait"
    LANGUAGE_MENU = "language_menu"
    LANGUAGE_SET = "language_set"
    NOTHING_TO_REPEAT = "nothing_to_repeat"


class Ending(StrEnum):
    """What follows an answer."""

    GO_ON = "go_on"
    PERSON = "person"  # the call goes to staff
    HANG_UP = "hang_up"


class Reason(StrEnum):
    """Why a person is called."""

    REQUESTED = "requested"  # key 0
    NO_INPUT = "no_input"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How patient a call is; times in seconds."""

    onset: float = 0.1  # this much speech begins a turn; a click does not
    barge_in: float = 0.25  # this much speech stops our own
    pause: float = 0.8  # silence that ends a turn
    longest: float = 20.0  # a turn is cut here
    before: float = 0.4  # sound that is kept from before a turn was noticed
    no_input: float = 6.0
    wait: float = 4.0  # then 'one moment, please'
    give_up: float = 40.0  # an answer that takes longer never comes
    tries: int = 2  # this many silences, or misunderstandings in a row, call a person
    greets: bool = True
    calls_person: bool = True  # False: stays patient (a page that has other ways to a person)
    deaf: bool = False  # no recogniser


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The call is through."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One frame of sound."""

    at: float
    seconds: float
    speech: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Everything of a `Say` has been played."""

    at: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What was said; empty when it could not be made out."""

    at: float
    turn: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer to a turn, as it is to be spoken."""

    at: float
    turn: int
    text: str
    ending: Ending = Ending.GO_ON
    understood: bool = True
    choices: tuple[str, ...] = ()  # what keys 1-8 say


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of the telephone."""

    at: float
    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Push-to-talk: pressed (our speech stops, and no silence ends the turn) or let go."""

    at: float
    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time went by."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Staff wrote something for the caller; it is said as soon as nobody speaks."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """The other side is gone."""

    at: float


Event = Begin | Heard | Spoken | Recognised | Answered | Key | Held | Told | Tick | HungUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak the cue, or the text when there is no cue."""

    number: int
    language: str
    cue: Cue | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSpeaking:
    """Be silent at once; what has not been played is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Make out what was said between two places of the sound heard, in seconds from its beginning."""

    turn: int
    start: float
    end: float
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Find the answer to what was said."""

    turn: int
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPerson:
    """Open a case for staff; the answer (with Ending.PERSON) says what follows."""

    turn: int
    reason: Reason
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """The call goes to a person now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """The call is over."""


Command = Say | StopSpeaking | Recognise | Answer | CallPerson | HandOver | HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a call stands."""

    manners: Manners
    language: str = "ja"
    phase: Phase = Phase.LISTENING
    since: float = 0.0  # when the phase began
    heard: float = 0.0  # seconds of sound so far
    voiced: float = 0.0  # seconds of speech without a pause
    silent: float = 0.0  # seconds of silence since
    start: float | None = None  # place in the sound where the caller's turn begins
    held: bool = False
    turn: int = 0
    number: int = 0  # of the last Say
    ending: Ending = Ending.GO_ON
    last: str = ""  # the last answer, for 'once more'
    choices: tuple[str, ...] = ()
    choosing: bool = False  # a language
    calling: bool = False  # a person is being called
    waited: bool = False
    told: tuple[str, ...] = ()  # what staff wrote and nobody said yet
    silences: int = 0
    misunderstood: int = 0


Step = tuple[State, tuple[Command, ...]]
