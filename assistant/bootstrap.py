"""Builds the whole from settings: the one place that knows every room's machinery."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from assistant.curation.importing import Importer, Progress, Report, silent
from assistant.curation.publishing import Curation
from assistant.desk.notify import Notifier, notifier
from assistant.desk.queue import Desk
from assistant.engines import Engines, rasa_server
from assistant.errors import SettingsError, UnknownTown
from assistant.language.detect import detect
from assistant.language.words import Words, load_words
from assistant.model import Channel, Conversation, Outcome, Turn
from assistant.parts import Parts, TownParts
from assistant.pipeline import respond, urgent
from assistant.policy import DEFAULT_POLICY
from assistant.reception import Reception
from assistant.screen import screened
from assistant.services.connecting import build_services
from assistant.settings import Settings
from assistant.store.asked import asked_questions
from assistant.store.audit import AccessRecord
from assistant.store.calibration import Calibrations
from assistant.store.conversations import ConversationStore
from assistant.store.curation import CurationStore
from assistant.store.database import open_engine
from assistant.store.desk import DeskStore
from assistant.store.gaps import GapStore
from assistant.store.identity import IdentityTries
from assistant.store.knowledge import KnowledgeStore, TownProfile
from assistant.store.notices import NoticeStore
from assistant.store.photos import PhotoStore
from assistant.store.records import Payload
from assistant.store.services import ServiceStore
from assistant.store.switches import SwitchBoard
from assistant.store.users import UserStore
from assistant.town_parts import town_parts
from assistant.understanding.read import read_turn
from assistant.writers import writer_of
from knowledge.dense import load_encoder
from knowledge.own_words import asking_with
from knowledge.passage import NATION
from knowledge.reranking import load_reranker
from knowledge.search import Library, owners_of
from knowledge.sources.reading import Origin, Reading

_TOWN_SECONDS = 2.0  # how long a town's profile and tables are held before the store is asked again


# What they load beside a town's index, the thesaurus and the lists of plain Japanese, all towns share.
_FIRST_QUESTIONS = (("moving in 転入", None), ("転入届の期限はいつですか", "ja"), ("ひっこしの てつづき", "ja-x-easy"))


@dataclass(slots=True, kw_only=True)
class System:
    """Everything that doors need; made by `build`."""

    settings: Settings
    engine: Engine
    knowledge: KnowledgeStore
    conversations: ConversationStore
    library: Library
    words: Words
    parts: Parts
    access: AccessRecord
    photos: PhotoStore
    importer: Importer
    curation: Curation
    switches: SwitchBoard
    calibrations: Calibrations
    desk: Desk
    users: UserStore
    notifier: Notifier
    engines: Engines
    clock: Callable[[], datetime]
    _towns: dict[str, tuple[float, str, TownParts]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, town: str, language: str | None, channel: Channel) -> tuple[str, str]:
        """Open a conversation; returns id and token. Raises UnknownTown."""
        self.town(town)
        return self.conversations.start(town, language, channel, self.clock())

    def receive(self, turn: Turn, conversation: Conversation) -> Payload:
        """The Message that answers the turn; the same again for a known turn id."""
        reception = Reception(
            store=self.conversations, respond=self.respond, clock=self.clock, desk=self.desk, urgent=self.urgent
        )
        return reception.receive(turn, conversation)

    def forget(self, conversation: str) -> None:
        """Delete the conversation with everything that was said and sent in it."""
        self.conversations.delete(conversation)
        self.photos.forget(conversation)

    def respond(self, turn: Turn, conversation: Conversation) -> Outcome:
        """The decision on a turn; stores nothing."""
        policy = replace(self.parts.policy, calibration=self.calibrations.in_force(turn.town))
        town = replace(self.town(turn.town), switches=self.switches.of(turn.town), policy=policy)
        return respond(turn, conversation, town, self.parts)

    def urgent(self, turn: Turn, conversation: Conversation) -> Outcome | None:
        """What must be said even while a clerk has the case; stores nothing."""
        return urgent(turn, conversation, self.town(turn.town), self.parts)

    def town(self, code: str) -> TownParts:
        """What the town brings to its answers, at most two seconds old. Raises UnknownTown."""
        now = time.monotonic()
        held = self._towns.get(code)
        if held is not None and now - held[0] < _TOWN_SECONDS:
            return held[2]
        with self._lock:
            profile = self.profile(code)
            owners = owners_of(code, profile.prefecture)
            mark = self._mark(profile, owners)
            parts = held[2] if held is not None and held[1] == mark else self._parts_of(profile, owners)
            self._towns[code] = (now, mark, parts)
            return parts

    def profile(self, code: str) -> TownProfile:
        """The town's profile. Raises UnknownTown."""
        profile = self.knowledge.town(code)
        if profile is None:
            raise UnknownTown
        return profile

    def default_town(self) -> str:
        """The town of `/`: the setting, or the first one. Raises UnknownTown when there is none."""
        if self.settings.town:
            return self.settings.town
        towns = self.knowledge.towns()
        if not towns:
            raise UnknownTown
        return towns[0].code

    def ready(self) -> dict[str, str]:
        """Name of each part → "ok" or what is wrong with it."""
        state = {"database": "ok", "index": "ok"}
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            for town in self.knowledge.towns():
                self.library.shelf(town.code)
        except Exception as exc:
            # Readiness must answer whatever fails; the name tells an operator where to look.
            state["database" if "sqlalchemy" in type(exc).__module__ else "index"] = type(exc).__name__
        if self.library.damaged:
            state["index"] = "damaged: " + ", ".join(f"{o} {v}" for o, v in sorted(self.library.damaged.items()))
        return state

    def owners(self) -> set[str]:
        """All owners of knowledge: the towns, their prefectures, the nation."""
        towns = self.knowledge.towns()
        return {NATION, *(t.code for t in towns), *(t.prefecture for t in towns if t.prefecture)}

    def ensure_indexes(self, progress: Progress = silent) -> list[str]:
        """Build every index that is missing, damaged, behind the store or of another embedding model.

        Returns the owners that were built. An upgrade that brings a new model must need nobody's hand.
        """
        built = []
        for owner in sorted(self.owners()):
            report = Report()
            self.importer.publish(owner, progress, report)
            if report.version:
                built.append(owner)
        self.library.refresh()
        return built

    def warm(self) -> None:
        """Load what the first question would have to wait for: dictionary, language models, word lists, indexes."""
        for n, town in enumerate(self.knowledge.towns()):
            for question, language in _FIRST_QUESTIONS if n == 0 else _FIRST_QUESTIONS[:1]:
                turn = Turn(
                    id="warm", conversation="warm", town=town.code, text=question, language=language,
                    channel=Channel.API, at=self.clock(),
                )  # fmt: skip
                self.respond(turn, Conversation(id="warm", town=town.code))

    def close(self) -> None:
        """Give back the database's connections."""
        self.engine.dispose()

    def _parts_of(self, profile: TownProfile, owners: tuple[str, ...]) -> TownParts:
        tables = [table for owner in owners for table in self.knowledge.tables(owner)]
        return town_parts(profile, owners, tables, self.words, partial(self.engines.read, owners))

    def _mark(self, profile: TownProfile, owners: tuple[str, ...]) -> str:
        """Changes when the profile or a table changes."""
        held = [sorted((i, h.digest) for i, h in self.knowledge.held_tables(owner).items()) for owner in owners]
        return repr((profile, held))


