"""Words for each step of a flow: questions with buttons, the summary to confirm, the receipt, the clerk's summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.language.numbers import format_date, format_yen
from assistant.language.phrases import Phrase
from assistant.language.words import Words
from assistant.model import Ask, Choice, Reply, Why
from assistant.photos import PREFIX
from assistant.services.catalogue import Kind, ServiceSpec, Slot
from assistant.services.flow import Act, Flow, Next, Phase
from assistant.services.flow_words import FlowWords
from assistant.services.slots import Surroundings, choices, name


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A service's words for one resident."""

    spec: ServiceSpec
    near: Surroundings
    words: Words
    flow_words: FlowWords
    language: str

    def flow_word(self, key: str, **values: str) -> str:
        """A template of flow_words in the resident's language, filled."""
        return self.flow_words[self.language][key].format(**values)

    def decision(self, step: Next) -> Ask | Reply:
        """What the resident reads after a step that needs no back office."""
        flow, spec = step.flow, self.spec
        if step.act in (Act.STOP, Act.KEEP):
            title = spec.title[self.language]
            text = self.flow_word("cancelled", title=title) if step.act is Act.STOP else self.flow_word("kept")
            return Reply(why=Why.DONE, language=self.language, text=text)
        if step.act is Act.UNDONE:
            return Reply(why=Why.DONE, language=self.language, text=self.flow_word("undone", number=flow.number))
        if step.act is Act.CONFIRM:
            text = self.words.say(Why.CONFIRM, self.language, summary=self.summary(flow))
        elif step.act is Act.CONSENT:
            text = spec.consent[self.language]
        elif step.act is Act.CHANGE:
            text = self.flow_word("which_change")
        elif step.act is Act.CONFIRM_UNDO:
            text = self.flow_word("undo_confirm", number=flow.number)
        else:
            text = spec.slot(flow.asked).ask[self.language]
        if step.problem:
            text = f"{self.flow_word(step.problem)}\n{text}"
        asked = self.buttons(replace_phase(flow, step), step.several)
        if step.act is Act.CHANGE:
            asked = (*self._changes(flow), self._cancel())
        why = Why.CONFIRM if step.act in (Act.CONFIRM, Act.CONFIRM_UNDO) else Why.CHOOSE
        photo = step.act is Act.ASK and spec.slot(flow.asked).kind is Kind.PHOTO
        return Ask(
            why=why if asked[:-1] else Why.CLARIFY, language=self.language, text=text, choices=asked,
            topic_key=self.topic_key, attach="photo" if photo else "",
        )  # fmt: skip

    @property
    def topic_key(self) -> str | None:
        """What 'and how much is it?' is about while the service is open: its guide."""
        return f"guide:{self.spec.guides[0]}" if self.spec.guides else None

    def lapsed(self) -> Ask:
        """The flow has timed out: kind words, and the button that begins it anew."""
        offer = _button(self.spec.offer[self.language])
        text = self.flow_word("lapsed", title=self.spec.title[self.language])
        return Ask(why=Why.CHOOSE, language=self.language, text=text, choices=(offer,))

    def buttons(self, flow: Flow, several: tuple[str, ...] = ()) -> tuple[Choice, ...]:
        """What can be pressed where the flow stands; `cancel` is always the last."""
        if flow.phase in (Phase.CONSENTING, Phase.UNDOING):
            return (self._yes(), self._no())
        if flow.phase is Phase.CONFIRMING:
            return (self._yes(), *self._changes(flow), self._cancel())
        if flow.phase is Phase.UNDONE:
            return ()
        if flow.phase is Phase.DONE:
            return (_button(self.flow_word("undo")),) if self.spec.undo and flow.number else ()
        slot = self.spec.slot(flow.asked)
        values = several or choices(slot, self.near)
        shown = [_button(self.value(slot, each)) for each in values]
        skipped = [_button(self.flow_word("skip"))] if slot.optional else []
        return (*shown, *skipped, self._cancel())

    def reminder(self, flow: Flow) -> str:
        """The open question again, after something else was answered."""
        return f"{self.flow_word('reminder', title=self.spec.title[self.language])}\n{self.decision(again(flow)).text}"

    def summary(self, flow: Flow) -> str:
        """What the resident confirms: every value with its label, and the price."""
        lines = [
            f"{slot.label[self.language]}: {self.value(slot, flow.values[slot.id])}"
            for slot in self.spec.slots
            if flow.values.get(slot.id) and not slot.identifies
        ]
        if flow.yen is not None:
            lines.append(f"{self.flow_word('fee')}: {format_yen(flow.yen, self.language)}")
        return "\n".join([self.spec.title[self.language], *lines])

    def value(self, slot: Slot, value: str) -> str:
        """A value as the resident reads it."""
        if slot.kind is Kind.PHOTO and value.startswith(PREFIX):
            return self.flow_word("photo")
        return name(slot, value, self.language, self.near)

    def result(self, values: Mapping[str, object]) -> str:
        """The back office's result in words; a field that it left out is a dash."""
        filled = {field: self._field(field, values.get(field)) for field in self.spec.result}
        return self.spec.done[self.language].format(**filled)

    def _field(self, field: str, value: object) -> str:
        if value is None:
            return "—"
        known = self.spec.states.get(field, {}).get(str(value))
        if known is not None:
            return known[self.language]
        if field == "yen":
            return format_yen(int(str(value)), self.language)
        return format_date(date.fromisoformat(str(value)), self.language) if field == "date" else str(value)

    def _changes(self, flow: Flow) -> tuple[Choice, ...]:
        named = [slot.label[self.language] for slot in self.spec.slots if slot.id in flow.values]
        return tuple(_button(self.flow_word("change", label=label)) for label in named)

    def _yes(self) -> Choice:
        return _button(self.words.phrase(Phrase.YES, self.language))

    def _no(self) -> Choice:
        return _button(self.words.phrase(Phrase.NO, self.language))

    def _cancel(self) -> Choice:
        return _button(self.flow_word("cancel"))


