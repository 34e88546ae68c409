"""Taking turns in speech: a pure state machine; time comes in with the events, nothing here waits, hears or speaks.

`step(state, event)` gives the next state and what is to be done. Who drives it plays what `Say` says, reports `Spoken`
when it has been played, cuts the sound of `Recognise` out of what it kept, and reports what came of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import assert_never

from voice.turns import (
    Answer,
    Answered,
    Begin,
    CallPerson,
    Cue,
    Ending,
    Event,
    HandOver,
    HangUp,
    Heard,
    Held,
    HungUp,
    Key,
    Phase,
    Reason,
    Recognise,
    Recognised,
    Say,
    Spoken,
    State,
    Step,
    StopSpeaking,
    Tick,
    Told,
)

LANGUAGE_KEYS = {"1": "ja", "2": "en"}
"""What the keys say after the language menu."""

_STALLED = 5.0  # seconds without a frame after which a turn is taken as ended
_LONGEST_SPEECH = 240.0  # seconds; a far end that never says 'played' must not hold the call for ever

_REPEAT = re.compile(
    r"^(すみません|すいません|えっと|ごめんなさい|sorry|excuse me|please|pardon)?[、,. ]*"
    r"((今の|いまの)?(を)?もう(一度|いちど|一回|いっかい)((言|い)って|お願い|おねがい|聞かせて|話して)?(ください|します|下さい)?"
    r"|繰り返して(ください|下さい)?|聞こえませんでした|聞き取れませんでした"
    r"|(can|could|would) you (repeat|say)( that| it)?( again)?|(please )?repeat( that| it)?|say( that| it)? again"
    r"|once more|one more time|again|pardon( me)?|i (didn't|did not) (hear|catch) (that|you))"
    r"[、,. ]*(please)?[。.?!？！ ]*$",
    re.IGNORECASE,
)


def asks_to_repeat(text: str) -> bool:
    """True for 'もう一度' and 'say that again', and nothing else in the same breath."""
    return _REPEAT.match(text.strip()) is not None


def step(state: State, event: Event) -> Step:
    """The next state and what is to be done; after the end nothing is."""
    if state.phase is Phase.ENDED:
        return state, ()
    match event:
        case Begin():
            if not state.manners.greets:
                return _listen(state, event.at), ()
            return _say(state, event.at, cue=Cue.DEAF if state.manners.deaf else Cue.GREETING)
        case Heard():
            return _heard(state, event)
        case Spoken():
            return _spoken(state, event)
        case Recognised():
            return _recognised(state, event)
        case Answered():
            return _answered(state, event)
        case Key():
            return _key(state, event)
        case Held():
            return _held(state, event)
        case Told():
            told = replace(state, told=(*state.told, event.text))
            free = told.phase is Phase.LISTENING and told.start is None
            return _pass_on(told, event.at) if free else (told, ())
        case Tick():
            return _late(state, event.at)
        case HungUp():
            return replace(state, phase=Phase.ENDED), (StopSpeaking(),)
        case _:
            assert_never(event)


def _listen(state: State, at: float) -> State:
    return replace(state, phase=Phase.LISTENING, since=at, start=None, voiced=0.0, silent=0.0)


def _say(state: State, at: float, *, cue: Cue | None = None, text: str = "", ending: Ending = Ending.GO_ON) -> Step:
    saying = replace(
        state, phase=Phase.SPEAKING, since=at, number=state.number + 1, ending=ending,
        start=None, voiced=0.0, silent=0.0,
    )  # fmt: skip
    return saying, (Say(number=saying.number, language=state.language, cue=cue, text=text),)


def _person(state: State, at: float, reason: Reason) -> Step:
    asking = replace(
        state, phase=Phase.ANSWERING, since=at, turn=state.turn + 1, waited=True, choosing=False, calling=True,
        start=None, held=False,
    )  # fmt: skip
    return asking, (CallPerson(turn=asking.turn, reason=reason, language=state.language),)


def _heard(state: State, event: Heard) -> Step:
    manners = state.manners
    voiced = state.voiced + event.seconds if event.speech else state.voiced
    silent = 0.0 if event.speech else state.silent + event.seconds
    if silent >= manners.onset:
        voiced = 0.0  # what was heard before was a click, or is long over
    state = replace(state, heard=state.heard + event.seconds, voiced=voiced, silent=silent)
    if manners.deaf:
        return _late(state, event.at)
    begun = max(0.0, state.heard - state.voiced - state.silent - manners.before)
    match state.phase:
        case Phase.SPEAKING if voiced >= manners.barge_in and state.ending is Ending.GO_ON:
            heard = replace(_listen(state, event.at), start=begun, voiced=voiced, silences=0)
            return heard, (StopSpeaking(),)
        case Phase.LISTENING if state.start is None and voiced >= manners.onset:
            return replace(state, since=event.at, start=begun, silences=0), ()
        case Phase.HEARING if voiced >= manners.barge_in and event.speech and not state.held:
            # The caller only drew breath: what comes now belongs to the same turn.
            return replace(state, phase=Phase.LISTENING, since=event.at), ()
        case Phase.LISTENING if state.start is not None and not state.held and silent >= manners.pause:
            return _recognise(state, event.at)
    return _late(state, event.at)


def _recognise(state: State, at: float) -> Step:
    start = state.start if state.start is not None else state.heard
    hearing = replace(
        state, phase=Phase.HEARING, since=at, turn=state.turn + 1, voiced=0.0, silent=0.0, held=False, waited=False,
        choosing=False,
    )  # fmt: skip
    return hearing, (Recognise(turn=hearing.turn, start=start, end=state.heard, language=state.language),)


def _held(state: State, event: Held) -> Step:
    if event.down and not state.calling:
        listening = replace(_listen(state, event.at), start=state.heard, held=True)
        return listening, (StopSpeaking(),) if state.phase is Phase.SPEAKING else ()
    if not state.held or state.phase is not Phase.LISTENING:
        return replace(state, held=False), ()
    return _recognise(state, event.at)


def _spoken(state: State, event: Spoken) -> Step:
    if state.phase is not Phase.SPEAKING or event.number != state.number:
        return state, ()
    return _after_speech(state, event.at)


def _pass_on(state: State, at: float) -> Step:
    """Say what staff wrote; what was to follow our own words follows it."""
    text, *rest = state.told
    ending = state.ending if state.phase is Phase.SPEAKING else Ending.GO_ON
    return _say(replace(state, told=tuple(rest), last=text), at, text=text, ending=ending)


def _after_speech(state: State, at: float) -> Step:
    if state.told:
        return _pass_on(state, at)
    match state.ending:
        case Ending.GO_ON:
            return _listen(state, at), ()
        case Ending.PERSON:
            return replace(state, phase=Phase.ENDED), (HandOver(),)
        case Ending.HANG_UP:
            return replace(state, phase=Phase.ENDED), (HangUp(),)
        case _:
            assert_never(state.ending)


def _recognised(state: State, event: Recognised) -> Step:
    if state.phase is not Phase.HEARING or event.turn != state.turn:
        return state, ()
    if not event.text.strip():
        return _misunderstood(state, event.at, "")
    if asks_to_repeat(event.text):
        return _repeat(replace(state, misunderstood=0), event.at)
    return _ask(state, event.at, event.text)


def _ask(state: State, at: float, text: str) -> Step:
    answering = replace(state, phase=Phase.ANSWERING, since=at, start=None, voiced=0.0, silent=0.0, waited=False)
    return answering, (Answer(turn=state.turn, text=text, language=state.language),)


def _misunderstood(state: State, at: float, text: str) -> Step:
    """`text` is what there is to say instead of the cue."""
    state = replace(state, misunderstood=state.misunderstood + 1)
    if state.manners.calls_person and state.misunderstood >= state.manners.tries:
        return _person(state, at, Reason.NOT_UNDERSTOOD)
    if text:
        return _say(replace(state, last=text), at, text=text)
    return _say(state, at, cue=Cue.NOT_UNDERSTOOD)


def _answered(state: State, event: Answered) -> Step:
    if state.phase is not Phase.ANSWERING or event.turn != state.turn:
        return state, ()
    if not event.understood and event.ending is Ending.GO_ON:
        return _misunderstood(replace(state, choices=event.choices), event.at, event.text)
    known = replace(state, misunderstood=0, last=event.text, choices=event.choices)
    ending = Ending.PERSON if state.calling else event.ending
    return _say(known, event.at, text=event.text, ending=ending)


def _repeat(state: State, at: float) -> Step:
    if not state.last:
        return _say(state, at, cue=Cue.NOTHING_TO_REPEAT)
    return _say(state, at, text=state.last)


def _key(state: State, event: Key) -> Step:
    if state.calling or state.ending is not Ending.GO_ON:
        return state, ()  # a person is on the way already
    ours = state.phase is Phase.SPEAKING
    quiet: tuple[StopSpeaking, ...] = (StopSpeaking(),) if ours else ()
    if event.digit == "0":
        state, commands = _person(state, event.at, Reason.REQUESTED)
        return state, (*quiet, *commands)
    if state.phase not in (Phase.SPEAKING, Phase.LISTENING):
        return state, ()
    state = replace(state, silences=0)
    if event.digit == "*":
        state, commands = _say(replace(state, choosing=True), event.at, cue=Cue.LANGUAGE_MENU)
    elif state.choosing and event.digit in LANGUAGE_KEYS:
        chosen = replace(state, choosing=False, language=LANGUAGE_KEYS[event.digit], last="", choices=())
        state, commands = _say(chosen, event.at, cue=Cue.LANGUAGE_SET)
    elif event.digit == "9":
        state, commands = _repeat(state, event.at)
    elif event.digit.isdecimal() and 1 <= int(event.digit) <= len(state.choices):
        chosen = replace(state, turn=state.turn + 1)
        state, commands = _ask(chosen, event.at, state.choices[int(event.digit) - 1])
    else:
        return state, ()
    return state, (*quiet, *commands)


def _late(state: State, at: float) -> Step:
    """What is due because time went by."""
    manners, waited = state.manners, at - state.since
    match state.phase:
        case Phase.SPEAKING if waited >= _LONGEST_SPEECH:
            return _after_speech(state, at)
        case Phase.LISTENING if state.start is None and waited >= manners.no_input:
            state = replace(state, silences=state.silences + 1)
            if manners.deaf or state.silences >= manners.tries:
                return _person(state, at, Reason.NO_INPUT)
            return _say(state, at, cue=Cue.NO_INPUT)
        case Phase.LISTENING if state.start is not None:
            if state.heard - state.start >= manners.longest or waited >= manners.longest + _STALLED:
                return _recognise(state, at)
        case Phase.HEARING | Phase.ANSWERING if waited >= manners.give_up:
            if not manners.calls_person:
                return _say(state, at, cue=Cue.NOT_UNDERSTOOD)
            return replace(state, phase=Phase.ENDED), (StopSpeaking(), HandOver())
        case Phase.ANSWERING if manners.calls_person and not state.waited and waited >= manners.wait:
            number = state.number + 1
            saying = Say(number=number, language=state.language, cue=Cue.WAIT)
            return replace(state, number=number, waited=True), (saying,)
    return state, ()