def build(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> System:
    """The system that these settings describe; opens the database and loads the embedding model."""
    now = clock or _utc_now
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise SettingsError(f"MADOGUCHI_HOME ({settings.home}) can't be written. Choose a folder that can.") from exc
    engine = open_engine(settings.database)
    encoder = load_encoder(settings.embedding or None)
    asking, reranker = asking_with(settings.home / "words"), load_reranker(settings.reranker or None)
    library = Library(settings.index_root, encoder, asking=asking, reranker=reranker)
    knowledge = KnowledgeStore(engine)
    words = load_words()
    access = AccessRecord(engine, settings.home / "audit")
    photos = PhotoStore(settings.home / "photos")
    parts = _parts(settings, engine, words, library, access, photos, now)
    curation = _curation(engine, knowledge, library, now)
    conversations = ConversationStore(engine)
    photos.sweep(conversations.exists)
    return System(
        settings=settings,
        engine=engine,
        knowledge=knowledge,
        conversations=conversations,
        library=library,
        words=words,
        parts=parts,
        access=access,
        photos=photos,
        importer=curation.importer,
        curation=curation,
        switches=SwitchBoard(engine),
        calibrations=Calibrations(settings.home / "calibration"),
        desk=Desk(store=DeskStore(engine), words=words, entry=lambda code: _desk_entry(knowledge, code)),
        users=UserStore(engine),
        notifier=notifier(settings, NoticeStore(engine), words, now),
        engines=Engines(questions=partial(asked_questions, engine), library=library, rasa=rasa_server(settings)),
        clock=now,
    )


def _parts(
    settings: Settings, engine: Engine, words: Words, library: Library, access: AccessRecord, photos: PhotoStore,
    clock: Callable[[], datetime],
) -> Parts:  # fmt: skip
    return Parts(
        screen=screened,
        detect=_language,
        read=read_turn,
        words=words,
        library=library,
        policy=DEFAULT_POLICY,
        writer=writer_of(settings),
        clock=clock,
        services=build_services(
            settings, ServiceStore(engine), access, IdentityTries(engine, settings.home / "identity"), photos, clock
        ),
    )


def _desk_entry(knowledge: KnowledgeStore, code: str) -> dict[str, object] | None:
    """The `desk:` entry of the town's profile."""
    town = knowledge.town(code)
    entry = town.profile.get("desk") if town else None
    return entry if isinstance(entry, dict) else None


def _curation(engine: Engine, knowledge: KnowledgeStore, library: Library, clock: Callable[[], datetime]) -> Curation:
    store = CurationStore(engine)
    importer = Importer(
        store=knowledge, curation=store, index_root=library.root, encoder=library.encoder, read=_read, clock=clock
    )
    return Curation(
        store=store, knowledge=knowledge, gaps=GapStore(engine), importer=importer, library=library, clock=clock
    )


def _language(sentence: str, prior: str | None) -> str:
    return detect(sentence, prior=prior).language


def _read(path: Path, origin: Origin, kind: str) -> Reading:
    from knowledge.sources.files import read  # PDF, Office and HTML libraries: only when something is imported

    return read(path, origin, kind=kind)


def _utc_now() -> datetime:
    return datetime.now(UTC)
