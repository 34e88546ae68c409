"""The room of services as the pipeline enters it: is this turn for a service, and what is the decision then?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant import model
from assistant.model import Ask, Choice, Conversation, HandOff, Outcome, Reply, Turn, Understanding, Why
from assistant.parts import Parts, TownParts
from assistant.screen import Screened
from assistant.services.calling import Caller
from assistant.services.catalogue import Kind, ServiceSpec
from assistant.services.corrections import affirmed
from assistant.services.flow import (
    Act,
    Flow,
    Heard,
    Phase,
    answers,
    asks,
    begin,
    flow_from,
    go_on,
    is_fresh,
)
from assistant.services.flow_words import FlowWords, cues_in
from assistant.services.say import again
from assistant.services.slots import read, says
from assistant.services.visit import Visit
from assistant.understanding.tongue import wants_language

_REMEMBERED = timedelta(days=7)  # so long it is said that a form has lapsed; then the words stand for themselves

_RESUMED = frozenset({Why.ANSWERED, Why.TABLE, Why.GREETING, Why.THANKS, Why.OUT_OF_SCOPE, Why.OTHER_TOWN})
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
        flow = self._flow(turn)
        if understanding.intent == "staff" and not (flow and asks(flow)):
            return None
        visit = self._visit(turn, understanding, town, parts)
        if flow is not None:
            served = self._gone_on(flow, conversation, screened.text, visit)
            if served is not None:
                return served
        begun = self._begun(screened.text, flow, turn)
        if begun is None:
            return None
        if visit.stopped(begun):
            return visit.handed_over(begun, visit.empty(begun), Why.SWITCHED_OFF)
        heard = Heard(text=screened.text, cues=frozenset(), foreign=False, at=turn.at)
        return visit.outcome(begun, begin(begun, turn.id, heard, visit.near))

    def wants_photo(self, conversation: str, now: datetime) -> bool:
        """True while the open form asks for a photo."""
        payload = self.held(conversation)
        flow = flow_from(payload) if payload else None
        if flow is None or flow.service not in self.catalogue or flow.phase is not Phase.FILLING:
            return False
        spec = self.catalogue[flow.service]
        asked = next((slot for slot in spec.slots if slot.id == flow.asked), None)
        return asked is not None and asked.kind is Kind.PHOTO and is_fresh(flow, spec, now)

    def silenced(self, turn: Turn, understanding: Understanding, town: TownParts, parts: Parts) -> Outcome | None:
        """All automatic answers were switched off in the middle of a form: a person gets what was filled in."""
        flow = self._flow(turn)
        if flow is None or not asks(flow):
            return None
        visit = self._visit(turn, understanding, town, parts)
        return visit.handed_over(self.catalogue[flow.service], flow, Why.SWITCHED_OFF)

    def _gone_on(self, flow: Flow, conversation: Conversation, text: str, visit: Visit) -> Outcome | None:
        """The decision of a turn that is for the open service; None when it is about something else."""
        known, turn = self.catalogue[flow.service], visit.turn
        if visit.understanding.intent == "staff":
            return visit.handed_over(known, flow, Why.REQUESTED)
        wanted = wants_language(text)
        if wanted is not None and asks(flow) and is_fresh(flow, known, turn.at):  # no value of any form
            return visit.speaking(wanted).outcome(known, again(replace(flow, language=wanted, at=turn.at)))
        visit = visit.speaking((turn.language and visit.understanding.language) or flow.language)
        foreign = any(text == offer.text for offer in conversation.pending) and not any(
            text == own.text for own in visit.saying(known).buttons(flow)
        )
        asked = known.slot(flow.asked) if flow.asked else None
        if asked is not None and asked.kind is Kind.ADDRESS:  # one of two addresses is a button of ours too
            foreign = foreign and not read(asked, text, visit.near).value
        cues = cues_in(text) | ({"change"} if affirmed(text) != text else set())
        heard = Heard(text=text, cues=cues, foreign=foreign, at=turn.at)
        if not is_fresh(flow, known, turn.at):
            late = asks(flow) and answers(flow, known, heard, visit.near)
            return visit.unsaid(known, flow, visit.lapsed(known)) if late else None
        step = go_on(flow, known, heard, visit.near)
        if step is None:
            return visit.fee(known, flow) if asks(flow) else None
        if visit.stopped(known):
            return visit.handed_over(known, flow, Why.SWITCHED_OFF)
        outcome = visit.outcome(known, step)
        return outcome if step.act is Act.STOP else visit.unsaid(known, flow, outcome)

    def beside(self, turn: Turn, outcome: Outcome, town: TownParts, parts: Parts) -> Outcome:
        """An answer to something else: the open question again, or the offer of its guide's service."""
        decision, read = outcome.decision, outcome.evidence.understanding
        unclear = isinstance(decision, Ask) and decision.why is Why.CLARIFY and not decision.choices
        resumed = unclear or (isinstance(decision, Reply) and decision.why in _RESUMED)
        if outcome.flow is not None or not resumed or read is None or isinstance(decision, HandOff | model.Act):
            return outcome
        visit = self._visit(turn, read, town, parts)
        flow = self._flow(turn)
        if flow is not None and asks(flow) and is_fresh(flow, self.catalogue[flow.service], turn.at):
            saying = visit.saying(self.catalogue[flow.service])
            text = f"{decision.text}\n\n{saying.reminder(flow)}"
            shown = replace(
                decision, text=text, choices=(*decision.choices, *saying.buttons(flow)), topic_key=saying.topic_key
            )
            return replace(outcome, decision=shown)
        offers = tuple(
            Choice(label=spec.offer[decision.language], text=spec.offer[decision.language])
            for spec in self.catalogue.values()
            if (decision.topic_key or "").removeprefix("guide:") in spec.guides and not visit.stopped(spec)
        )
        return replace(outcome, decision=replace(decision, choices=(*decision.choices, *offers))) if offers else outcome

    def _flow(self, turn: Turn) -> Flow | None:
        payload = self.held(turn.conversation)
        flow = flow_from(payload) if payload else None
        if flow is None or flow.service not in self.catalogue or turn.at - flow.at > _REMEMBERED:
            return None
        return flow

    def _begun(self, text: str, flow: Flow | None, turn: Turn) -> ServiceSpec | None:
        """The service that the words ask for; while one asks no other is begun."""
        if flow is not None and asks(flow) and is_fresh(flow, self.catalogue[flow.service], turn.at):
            return None
        return next((spec for spec in self.catalogue.values() if says(spec.cues, text)), None)

    def _visit(self, turn: Turn, understanding: Understanding, town: TownParts, parts: Parts) -> Visit:
        return Visit(
            caller=self.caller, flow_words=self.flow_words, turn=turn, understanding=understanding, town=town,
            parts=parts,
        )  # fmt: skip
