"""Cases as the desk's pages show them: the thread with what the bot tried and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.bootstrap import System
from assistant.desk.case import Ticket
from assistant.desk.ticket import State
from assistant.model import Why
from assistant.photos import PREFIX, is_photo
from assistant.store.records import Payload

STATES = {
    State.WAITING: "待っています", State.TAKEN: "対応中", State.RETURNED: "ボットに戻した", State.CLOSED: "完了",
}  # fmt: skip
SPOKEN_STATES = {
    "taken": "職員が対応を始めました", "waiting": "受付に戻しました", "returned": "ボットに戻しました",
    "closed": "対応を終えました",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One case in the queue."""

    ticket: Ticket
    state: str
    why: str
    language: str
    minutes: int  # since it was opened

    @property
    def waits(self) -> bool:
        """True when nobody has it."""
        return self.ticket.state is State.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the bot did for one turn."""

    why: str  # label for staff
    question: str  # as it understood it, personal data masked
    intent: str
    confidence: float | None
    hits: tuple[tuple[str, float], ...]  # title and score, best first
    threshold: float | None  # the score from which it answers
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One line of the conversation."""

    key: str  # the same on every load, so that the open page adds only what is new
    role: str  # resident, assistant, clerk, state
    text: str
    language: str
    tried: Tried | None = None
    photo: str = ""  # id of a picture that the resident sent


def queue_lines(here: System, town: str) -> list[QueueLine]:
    """The queue: waiting first, then taken, given back, closed."""
    order = list(State)
    now = here.clock()
    tickets = sorted(here.desk.store.queue(town), key=lambda ticket: order.index(ticket.state))
    return [
        QueueLine(
            ticket=ticket, state=STATES[ticket.state], why=here.words.label(Why(ticket.why)),
            language=here.words.language_name(ticket.language, "ja"), minutes=_minutes(ticket.opened_at, now),
        )
        for ticket in tickets
    ]  # fmt: skip


def case_lines(here: System, ticket: Ticket) -> list[CaseLine]:
    """The conversation, oldest first; empty when the resident deleted it."""
    lines = []
    for number, spoken in enumerate(here.conversations.thread(ticket.conversation)):
        message, staff = spoken.message, spoken.staff
        if message is not None and message["why"] == Why.WITH_STAFF.value:
            continue  # only says that the words were delivered
        if staff is not None and spoken.role == "state":
            text = SPOKEN_STATES.get(str(staff.get("state")), "")
            lines.append(CaseLine(key=f"{number}", role="state", text=text, language="ja"))
            continue
        language = str((message or staff or {}).get("language") or "")
        tried = _tried(here, ticket.town, str(message["id"])) if message else None
        photo = spoken.text.removeprefix(PREFIX) if spoken.role == "resident" and is_photo(spoken.text) else ""
        lines.append(
            CaseLine(key=f"{number}", role=spoken.role, text="写真を送りました。" if photo else spoken.text,
                     language=language, tried=tried, photo=photo)
        )  # fmt: skip
    return lines


def _tried(here: System, town: str, message: str) -> Tried | None:
    evidence = here.conversations.evidence(message)
    if evidence is None:
        return None
    understanding = _mapping(evidence.get("understanding"))
    thresholds = _mapping(evidence.get("thresholds"))
    stored = here.conversations.message(message)
    answer_from = thresholds.get("answer")
    return Tried(
        why=here.words.label(Why(str(stored["why"]))) if stored else "",
        question=str(understanding.get("question") or ""),
        intent=str(understanding.get("intent") or ""),
        confidence=_number(stored.get("confidence")) if stored else None,
        hits=tuple(_hits(here, town, evidence)),
        threshold=_number(answer_from),
        notes=tuple(str(note) for note in _listed(evidence.get("notes"))),
    )


def _hits(here: System, town: str, evidence: Payload) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for hit in _listed(evidence.get("hits"))[:5]:
        passage = str(_mapping(hit).get("passage") or "")
        title = _title(here, town, passage.partition("#")[0])
        score = _number(_mapping(hit).get("score")) or 0.0
        if title not in [known for known, _ in found]:
            found.append((title, score))
    return found


def _title(here: System, town: str, document: str) -> str:
    for owner in here.town(town).owners:
        held = here.knowledge.document(owner, document)
        if held is not None:
            return held.title
    return document


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


def _mapping(value: object) -> Payload:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