def replace_phase(flow: Flow, step: Next) -> Flow:
    """The flow as its buttons see it: a step may ask for something else than the phase says."""
    phases = {Act.CONSENT: Phase.CONSENTING, Act.CONFIRM: Phase.CONFIRMING, Act.CONFIRM_UNDO: Phase.UNDOING}
    return replace(flow, phase=phases[step.act]) if step.act in phases else flow


def again(flow: Flow) -> Next:
    """The open question once more."""
    return Next(act=_ACT_OF[flow.phase], flow=flow)


def clerk_summary(spec: ServiceSpec, flow: Flow, near: Surroundings) -> str:
    """What the clerk reads first, in Japanese: all that was filled in; what identifies a person stays out."""
    lines = [f"【{spec.title['ja']}】"]
    for slot in spec.slots:
        value = flow.values.get(slot.id)
        if slot.identifies:
            lines.append(f"{slot.label['ja']}: {'聞き取り済み' if value else '未入力'}（表示しません）")
        else:
            shown = "受け取り済み（会話に表示）" if value and value.startswith(PREFIX) else value
            lines.append(f"{slot.label['ja']}: {name(slot, shown, 'ja', near) if shown else '未入力'}")
    if flow.yen is not None:
        lines.append(f"料金: {format_yen(flow.yen, 'ja')}")
    return "\n".join(lines)


def _button(text: str) -> Choice:
    return Choice(label=text, text=text)


_ACT_OF = {
    Phase.FILLING: Act.ASK, Phase.CONSENTING: Act.CONSENT, Phase.CONFIRMING: Act.CONFIRM,
    Phase.UNDOING: Act.CONFIRM_UNDO, Phase.DONE: Act.KEEP, Phase.UNDONE: Act.UNDONE,
}  # fmt: skip
