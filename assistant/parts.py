"""The rooms that a message passes, as the pipeline sees them; built once by bootstrap, fakes in tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from assistant.curation.switches import NOTHING_OFF, Switches
from assistant.language.memory import Memory, general_memory
from assistant.language.words import Words
from assistant.model import Answer, Ask, Conversation, Facet, Outcome, Reply, Turn, Understanding
from assistant.policy import DEFAULT_POLICY, Policy
from assistant.screen import Screened
from assistant.services.addresses import NO_MAP, TownMap
from assistant.understanding.elsewhere import NO_PLACES, OwnPlaces
from knowledge.passage import Passage, Table
from knowledge.search import Library


class TableAnswers(Protocol):
    """Looks facts up in the town's tables; None when no table speaks to the question."""

    def look_up(self, question: str, language: str, facets: tuple[Facet, ...], now: datetime) -> Reply | Ask | None:
        """The answer of a table, or a question back."""


class Written(Protocol):
    """What became of one try to write."""

    @property
    def answer(self) -> Answer | None:
        """The checked answer; None when there is none."""

    @property
    def failure(self) -> str:
        """Why there is no answer, in one word."""

    @property
    def why(self) -> str:
        """The same for the record, with what the checks left out."""


class Writer(Protocol):
    """Writes an answer from passages; what does not pass the checks is no answer."""

    name: str

    def attempt(self, question: str, language: str, passages: Sequence[Passage]) -> Written:
        """One try, bounded in time; never raises for the model."""


class ServiceRoom(Protocol):
    """What is done through a back office; see assistant/services/serve.py."""

    def serve(
        self, turn: Turn, conversation: Conversation, screened: Screened, understanding: Understanding,
        town: TownParts, parts: Parts,
    ) -> Outcome | None:  # fmt: skip
        """The decision when the turn begins or continues a service, else None."""

    def wants_photo(self, conversation: str, now: datetime) -> bool:
        """True while a picture is the answer that is waited for."""

    def silenced(self, turn: Turn, understanding: Understanding, town: TownParts, parts: Parts) -> Outcome | None:
        """A hand-over with what was filled in, when a service is open while answers are switched off; else None."""

    def beside(self, turn: Turn, outcome: Outcome, town: TownParts, parts: Parts) -> Outcome:
        """An answer with the open service's question again, or with its guide's service offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TownParts:
    """What a town brings to its answers."""

    code: str
    owners: tuple[str, ...]  # layers, nearest first
    name: Callable[[str], str]  # language → the town's name
    phone: str
    hours: Callable[[str], str]  # language → when staff are there
    phones: frozenset[str]  # numbers of the town itself, which are no personal data
    tables: TableAnswers
    fees: tuple[Table, ...] = ()  # tables with prices, for services
    policy: Policy = DEFAULT_POLICY  # from which values on it answers
    switches: Switches = NOTHING_OFF  # what staff have switched off at this moment
    places: OwnPlaces = NO_PLACES  # what it says of itself, so that another town's name is recognised
    read: Callable[[str, str], Understanding] | None = None  # its intent engine: masked text, language; None: rules
    readings: Mapping[str, str] = field(default_factory=dict)  # its own names → hiragana
    memory: Memory | None = None  # what its facts are called in other languages; None: only the glossary's terms
    map: TownMap = NO_MAP  # what addresses are read against

    def rendered(self, text: str, language: str) -> str | None:
        """A fact of a Japanese text in that language, as the town's memory says it; None when it is not known wholly.

        Plain Japanese is not another language: what stands in it is `plain.bracketed`.
        """
        return None if language.startswith("ja") else (self.memory or general_memory()).render(text, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The rooms that a message passes; built once by bootstrap, fakes in tests."""

    screen: Callable[[str, str | None, frozenset[str]], Screened]  # text, language so far, the town's own numbers
    detect: Callable[[str, str | None], str]  # text, language so far → language found (BCP-47)
    read: Callable[[str, str], Understanding]  # masked text, language
    words: Words
    library: Library
    policy: Policy
    writer: Writer | None  # None: extractive only
    clock: Callable[[], datetime]
    services: ServiceRoom | None = None  # None: no back office is connected
