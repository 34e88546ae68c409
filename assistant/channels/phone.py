"""The telephone: a call is a conversation; what the caller says are its turns, the answers are spoken short."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

import yaml

from assistant.bootstrap import System
from assistant.channels.phone_desk import end_call
from assistant.channels.spoken import choices_of, shortened, spelled
from assistant.channels.talk import Said, SpokenAnswer
from assistant.language.phrases import Phrase
from assistant.model import Channel, Turn
from assistant.store.calls import CallRecord, OpenCall
from voice.turns import Cue, Ending, Reason

LANGUAGES = ("ja", "en")
"""Languages of the telephone: those of the menu that the key * opens."""

_NOT_UNDERSTOOD = frozenset({"out_of_scope", "empty", "too_long"})
_GOODBYE = re.compile(
    r"^(はい|どうも|ok|okay|thank you|thanks)?[、,. ]*"
    r"(さようなら|さよなら|失礼します|失礼いたします|電話を切ります|(good)?bye( bye)?|that's all)[。.!！ ]*$",
    re.IGNORECASE,
)
_INTRO = {
    Reason.REQUESTED: "requested",
    Reason.NO_INPUT: "give_up_no_input",
    Reason.NOT_UNDERSTOOD: "give_up_not_understood",
}
_CHOICES = 8  # keys 1 to 8


@lru_cache(maxsize=1)
def phone_words() -> Mapping[str, Mapping[str, str]]:
    """Language → name → template."""
    text = (files("assistant.channels") / "phone_words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


class PhoneHost:
    """Answers one call. Everything that is said is stored as it is on other channels."""

    def __init__(self, system: System, town: str, *, call: str = "", number: str = "", language: str = "ja") -> None:
        """Opens the conversation and notes that the call, as the exchange names it, began. Raises UnknownTown.

        `number` is the caller's, empty when it is not known.
        """
        self._system, self._town, self._number = system, town, number
        self.conversation, self._token = system.start(town, language, Channel.PHONE)
        self._record, self._told = CallRecord(engine=system.engine), 0  # seq of staff's last words that were said
        self._call = OpenCall(conversation=self.conversation, town=town, call=call)
        self._record.begun(self._call, system.clock())
        self.opens_at: datetime | None = None  # when staff are next there, as the last hand-over promised

    def words(self, cue: Cue, language: str) -> Said:
        """The words of a cue; those that lead to the other language are said in it."""
        other = "en" if language == "ja" else "ja"
        if cue is Cue.LANGUAGE_MENU:
            return tuple((code, self._say("language_menu", code)) for code in LANGUAGES)
        said = (language, self._say(cue.value, language))
        return (said, (other, self._say("other_language", other))) if cue is Cue.GREETING else (said,)

    def answer(self, turn: int, text: str, language: str) -> SpokenAnswer:
        """The pipeline's answer, made for the ear."""
        if _GOODBYE.match(text.strip()):
            return SpokenAnswer(text=self._say("goodbye", language), ending=Ending.HANG_UP)
        return self._spokenly(self._receive(turn, text, language), language)

    def call_person(self, turn: int, reason: Reason, language: str) -> SpokenAnswer:
        """A ticket, as if the caller had asked for a person in words."""
        wish = self._system.words.phrase(Phrase.TALK_TO_PERSON, language)
        payload = self._receive(turn, wish, language)
        intro = self._say(_INTRO[reason], language)
        return SpokenAnswer(text=" ".join([intro, *self._case(payload, language)]), ending=Ending.PERSON)

    def staff_said(self) -> Sequence[str]:
        """What a clerk wrote since the last look; said at once while the call is open."""
        found = self._record.staff_said(self.conversation, self._told)
        self._told = max([self._told, *(seq for seq, _ in found)])
        return [text for _, text in found]

    def over(self, how: str) -> None:
        """Note how the call ended, and for a case that is open also to the desk, with the number to call back."""
        end_call(self._system, self._call, how, self._number)

    async def tell(self, kind: str, payload: Mapping[str, object]) -> None:
        """A telephone shows nothing."""

    def _receive(self, turn: int, text: str, language: str) -> Mapping[str, object]:
        here = self._system
        conversation = here.conversations.authorised(self.conversation, self._token)
        return here.receive(
            Turn(
                id=f"{self.conversation}:{turn}", conversation=self.conversation, town=self._town, text=text,
                language=language, channel=Channel.PHONE, at=here.clock(),
            ),
            conversation,
        )  # fmt: skip

    def _spokenly(self, payload: Mapping[str, object], language: str) -> SpokenAnswer:
        words, rest = shortened(str(payload["text"]), language)
        if payload["decision"] == "handoff":
            return SpokenAnswer(text=" ".join([words, *self._case(payload, language)]), ending=Ending.PERSON)
        offered = choices_of(payload)[:_CHOICES]
        spoken = [self._say("choice", language, label=label, number=str(n)) for n, (label, _) in enumerate(offered, 1)]
        more = [self._say("more", language)] if rest else []
        return SpokenAnswer(
            text=" ".join([words, *spoken, *more]),
            understood=payload["why"] not in _NOT_UNDERSTOOD,
            choices=tuple(text for _, text in offered),
        )

    def _case(self, payload: Mapping[str, object], language: str) -> list[str]:
        """What follows a hand-over: the number to note down, when staff are there, and that the call goes on."""
        handoff = payload.get("handoff")
        case = handoff if isinstance(handoff, Mapping) else {}
        said = []
        if case.get("ticket"):
            said.append(self._say("ticket", language, ticket=spelled(str(case["ticket"]), language)))
        opens = case.get("opens_at")
        self.opens_at = datetime.fromisoformat(opens) if isinstance(opens, str) else None
        if self.closed:
            return [*said, str(case.get("promise") or "")]
        return [*said, self._say("connecting", language)]

    @property
    def closed(self) -> bool:
        """True when nobody is at the desk now, as the hand-over said."""
        return self.opens_at is not None and self.opens_at > self._system.clock()

    def _say(self, name: str, language: str, **values: str) -> str:
        known = language if language in LANGUAGES else "ja"
        return phone_words()[known][name].format(town=self._system.town(self._town).name(known), **values)
