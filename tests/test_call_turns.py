"""Taking turns: laws over any course of events in virtual time, then the courses that callers know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.call import asks_to_repeat, step
from voice.turns import (
    Answer,
    Answered,
    Begin,
    CallPerson,
    Command,
    Cue,
    Ending,
    Event,
    HandOver,
    HangUp,
    Heard,
    Held,
    HungUp,
    Key,
    Manners,
    Phase,
    Reason,
    Recognise,
    Recognised,
    Say,
    Spoken,
    State,
    StopSpeaking,
    Tick,
    Told,
)  # fmt: skip

FRAME = 0.02


@dataclass
class Course:
    """A call in virtual time; keeps all commands."""

    state: State = field(default_factory=lambda: State(manners=Manners()))
    at: float = 0.0
    done: list[Command] = field(default_factory=list)

    def feel(self, event: Event) -> tuple[Command, ...]:
        self.state, commands = step(self.state, event)
        self.done += commands
        return commands

    def sound(self, seconds: float, speech: bool) -> list[Command]:
        made: list[Command] = []
        for _ in range(round(seconds / FRAME)):
            self.at += FRAME
            made += self.feel(Heard(at=self.at, seconds=FRAME, speech=speech))
        return made

    def begun(self) -> Course:
        self.feel(Begin(at=self.at))
        return self

    def spoken(self) -> Course:
        self.feel(Spoken(at=self.at, number=self.state.number))
        return self

    def said(self, text: str) -> tuple[Command, ...]:
        """The caller says something, which is recognised as `text`."""
        self.sound(1.0, True)
        self.sound(1.0, False)
        return self.feel(Recognised(at=self.at, turn=self.state.turn, text=text))

    def answered(self, text: str, **more: object) -> tuple[Command, ...]:
        return self.feel(Answered(at=self.at, turn=self.state.turn, text=text, **more))  # type: ignore[arg-type]


small = st.integers(0, 6)
texts = st.sampled_from(["", "転入届", "もう一度", "say that again"])
events = st.one_of(
    st.builds(Heard, at=st.just(0.0), seconds=st.sampled_from([0.02, 0.032, 0.5]), speech=st.booleans()),
    st.builds(Spoken, at=st.just(0.0), number=small),
    st.builds(Recognised, at=st.just(0.0), turn=small, text=texts),
    st.builds(Answered, at=st.just(0.0), turn=small, text=texts, ending=st.sampled_from(list(Ending)),
              understood=st.booleans(), choices=st.lists(st.just("選択"), max_size=3).map(tuple)),
    st.builds(Key, at=st.just(0.0), digit=st.sampled_from("0123456789*#A")),
    st.builds(Held, at=st.just(0.0), down=st.booleans()),
    st.builds(Tick, at=st.just(0.0)),
    st.builds(Told, at=st.just(0.0), text=st.just("職員の言葉")),
    st.builds(HungUp, at=st.just(0.0)),
)  # fmt: skip
courses = st.lists(st.tuples(events, st.floats(0.0, 5.0)), max_size=60)
manners = st.sampled_from([Manners(), Manners(deaf=True), Manners(greets=False, calls_person=False)])


@settings(max_examples=300, deadline=None)
@given(courses, manners)
def test_laws_of_any_call(course: list[tuple[Event, float]], polite: Manners) -> None:
    state, at, number, turn, ends = State(manners=polite), 0.0, 0, 0, 0
    state, commands = step(state, Begin(at=at))
    for event, later in [*course, (HungUp(at=0.0), 1.0)]:
        number = max([number, *(c.number for c in commands if isinstance(c, Say))])
        before, at = state, at + later
        state, commands = step(state, replace(event, at=at))
        if before.phase is Phase.ENDED:
            assert commands == () and state == before  # after the end nothing is done
        for command in commands:
            match command:
                case Say():
                    assert command.number > number  # each utterance has a number of its own
                    assert command.cue is None or not command.text
                case Recognise():
                    assert 0 <= command.start <= command.end <= state.heard + 1e-9
                    assert command.turn > turn
                    turn = command.turn
                case CallPerson():
                    assert polite.calls_person or isinstance(event, Key)
                case HandOver() | HangUp():
                    ends += 1
                    assert state.phase is Phase.ENDED
        if polite.deaf:
            assert before.held or not any(isinstance(c, Recognise) for c in commands)
        speaks_over = before.phase is Phase.SPEAKING and state.phase in (Phase.LISTENING, Phase.HEARING)
        if speaks_over and not isinstance(event, Spoken | Tick | Heard):
            assert StopSpeaking() in commands
        assert not (
            before.phase is Phase.SPEAKING
            and any(isinstance(c, Say) for c in commands)
            and isinstance(event, Key)
            and StopSpeaking() not in commands
        )
    assert state.phase is Phase.ENDED and ends <= 1


@given(st.floats(0.2, 3.0), st.floats(0.9, 5.0))
def test_a_turn_holds_all_that_was_said_and_ends_by_silence(speech: float, silence: float) -> None:
    call = Course().begun().spoken()
    call.sound(1.0, False)
    made = call.sound(speech, True) + call.sound(silence, False)
    (turn,) = (c for c in made if isinstance(c, Recognise))
    assert turn.start <= 1.0 + FRAME and turn.end >= 1.0 + speech - 2 * FRAME
    assert turn.end == pytest.approx(1.0 + round(speech / FRAME) * FRAME + Manners().pause, abs=0.05)


@given(st.lists(st.floats(0.02, 0.08), min_size=1, max_size=10))
def test_clicks_are_no_turn_and_stop_nothing(clicks: list[float]) -> None:
    call = Course().begun()
    for click in clicks:
        assert not call.sound(click, True) and not call.sound(0.14, False)
    assert call.state.phase is Phase.SPEAKING


def test_speech_into_the_greeting_stops_it_and_is_kept_whole() -> None:
    call = Course().begun()
    call.sound(2.0, False)
    assert call.sound(0.3, True) == [StopSpeaking()]
    made = call.sound(1.0, True) + call.sound(1.0, False)
    assert isinstance(made[0], Recognise) and made[0].start <= 2.0
    assert not any(isinstance(c, Say) and c.cue is Cue.NO_INPUT for c in call.done)


def test_a_breath_in_mid_sentence_joins_the_turn() -> None:
    call = Course().begun().spoken()
    call.sound(1.0, True)
    (first,) = call.sound(0.9, False)
    call.sound(0.5, True)
    assert call.feel(Recognised(at=call.at, turn=call.state.turn, text="転入届の")) == ()  # too early: not answered
    (second,) = call.sound(0.9, False)
    assert isinstance(first, Recognise) and isinstance(second, Recognise)
    assert second.start == first.start and second.end > first.end and second.turn == first.turn + 1


def test_two_silences_call_a_person_who_then_gets_the_call() -> None:
    call = Course().begun().spoken()
    made = call.sound(6.1, False)
    assert [c.cue for c in made if isinstance(c, Say)] == [Cue.NO_INPUT]
    call.spoken()
    made = call.sound(6.1, False)
    assert made == [CallPerson(turn=1, reason=Reason.NO_INPUT, language="ja")]
    call.answered("受付番号は", ending=Ending.GO_ON)  # whatever it says: a person was called
    assert call.feel(Spoken(at=call.at, number=call.state.number)) == (HandOver(),)


def test_two_misunderstandings_in_a_row_call_a_person_but_not_two_far_apart() -> None:
    call = Course().begun().spoken()
    assert isinstance(call.said("")[0], Say)
    call.spoken()
    call.said("転入届")
    call.answered("十四日以内です")
    call.spoken()
    assert isinstance(call.said("")[0], Say)
    call.spoken()
    assert call.said("") == (CallPerson(turn=5, reason=Reason.NOT_UNDERSTOOD, language="ja"),)


def test_once_more_says_the_same_again_without_asking() -> None:
    call = Course().begun().spoken()
    call.said("転入届")
    call.answered("十四日以内です")
    call.spoken()
    (again,) = call.said("すみません、もう一度お願いします。")
    assert isinstance(again, Say) and again.text == "十四日以内です"
    assert sum(isinstance(c, Answer) for c in call.done) == 1
    call.spoken()
    (keyed,) = call.feel(Key(at=call.at, digit="9"))
    assert isinstance(keyed, Say) and keyed.text == "十四日以内です"


@pytest.mark.parametrize("text", ["もう一度", "もう一回言ってください", "今のをもう一度お願いします",
                                  "repeat that please", "Sorry, can you say that again?"])  # fmt: skip
def test_requests_to_repeat(text: str) -> None:
    assert asks_to_repeat(text)


@pytest.mark.parametrize("text", ["もう一度転入届を出したい", "再発行", "again and again I get a bill", ""])
def test_what_is_no_request_to_repeat(text: str) -> None:
    assert not asks_to_repeat(text)


def test_keys() -> None:
    call = Course().begun()
    stopped, menu = call.feel(Key(at=1.0, digit="*"))
    assert stopped == StopSpeaking() and isinstance(menu, Say) and menu.cue is Cue.LANGUAGE_MENU
    _, chosen = call.feel(Key(at=1.5, digit="2"))
    assert isinstance(chosen, Say) and (chosen.cue, chosen.language) == (Cue.LANGUAGE_SET, "en")
    call.spoken()
    call.said("seal")
    call.answered("Which one?", choices=("seal registration", "seal certificate"))
    stopped, answer = call.feel(Key(at=call.at, digit="2"))
    assert isinstance(answer, Answer) and (answer.text, answer.language) == ("seal certificate", "en")
    (person,) = call.feel(Key(at=call.at, digit="0"))
    assert isinstance(person, CallPerson)
    assert call.feel(Key(at=call.at, digit="0")) == ()  # once is enough
    assert call.answered("late answer of the turn before") != ()


def test_an_answer_that_never_comes_gives_the_call_to_a_person() -> None:
    call = Course().begun().spoken()
    call.said("転入届")
    made = call.sound(45.0, False)
    assert [c.cue for c in made if isinstance(c, Say)] == [Cue.WAIT] and made[-1] == HandOver()


def test_push_to_talk_needs_no_pause() -> None:
    call = Course(State(manners=Manners(greets=False, calls_person=False)))
    call.feel(Begin(at=0.0))
    call.sound(1.0, False)
    call.feel(Held(at=call.at, down=True))
    assert call.sound(3.0, False) == []
    (turn,) = call.feel(Held(at=call.at, down=False))
    assert isinstance(turn, Recognise) and turn.end - turn.start == pytest.approx(3.0, abs=0.05)


def test_what_staff_write_is_said_when_nobody_speaks() -> None:
    call = Course().begun()
    assert call.feel(Told(at=call.at, text="一")) == ()  # we speak
    (said,) = call.spoken().done[-1:]
    assert isinstance(said, Say) and said.text == "一"
    call.spoken()
    call.sound(1.0, True)
    assert call.feel(Told(at=call.at, text="二")) == ()  # the caller speaks
    call.sound(1.0, False)
    call.feel(Recognised(at=call.at, turn=call.state.turn, text="転入届"))
    call.answered("14日以内です")
    (said,) = call.spoken().done[-1:]
    assert isinstance(said, Say) and said.text == "二"
    (again,) = call.spoken().said("もう一度")
    assert isinstance(again, Say) and again.text == "二"
    (now,) = call.spoken().feel(Told(at=call.at, text="三"))
    assert isinstance(now, Say) and now.text == "三"


def test_what_staff_write_into_the_last_words_comes_before_the_hand_over() -> None:
    call = Course().begun().spoken()
    call.said("職員と話したい")
    call.answered("おつなぎします", ending=Ending.PERSON)
    for text in ("一", "二"):
        call.feel(Told(at=call.at, text=text))
    done = [call.spoken().done[-1] for _ in range(3)]
    assert [c.text for c in done if isinstance(c, Say)] == ["一", "二"]
    assert done[-1] == HandOver()
