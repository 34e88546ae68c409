"""One turn in the room of services: the step that the flow takes is carried out and worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from assistant import model
from assistant.answering.followup import names_nothing
from assistant.model import Ask, Facet, HandOff, Outcome, Reply, Turn, Understanding, Why
from assistant.outcomes import evidence_of, hand_off
from assistant.parts import Parts, TownParts
from assistant.services.asides import item_fee
from assistant.services.calling import Caller
from assistant.services.catalogue import Effect, Kind, ServiceSpec
from assistant.services.consent import identifying, kept_values
from assistant.services.flow import Act, Flow, Next, Phase, flow_payload, reopened
from assistant.services.flow_words import FlowWords
from assistant.services.say import Saying, clerk_summary
from assistant.services.slots import Surroundings
from connectors.service import ServiceError, ServiceRefused

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One turn in the room of services."""

    caller: Caller
    flow_words: FlowWords
    turn: Turn
    understanding: Understanding
    town: TownParts
    parts: Parts

    @property
    def near(self) -> Surroundings:
        """What values are read against."""
        photos = self.caller.photos.names(self.turn.conversation)
        return Surroundings(
            tables=self.town.fees, today=_day(self.turn), language=self.understanding.language, photos=photos,
            map=self.town.map,
        )  # fmt: skip

    def stopped(self, spec: ServiceSpec) -> bool:
        """True when staff have switched the service off, or the table that its prices stand in."""
        priced = any(slot.kind is Kind.ITEM for slot in spec.slots)
        return self.town.switches.stops(spec.id, [f"table:{t.id}" for t in self.town.fees] if priced else ())

    def unsaid(self, spec: ServiceSpec, flow: Flow, outcome: Outcome) -> Outcome:
        """The outcome, and the turn's words forgotten when they were to prove who somebody is."""
        asked = spec.slot(flow.asked) if flow.phase is Phase.FILLING and flow.asked else None
        if asked is None or not asked.identifies:
            return outcome
        return replace(outcome, kept=f"〔{asked.label[self.understanding.language]}〕")

    def empty(self, spec: ServiceSpec) -> Flow:
        """A flow in which nothing is filled in."""
        return Flow(
            id=self.turn.id, service=spec.id, language=self.understanding.language, at=self.turn.at, values={}
        )  # fmt: skip

    def lapsed(self, spec: ServiceSpec) -> Outcome:
        """Too much time has passed: what was filled in is forgotten, and a button begins anew."""
        return self._with(spec, self.saying(spec).lapsed(), {})

    def fee(self, spec: ServiceSpec, flow: Flow) -> Outcome | None:
        """'And how much is it?' in mid-form: the row of the chosen item; None for any other question."""
        read = self.understanding
        if Facet.FEE not in read.facets or not names_nothing(read) or self.stopped(spec):
            return None
        found = item_fee(spec, flow.values, self.near, self.parts.words)
        return Outcome(decision=found, evidence=evidence_of(read, None, self.parts, "tables")) if found else None

    def speaking(self, language: str) -> Visit:
        """The visit in this language: an address in Japanese must not turn a Vietnamese conversation Japanese."""
        return replace(self, understanding=replace(self.understanding, language=language))

    def saying(self, spec: ServiceSpec) -> Saying:
        """The service's words for this resident."""
        return Saying(
            spec=spec, near=self.near, words=self.parts.words, flow_words=self.flow_words,
            language=self.understanding.language,
        )  # fmt: skip

    def outcome(self, spec: ServiceSpec, step: Next) -> Outcome:
        """The step carried out: words, a call, or a person."""
        match step.act:
            case Act.CALL:
                return self._called(spec, step.flow)
            case Act.UNDO:
                return self._undone(spec, step.flow)
            case Act.PERSON:
                why = Why.PERSONAL_CASE if identifying(spec) else Why.LOW_CONFIDENCE
                return self.handed_over(spec, step.flow, why)
            case Act.STOP:
                return self._with(spec, self.saying(spec).decision(step), {})
            case Act.ASK | Act.CONSENT | Act.CONFIRM | Act.CHANGE | Act.CONFIRM_UNDO | Act.KEEP | Act.UNDONE:
                return self._with(spec, self.saying(spec).decision(step), flow_payload(step.flow))
            case _:
                assert_never(step.act)

    def handed_over(
        self, spec: ServiceSpec, flow: Flow, why: Why, *, notes: tuple[str, ...] = (), more: str = ""
    ) -> Outcome:  # fmt: skip
        """A ticket with everything that was filled in so far; the flow ends."""
        made = hand_off(why, self._understood(spec), (), self.town, self.parts)
        summary = "\n".join(part for part in (clerk_summary(spec, flow, self.near), more) if part)
        return self._with(spec, replace(made, summary=summary), {}, notes)

    def _called(self, spec: ServiceSpec, flow: Flow) -> Outcome:
        try:
            result = self.caller.call(spec, flow, self.turn)
        except ServiceRefused as exc:
            return self._refused(spec, flow, exc)
        except ServiceError as exc:
            return self._failed(spec, flow, exc)
        number = str(result.get("number", ""))
        write = spec.effect is Effect.WRITE
        done = replace(
            flow, phase=Phase.DONE, values=kept_values(spec, flow.values), number=number if write else "", asked=""
        )
        saying = self.saying(spec)
        said = saying.result(result)
        text = self.parts.words.say(Why.DONE, saying.language, summary=said) if write else said
        decision = model.Act(
            why=Why.DONE, language=saying.language, text=text, service=spec.id, receipt=done.number,
            choices=saying.buttons(done),
        )  # fmt: skip
        return self._with(spec, decision, flow_payload(done))

    def _undone(self, spec: ServiceSpec, flow: Flow) -> Outcome:
        saying = self.saying(spec)
        try:
            self.caller.undo(spec, flow, self.turn)
        except ServiceRefused as exc:
            refused = Reply(why=Why.DONE, language=saying.language, text=saying.flow_word("undo_refused"))
            return self._with(spec, refused, {}, (str(exc),))
        except ServiceError as exc:
            return self._failed(spec, flow, exc, more=f"予約 {flow.number} の取り消しの希望")
        text = saying.flow_word("undone", number=flow.number)
        decision = model.Act(
            why=Why.DONE, language=saying.language, text=text, service=spec.id, receipt=flow.number
        )  # fmt: skip
        return self._with(spec, decision, flow_payload(replace(flow, phase=Phase.UNDONE)))

    def _refused(self, spec: ServiceSpec, flow: Flow, exc: ServiceRefused) -> Outcome:
        """What the resident can mend is asked again; the rest goes to a person."""
        slots = {"not_identified": identifying(spec), "day_full": ("date",)}.get(exc.code, ())
        if not slots:
            why = Why.PERSONAL_CASE if exc.code == "locked" else Why.PART_FAILED
            return self.handed_over(spec, flow, why, notes=(str(exc),))
        problem = "not_identified" if exc.code == "not_identified" else "full"
        return self.outcome(spec, reopened(flow, spec, slots, problem))

    def _failed(self, spec: ServiceSpec, flow: Flow, exc: ServiceError, *, more: str = "") -> Outcome:
        unsure = "業務システムで処理済みの可能性があります。二重に受け付けないでください。"
        doubt = exc.in_doubt and spec.effect is Effect.WRITE
        said = "\n".join(part for part in (more, unsure if doubt else "") if part)
        note = f"{type(exc).__name__}: {exc}"
        return self.handed_over(spec, flow, Why.PART_FAILED, notes=(note,), more=said)

    def _with(
        self, spec: ServiceSpec, decision: Reply | Ask | model.Act | HandOff, state: Mapping[str, object],
        notes: tuple[str, ...] = (),
    ) -> Outcome:  # fmt: skip
        evidence = evidence_of(self._understood(spec), None, self.parts, "service")
        return Outcome(decision=decision, evidence=replace(evidence, notes=notes), flow=dict(state))

    def _understood(self, spec: ServiceSpec) -> Understanding:
        """Answers to a service's questions are personal data: the evidence names the service, not the words."""
        return replace(self.understanding, intent=f"service:{spec.id}", question=f"〔{spec.title['ja']}〕")


def _day(turn: Turn) -> date:
    return turn.at.astimezone(JAPAN).date()
