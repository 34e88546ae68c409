"""What the HTTP API takes and gives, as CONTRACT.md names it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.model import MAX_TURN_CHARS

MAX_SENT_CHARS = 10 * MAX_TURN_CHARS
"""Longer texts are refused with 422 before they are stored; up to it the resident is told kindly (too_long)."""


def _clean(text: str) -> str:
    # NUL is refused by PostgreSQL and means nothing in a message.
    return text.replace("\x00", "")


Text = Annotated[str, Field(max_length=MAX_SENT_CHARS), AfterValidator(_clean)]
Town = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["482013"], description="全国地方公共団体コード, 6 digits")]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$", examples=["ja", "vi"])]
Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class NewConversation(BaseModel):
    """Opens a conversation with a town."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"town": "482013", "language": "ja"}]})
    town: Town
    language: Language | None = None


class StartedConversation(BaseModel):
    """The token authorises the rest of this conversation (Bearer)."""

    id: str
    token: str


class NewMessage(BaseModel):
    """One thing that the resident says; the same `id` again gives the same Message again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "住民票はいくらですか", "id": "m-1"}]})
    text: Text
    id: Id | None = None
    language: Language | None = None  # in which to answer; without one, what the text is in
    page: Language | None = None  # chosen on the page since the last message; decides where the text does not


class ReferOut(BaseModel):
    """A reference in the quote of a law that means something only in its place: 前条."""

    words: str
    means: str  # 第22条


class CitationOut(BaseModel):
    """Where a statement stands."""

    n: int
    title: str
    url: str
    path: list[str]
    quote: str
    language: str
    layer: str
    as_of: str | None
    passage: str
    source: str
    refers: list[ReferOut] = []
    card: str | None = None  # our page to show at the counter, for a guide


class ChoiceOut(BaseModel):
    """A button: what it says and what it sends."""

    label: str
    text: str


class TermOut(BaseModel):
    """An official term."""

    ja: str
    reading: str
    romaji: str = ""
    local: str
    meaning: str = ""  # one line in the language of the answer


class HandoffOut(BaseModel):
    """The case that was opened for staff."""

    ticket: str | None
    desk: str | None
    promise: str | None
    opens_at: str | None


class Message(BaseModel):
    """The assistant's message."""

    id: str
    conversation: str
    in_reply_to: str
    decision: str
    why: str
    text: str
    spaced: str | None = None  # plain Japanese with spaces between its phrases, for readers who ask for them
    language: str
    confidence: float | None
    citations: list[CitationOut]
    terms: list[TermOut]
    choices: list[ChoiceOut]
    attach: str | None = None  # "photo": a picture may be sent as the answer; see the route for photos
    handoff: HandoffOut | None
    machine_translated: bool
    at: str


class SpokenOut(BaseModel):
    """One line of a thread; `state` lines say in `text` to where the case changed hands."""

    role: str  # resident, assistant, clerk, state
    text: str
    id: str | None = None  # a clerk's words' own id
    language: str | None = None  # of a clerk's words
    message: Message | None = None


class Thread(BaseModel):
    """A conversation so far."""

    messages: list[SpokenOut]
    last_event: int = 0  # events after this one are not in the thread; see Last-Event-ID


class NewFeedback(BaseModel):
    """What the resident thought of a message."""

    message: Id
    helpful: bool
    reason: Annotated[str, Field(max_length=64), AfterValidator(_clean)] | None = None
    comment: Annotated[str, Field(max_length=2000), AfterValidator(_clean)] | None = None


class NewCallback(BaseModel):
    """How and when the resident wants to be called back; a telephone number or a mail address is needed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ticket": "4K7M-9QXR", "name": "朝凪 花子", "phone": "000-482-0000",
                                         "when": "平日の午後"}]}
    )  # fmt: skip
    ticket: Id
    name: Annotated[str, Field(max_length=200), AfterValidator(_clean)] = ""
    phone: Annotated[str, Field(max_length=50), AfterValidator(_clean)] = ""
    email: Annotated[str, Field(max_length=254), AfterValidator(_clean)] = ""
    when: Annotated[str, Field(max_length=200), AfterValidator(_clean)] = ""


class SearchRequest(BaseModel):
    """Retrieval alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"town": "482013", "query": "転入届", "k": 5}]})
    town: Town
    query: Text
    language: Language | None = None
    k: Annotated[int, Field(ge=1, le=100)] = 10


class HitOut(BaseModel):
    """A passage and its scores."""

    passage: str
    title: str
    path: list[str]
    text: str
    url: str
    language: str
    layer: str
    as_of: str | None
    score: float
    lexical: float
    dense: float


class SearchResult(BaseModel):
    """Hits, best first."""

    hits: list[HitOut]
    index: str


class FormatsOut(BaseModel):
    """How the language writes dates, times and numbers: templates, and names from January and Monday on."""

    date: str
    date_weekday: str
    time: str
    time_full: str
    grouping: str
    months: list[str]
    weekdays: list[str]


class TownOut(BaseModel):
    """What the widget needs to start."""

    code: str
    name: str
    phone: str
    url: str
    hours: str
    language: str  # in which the rest is: the one asked for, or what is spoken instead
    languages: list[dict[str, str]]
    ui: dict[str, str]
    formats: FormatsOut
    suggestions: list[str]
    voice: bool = False  # whether the microphone can be used
