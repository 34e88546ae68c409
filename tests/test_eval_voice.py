"""The stand-in calls: fair to the recogniser, judged by the record; and nothing is heard where nobody speaks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from call_stage import BeepVoice, LoudEar, serving
from conftest import shared_data

from assistant.channels.speech import SileroEar, Speech
from assistant.model import Why
from eval.callers import Door, Said
from eval.metrics import wilson
from eval.quiet import RATE, quiet_sound, ring_quietly, sounds
from eval.voice import Planned, read_calls, table, verdict
from voice.recognizer import Recognizer, open_recognizer
from voice.speech import Audio, Transcript
from voice.training.utterances import utterances

GUIDES = Path(__file__).parents[1] / "knowledge" / "demo_city"
MODEL = Path(__file__).parent / "assets" / "whisper-municipal"


def test_there_are_calls_enough_in_both_languages_and_each_end_exists() -> None:
    calls = read_calls()
    assert len(calls) >= 20
    assert sum(one.language == "en" for one in calls) >= 5
    for one in calls:
        for end in one.ends:
            kind, _, name = end.partition(":")
            if kind == "guide":
                assert (GUIDES / "guides" / one.language / f"{name}.md").exists() or one.language == "en"
                assert (GUIDES / "guides" / "ja" / f"{name}.md").exists()
            elif kind == "table":
                assert (GUIDES / "tables" / f"{name}.csv").exists()
            else:
                assert kind == "why" and name in {why.value for why in Why}


def test_no_call_says_what_the_recogniser_was_trained_on() -> None:
    trained = [u for u in utterances() if u.part.startswith("train")]
    assert len(trained) > 5000
    for one in read_calls():
        assert not [u.text for u in trained if one.say.lower() in u.text.lower()]


def said(decision: str, why: str, first: str = "") -> Said:
    return Said(text="…", decision=decision, why=why, first=first, choices=())


def test_the_last_answer_of_the_record_decides() -> None:
    wish = Planned(language="ja", say="…", ends=("guide:move-in",))
    right, other = said("reply", "answered", "guide:move-in"), said("reply", "answered", "guide:move-out")
    assert verdict(wish, [right]) == "right"
    assert verdict(wish, [other, right]) == "right"
    assert verdict(wish, [right, other]) == "wrong"
    assert verdict(wish, [said("handoff", "low_confidence", "guide:move-in")]) == "person"
    assert verdict(wish, []) == "nothing"
    assert verdict(Planned(language="ja", say="…", ends=("why:requested",)), [said("handoff", "requested")]) == "right"


def test_shares_come_with_their_interval() -> None:
    low, high = wilson(16, 20)
    assert (round(low, 3), round(high, 3)) == (0.584, 0.919)  # Wilson 1927, worked by hand
    assert wilson(0, 20)[0] == 0.0 and wilson(20, 20)[1] == 1.0
    with pytest.raises(ValueError, match="no cases"):
        wilson(0, 0)
    assert table([]) == "all: no calls"


def test_quiet_sounds_fill_the_time_and_recordings_join_them() -> None:
    made = sounds(130, shared_data("speech/noise"))
    assert 130 <= sum(piece.seconds for piece in made) < 145
    assert all(piece.rate == RATE and abs(piece.samples).max() <= 1 for piece in made)
    plain = sounds(130, None)
    assert sum((a.samples[:800] == b.samples[:800]).all() for a, b in zip(made, plain, strict=False)) < len(plain)


@contextmanager
def quiet_door(home: Path, recognizer: Recognizer, ear: type[SileroEar] | type[LoudEar]) -> Iterator[Door]:
    speech = Speech(recognizer=recognizer, speak=BeepVoice(pace=150), ear=ear)
    with serving(home, None, speech=speech) as stage:
        yield Door(http=stage.port, audiosocket=stage.audiosocket, database=home / "madoguchi.db")


class Inventing:
    """Takes every sound for a question, as a bad model does."""

    name = "inventing"

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        return Transcript(text="転入届の期限はいつですか", language="ja", confidence=0.9)


@pytest.mark.model
def test_a_minute_without_speech_stores_nothing_as_said(home: Path) -> None:
    pytest.importorskip("whisper")
    pytest.importorskip("faster_whisper")
    noise = shared_data("speech/noise")
    with quiet_door(home, open_recognizer(str(MODEL)), SileroEar) as door:
        quiet = asyncio.run(ring_quietly(door, seconds=60, noise=noise, piece=6, at_once=10))
    assert quiet.calls >= 10 and quiet.seconds >= 60
    assert quiet.invented == ()


def test_an_ear_that_goes_by_loudness_and_a_model_that_invents_are_found_out(home: Path) -> None:
    """The proof that the check above can fail."""
    with quiet_door(Path(shutil.copytree(home, home.parent / "loud")), Inventing(), LoudEar) as door:
        quiet = asyncio.run(ring_quietly(door, seconds=12, piece=4))
    assert quiet.invented
    assert set(quiet.invented) == {"転入届の期限はいつですか"}


def test_every_kind_of_sound_is_audible_or_silence() -> None:
    for kind in ("silence", "white", "hum", "tone", "sweep", "beeps", "clicks", "crackle"):
        peak = float(np.abs(quiet_sound(kind, np.random.default_rng(1), 1.0)).max())
        assert (peak <= 1.1e-3) == (kind == "silence")
