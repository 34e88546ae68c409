"""The core types through which everything flows: Turn, Understanding, Answer, Decision.

Values only: nothing here does I/O, and no framework is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge.passage import Hit, Passage

LANGUAGES: tuple[str, ...] = (
    "ja", "ja-x-easy", "en", "zh-Hans", "zh-Hant", "ko", "vi", "pt-BR", "es", "fil", "id", "ne",
    "th", "my",
)  # fmt: skip
"""Languages in which every outcome has words (assistant/language/words/)."""

MAX_TURN_CHARS = 2000
"""A longer message gets `Why.TOO_LONG`; residents write far less (longest of our test questions: 214)."""


class Channel(StrEnum):
    """Through which door a turn came."""

    WEB = "web"
    LINE = "line"
    PHONE = "phone"
    API = "api"


class Why(StrEnum):
    """The named outcome; each has words for residents in every language and a label for staff."""

    ANSWERED = "answered"
    TABLE = "table"
    CLARIFY = "clarify"
    CHOOSE = "choose"
    CONFIRM = "confirm"
    DONE = "done"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_TOWN = "other_town"
    NO_ANSWER = "no_answer"
    LOW_CONFIDENCE = "low_confidence"
    REQUESTED = "requested"
    PERSONAL_CASE = "personal_case"
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    ABUSE = "abuse"
    INJECTION = "injection"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    PART_FAILED = "part_failed"
    SWITCHED_OFF = "switched_off"
    WITH_STAFF = "with_staff"


class Facet(StrEnum):
    """Which fact of a procedure the resident asks for."""

    FEE = "fee"
    BRING = "bring"
    WHERE = "where"
    WHEN = "when"
    DEADLINE = "deadline"
    WHO = "who"
    ONLINE = "online"
    PHONE = "phone"
    LAW = "law"
    HOW = "how"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing that a resident said."""

    id: str  # the channel's own event id, so that a repeat is recognised
    conversation: str
    town: str  # 6-digit 全国地方公共団体コード
    text: str
    language: str | None  # BCP-47 that the resident chose; None: detect
    channel: Channel
    at: datetime  # aware UTC

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("Turn.at must be an aware time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What the pipeline may know of the conversation so far."""

    id: str
    town: str
    language: str | None = None  # the resident's choice, or the last one detected
    topic_key: str | None = None  # document key of the last answer, for follow-ups such as 'how much?'
    pending: tuple[Choice, ...] = ()  # choices offered by the last Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the turn means."""

    language: str
    question: str  # standalone, normalised, personal data masked
    intent: str  # "ask" | "greeting" | "thanks" | "staff" | ...
    facets: tuple[Facet, ...] = ()
    confidence: float = 1.0  # 0-1
    topic: str = ""  # label of the topic that an engine recognised, such as ask_moving
    engine: str = "rules"  # which engine read: rules | nearest | rasa
    asked_in: str = ""  # the question's own language, where it is not the one we reply in


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote and the passage it stands in; a quote that is not in its passage can't be built."""

    passage: Passage
    quote: str

    def __post_init__(self) -> None:
        if not self.quote.strip():
            raise ValueError("a citation needs a quote")
        if self.quote not in self.passage.text:
            raise ValueError("the quote is not in its passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Text with at least one citation. Markers such as [1] in the text count citations from 1."""

    text: str
    language: str
    citations: tuple[Citation, ...]
    confidence: float  # 0-1
    machine_translated: bool = False

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer needs at least one citation")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("confidence must lie between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialTerm:
    """An official Japanese word behind an answer, for a reader of another language."""

    ja: str
    reading: str  # hiragana
    romaji: str
    local: str  # in the reader's language; "" for plain Japanese
    meaning: str  # one line in the language of the answer; in Japanese one of plain Japanese


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way on that is offered to the resident: what the button says and what it sends."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer from the knowledge, or fixed words (greeting, emergency numbers, out of scope …)."""

    why: Why
    language: str
    text: str
    answer: Answer | None = None
    choices: tuple[Choice, ...] = ()
    topic_key: str | None = None
    terms: tuple[OfficialTerm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One clarifying question with choices."""

    why: Why
    language: str
    text: str
    choices: tuple[Choice, ...] = ()
    topic_key: str | None = None
    attach: str = ""  # "photo": a picture may be sent as the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something was done, or is about to be confirmed, through a back office."""

    why: Why
    language: str
    text: str
    service: str
    choices: tuple[Choice, ...] = ()
    receipt: str = ""  # the back office's number for what was done


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """The case goes to staff; `summary` is what the clerk reads first, personal data masked."""

    why: Why
    language: str
    text: str
    reason: str
    summary: str
    desk: str  # which desk takes it
    promise: str  # what the resident may expect
    related: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()


Decision = Reply | Ask | Act | HandOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything needed to replay a decision; plain JSON values only in `payload`."""

    understanding: Understanding | None = None
    hits: tuple[Hit, ...] = ()
    index_version: str = ""
    encoder: str = ""
    writer: str = ""
    thresholds: tuple[tuple[str, float], ...] = ()
    confidence: float = 0.0  # 0-1: the chance that the best text found is right
    scope: float = 0.0  # 0-1: the chance that the question is one for a town hall
    notes: tuple[str, ...] = field(default=())  # checks that failed, parts that failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A decision with its evidence: what `pipeline.respond` returns."""

    decision: Decision
    evidence: Evidence
    flow: dict[str, object] | None = None  # state of a service after this turn; {}: it ended; None: untouched
    kept: str | None = None  # what is stored of the turn instead of its words, which prove who somebody is
