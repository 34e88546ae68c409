"""The room of services as the pipeline enters it: is this turn for a service, and what is the decision then?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from zoneinfo import ZoneInfo

from assistant import model
from assistant.model import Ask, Choice, Conversation, HandOff, Outcome, Reply, Turn, Understanding, Why
from assistant.outcomes import evidence_of, hand_off
from assistant.parts import Parts, TownParts
from assistant.screen import Screened
from assistant.services.calling import Caller
from assistant.services.catalogue import Effect, ServiceSpec
from assistant.services.consent import identifying, kept_values
from assistant.services.flow import (
    Act,
    Flow,
    Heard,
    Next,
    Phase,
    begin,
    flow_from,
    flow_payload,
    go_on,
    reopened,
    waits,
)
from assistant.services.flow_words import FlowWords, cues_in
from assistant.services.say import Saying, clerk_summary
from assistant.services.slots import Surroundings, says
from connectors.service import ServiceError, ServiceRefused, ServiceSlow

JAPAN = ZoneInfo("Asia/Tokyo")

_RESUMED = frozenset({Why.ANSWERED, Why.TABLE, Why.GREETING, Why.THANKS, Why.OUT_OF_SCOPE})
"""After these the open question is put again; after an emergency or a hand-over it would be out of place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services of this installation over one back office."""

    catalogue: Mapping[str, ServiceSpec]
    flow_words: FlowWords
    held: Callable[[str], Mapping[str, object] | None]  # conversation → the stored flow
    caller: Caller

    def serve(
        self, turn: Turn, conversation: Conversation, screened: Screened, understanding: Understanding,
        town: TownParts, parts: Parts,
    ) -> Outcome | None:  # fmt: skip
        """The decision when the turn begins or continues a service; None when it is about something else."""
        text = screened.text
        flow = self._flow(turn)
        if understanding.intent == "staff" and not (flow and waits(flow, turn.at)):
            return None
        visit = _Visit(services=self, turn=turn, understanding=understanding, town=town, parts=parts)
        if flow is not None and understanding.intent != "staff":
            known = self.catalogue[flow.service]
            visit = visit.speaking((turn.language and understanding.language) or flow.language)
            foreign = any(text == offer.text for offer in conversation.pending) and not any(
                text == own.text for own in visit.saying(known).buttons(flow)
            )
            heard = Heard(text=text, cues=cues_in(text), foreign=foreign, at=turn.at)
            step = go_on(flow, known, heard, visit.near)
            if step is not None:
                return visit.outcome(known, step)
        elif flow is not None:
            return visit.handed_over(self.catalogue[flow.service], flow, Why.REQUESTED)
        begun = self._begun(text, flow, turn)
        if begun is None:
            return None
        visit = visit.speaking(understanding.language)
        heard = Heard(text=text, cues=frozenset(), foreign=False, at=turn.at)
        return visit.outcome(begun, begin(begun, turn.id, heard, visit.near))

    def beside(self, turn: Turn, outcome: Outcome, town: TownParts, parts: Parts) -> Outcome:
        """An answer to something else: the open question again, or the offer of its guide's service."""
        decision = outcome.decision
        if outcome.flow is not None or not isinstance(decision, Reply) or decision.why not in _RESUMED:
            return outcome
        flow = self._flow(turn)
        if flow is not None and waits(flow, turn.at) and outcome.evidence.understanding is not None:
            visit = _Visit(
                services=self, turn=turn, understanding=outcome.evidence.understanding, town=town, parts=parts
            )
            saying = visit.saying(self.catalogue[flow.service])
            text = f"{decision.text}\n\n{saying.reminder(flow)}"
            shown = replace(decision, text=text, choices=(*decision.choices, *saying.buttons(flow)))
            return replace(outcome, decision=shown)
        offers = tuple(
            Choice(label=spec.offer[decision.language], text=spec.offer[decision.language])
            for spec in self.catalogue.values()
            if (decision.topic_key or "").removeprefix("guide:") in spec.guides
        )
        return replace(outcome, decision=replace(decision, choices=(*decision.choices, *offers))) if offers else outcome

    def _flow(self, turn: Turn) -> Flow | None:
        payload = self.held(turn.conversation)
        flow = flow_from(payload) if payload else None
        if flow is None or flow.service not in self.catalogue:
            return None
        return flow if waits(replace(flow, phase=Phase.FILLING), turn.at) else None

    def _begun(self, text: str, flow: Flow | None, turn: Turn) -> ServiceSpec | None:
        """The service that the words ask for; while one waits no other is begun."""
        if flow is not None and waits(flow, turn.at):
            return None
        return next((spec for spec in self.catalogue.values() if says(spec.cues, text)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One turn in the room of services."""

    services: Services
    turn: Turn
    understanding: Understanding
    town: TownParts
    parts: Parts

    @property
    def near(self) -> Surroundings:
        return Surroundings(tables=self.town.fees, today=_day(self.turn), language=self.understanding.language)

    def speaking(self, language: str) -> _Visit:
        """The visit in this language: an address in Japanese must not turn a Vietnamese conversation Japanese."""
        return replace(self, understanding=replace(self.understanding, language=language))

    def saying(self, spec: ServiceSpec) -> Saying:
        return Saying(
            spec=spec, near=self.near, words=self.parts.words, flow_words=self.services.flow_words,
            language=self.understanding.language,
        )  # fmt: skip

    def outcome(self, spec: ServiceSpec, step: Next) -> Outcome:
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
            case Act.ASK | Act.CONSENT | Act.CONFIRM | Act.CHANGE | Act.CONFIRM_UNDO | Act.KEEP:
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
            result = self.services.caller.call(spec, flow, self.turn)
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
            self.services.caller.undo(spec, flow, self.turn)
        except ServiceRefused as exc:
            refused = Reply(why=Why.DONE, language=saying.language, text=saying.flow_word("undo_refused"))
            return self._with(spec, refused, {}, (str(exc),))
        except ServiceError as exc:
            return self._failed(spec, flow, exc, more=f"予約 {flow.number} の取り消しの希望")
        text = saying.flow_word("undone", number=flow.number)
        decision = model.Act(
            why=Why.DONE, language=saying.language, text=text, service=spec.id, receipt=flow.number
        )  # fmt: skip
        return self._with(spec, decision, {})

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
        said = "\n".join(part for part in (more, unsure if isinstance(exc, ServiceSlow) else "") if part)
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
