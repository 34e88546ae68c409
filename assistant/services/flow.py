"""The course of a service over turns: ask, correct, digress, cancel, confirm. A pure function from state to state.

Nothing here calls, stores or words anything: `begin` and `go_on` say what comes next, others do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.services.catalogue import Effect, Kind, ServiceSpec, Slot
from assistant.services.consent import consent_missing, identifying
from assistant.services.corrections import affirmed
from assistant.services.slots import Read, Surroundings, price, read, says

MOST_TRIES = 3
"""So often one thing is asked, or an identity tried, before a person takes over."""

LIFETIME = timedelta(hours=24)
"""An older flow is forgotten: dates and prices have moved on."""

IDENTIFIED_FOR = timedelta(minutes=30)
"""The same where it holds who somebody is: another person may sit at the screen by then."""

_FREE = frozenset({Kind.TEXT, Kind.ADDRESS})


class Phase(StrEnum):
    """Where a flow stands."""

    FILLING = "filling"
    CONSENTING = "consenting"
    CONFIRMING = "confirming"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What is known of a service that the resident is going through."""

    id: str  # the turn that began it
    service: str
    language: str
    at: datetime  # of its last step
    phase: Phase = Phase.FILLING
    values: Mapping[str, str]  # slot → value; "" for an optional one that was left out
    asked: str = ""  # the slot asked last
    tries: int = 0  # of reading one answer
    refusals: int = 0  # of the back office, over the whole flow
    consented: bool = False
    yen: int | None = None  # the price that the resident saw
    number: str = ""  # of the receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A turn as a flow hears it."""

    text: str
    cues: frozenset[str]  # agree | refuse | cancel | change | skip | question
    foreign: bool  # it presses a button that something else than this service offered
    at: datetime


class Act(StrEnum):
    """What comes next."""

    ASK = "ask"  # the slot `flow.asked`
    CONSENT = "consent"
    CONFIRM = "confirm"
    CHANGE = "change"  # ask which slot is wrong
    CALL = "call"
    CONFIRM_UNDO = "confirm_undo"
    UNDO = "undo"
    KEEP = "keep"  # the booking stays
    UNDONE = "undone"  # it was taken back before
    STOP = "stop"
    PERSON = "person"  # the program does not get further


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The flow after the turn, and what to do."""

    act: Act
    flow: Flow
    problem: str = ""  # why it is asked again: a key of flow_words
    several: tuple[str, ...] = ()  # the values that it could have been


def begin(spec: ServiceSpec, turn: str, heard: Heard, near: Surroundings) -> Next:
    """Open a flow; what the first message says already is not asked again."""
    text = affirmed(heard.text)
    values = {
        slot.id: found.value
        for slot in spec.slots
        if slot.kind in (Kind.ITEM, Kind.OPTION) and (found := read(slot, text, near)).value and found.sure
    }
    flow = Flow(id=turn, service=spec.id, language=near.language, at=heard.at, values=values)
    step = following(flow, spec, near)
    if step.act is Act.ASK and spec.slot(step.flow.asked).kind is Kind.ITEM:  # 'my sofa': which of the two?
        several = read(spec.slot(step.flow.asked), text, near).several
        return replace(step, several=several, problem="several" if several else "")
    return step


def following(flow: Flow, spec: ServiceSpec, near: Surroundings) -> Next:
    """What is missing now, in the catalogue's order; nothing: confirm a WRITE, call a READ."""
    for slot in spec.slots:
        if slot.id in flow.values:
            continue
        if consent_missing(spec, slot, consented=flow.consented):
            return Next(act=Act.CONSENT, flow=replace(flow, phase=Phase.CONSENTING, asked=""))
        hinted = read(slot, flow.values.get(slot.hint_from, ""), near) if slot.hint_from else Read()
        if hinted.value:
            return following(_with(flow, slot, hinted.value), spec, near)
        return Next(act=Act.ASK, flow=replace(flow, phase=Phase.FILLING, asked=slot.id))
    if spec.effect is Effect.READ:
        return Next(act=Act.CALL, flow=flow)
    shown = replace(flow, phase=Phase.CONFIRMING, asked="", yen=total(flow, spec, near))
    return Next(act=Act.CONFIRM, flow=shown)


def go_on(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> Next | None:
    """The flow after a turn; None when the turn is about something else and the flow waits."""
    flow = replace(flow, at=heard.at)
    if flow.phase is Phase.UNDONE:
        return Next(act=Act.UNDONE, flow=flow) if says(spec.undo_cues, heard.text) else None
    if flow.phase is Phase.DONE:
        undoes = spec.undo and flow.number and says(spec.undo_cues, heard.text)
        return Next(act=Act.CONFIRM_UNDO, flow=replace(flow, phase=Phase.UNDOING, tries=0)) if undoes else None
    if heard.foreign or "question" in heard.cues:
        return None
    if flow.phase is Phase.UNDOING:
        return _undoing(flow, spec, heard)
    if "cancel" in heard.cues:
        return Next(act=Act.STOP, flow=flow)
    if flow.phase is Phase.CONSENTING:
        return _consenting(flow, spec, heard, near)
    if flow.phase is Phase.CONFIRMING:
        return _confirming(flow, spec, heard, near)
    return _filling(flow, spec, heard, near)


def asks(flow: Flow) -> bool:
    """True when the flow still asks for something."""
    return flow.phase not in (Phase.DONE, Phase.UNDONE)


def is_fresh(flow: Flow, spec: ServiceSpec, now: datetime) -> bool:
    """True while the flow may go on."""
    return now - flow.at < (IDENTIFIED_FOR if identifying(spec) and asks(flow) else LIFETIME)


def answers(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> bool:
    """True when the turn can be meant for the question that the flow asked last."""
    if heard.cues & {"agree", "refuse", "cancel"}:
        return True
    asked = spec.slot(flow.asked) if flow.asked else None
    return asked is not None and asked.kind is not Kind.TEXT and bool(read(asked, heard.text, near).value)


def total(flow: Flow, spec: ServiceSpec, near: Surroundings) -> int | None:
    """The price of the chosen item by the town's table as it is now; None when nothing has a price."""
    items = [slot for slot in spec.slots if slot.kind is Kind.ITEM]
    return price(items[0], flow.values.get(items[0].id, ""), near) if items else None


def reopened(flow: Flow, spec: ServiceSpec, slots: tuple[str, ...], problem: str) -> Next:
    """The back office would not take these values: ask for them again, or give up after too many tries."""
    kept = {name: value for name, value in flow.values.items() if name not in slots}
    asked = next(slot.id for slot in spec.slots if slot.id in slots)
    again = replace(flow, values=kept, asked=asked, phase=Phase.FILLING, refusals=flow.refusals + 1)
    act = Act.PERSON if again.refusals >= MOST_TRIES else Act.ASK
    return Next(act=act, flow=again, problem=problem)


def _filling(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> Next | None:
    slot = spec.slot(flow.asked)
    if "change" in heard.cues and slot.kind is not Kind.TEXT:
        corrected = _corrected(flow, spec, heard, near)
        if corrected is not None:
            return corrected
    if slot.optional and heard.cues & {"skip", "refuse"}:
        return following(_with(flow, slot, ""), spec, near)
    found = read(slot, heard.text if slot.kind is Kind.TEXT else affirmed(heard.text), near)
    if found.value:
        return following(_with(flow, slot, found.value), spec, near)
    return _again(flow, Act.ASK, found)


def _consenting(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> Next:
    corrected = _corrected(flow, spec, heard, near) if "change" in heard.cues else None
    if corrected is not None:  # いや、ソファじゃなくてベッド is no refusal
        return corrected
    if "refuse" in heard.cues:
        return Next(act=Act.STOP, flow=flow)
    if "agree" in heard.cues:
        return following(replace(flow, consented=True, tries=0), spec, near)
    return _corrected(flow, spec, heard, near) or _again(flow, Act.CONSENT, Read())


def _confirming(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> Next:
    if "change" in heard.cues or "refuse" in heard.cues:
        corrected = _corrected(flow, spec, heard, near)
        return corrected or Next(act=Act.CHANGE, flow=flow)
    if "agree" in heard.cues:
        stale = _stale(flow, spec, near)
        if stale:
            return reopened(flow, spec, stale, "not_offered")
        if total(flow, spec, near) != flow.yen:  # the table has changed since the resident saw the price
            return following(flow, spec, near)
        return Next(act=Act.CALL, flow=flow)
    return _corrected(flow, spec, heard, near) or _again(flow, Act.CONFIRM, Read())


def _undoing(flow: Flow, spec: ServiceSpec, heard: Heard) -> Next:
    if "agree" in heard.cues or says(spec.undo_cues, heard.text):  # 'cancel it' answers 'shall I cancel?' with yes
        return Next(act=Act.UNDO, flow=flow)
    if heard.cues & {"refuse", "cancel"}:
        return Next(act=Act.KEEP, flow=replace(flow, phase=Phase.DONE))
    return _again(flow, Act.CONFIRM_UNDO, Read())


def _corrected(flow: Flow, spec: ServiceSpec, heard: Heard, near: Surroundings) -> Next | None:
    """The flow with another value, or asking for the slot that the message names; None when it says neither."""
    text = affirmed(heard.text)
    for slot in spec.slots:
        if slot.id in flow.values and slot.kind not in _FREE:
            found = read(slot, text, near)
            if found.value and found.sure and found.value != flow.values[slot.id]:
                return following(_with(flow, slot, found.value), spec, near)
            if found.several and "change" in heard.cues:
                return _asked_again(flow, slot, found)
    named = [slot for slot in spec.slots if slot.id in flow.values and _names(slot, text)]
    if not named:
        return None
    return _asked_again(flow, named[0], Read(problem=""))


def _asked_again(flow: Flow, slot: Slot, found: Read) -> Next:
    kept = {name: value for name, value in flow.values.items() if name != slot.id}
    asked = replace(flow, values=kept, asked=slot.id, phase=Phase.FILLING, tries=0)
    return Next(act=Act.ASK, flow=asked, problem=found.problem, several=found.several)


def _names(slot: Slot, text: str) -> bool:
    folded = text.casefold()
    return any(label.casefold() in folded for label in slot.label.values())


def _stale(flow: Flow, spec: ServiceSpec, near: Surroundings) -> tuple[str, ...]:
    """Values that could be chosen once and can't any more: a day that has come too near."""
    dated = [slot for slot in spec.slots if slot.kind is Kind.DAY and flow.values.get(slot.id)]
    return tuple(slot.id for slot in dated if not read(slot, flow.values[slot.id], near).value)


def flow_payload(flow: Flow) -> dict[str, object]:
    """The flow as plain JSON; `flow_from` is its inverse."""
    return {**asdict(flow), "values": dict(flow.values), "phase": flow.phase.value, "at": flow.at.isoformat()}


def flow_from(payload: Mapping[str, object]) -> Flow:
    """The flow that was stored."""
    held = dict(payload)
    return Flow(**{**held, "phase": Phase(str(held["phase"])), "at": datetime.fromisoformat(str(held["at"]))})  # type: ignore[arg-type]


def _with(flow: Flow, slot: Slot, value: str) -> Flow:
    return replace(flow, values={**flow.values, slot.id: value}, tries=0, asked="")


def _again(flow: Flow, act: Act, found: Read) -> Next:
    """Ask once more; after too many tries a person takes over. Choosing among several is no failed try."""
    tries = flow.tries + (0 if found.several else 1)
    act = Act.PERSON if tries >= MOST_TRIES else act
    return Next(act=act, flow=replace(flow, tries=tries), problem=found.problem, several=found.several)
