"""Calls with the real ear and the real voice; and what is made of answers so that they can be heard."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import numpy as np
import pytest
from call_stage import serving
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.phone import LANGUAGES, phone_words
from assistant.channels.speech import SileroEar, Speech
from assistant.channels.spoken import shortened, spelled
from assistant.language.words import placeholders
from voice.caller import Call, Listen, Pause, Speak, call
from voice.speech import Audio, Transcript
from voice.turns import Cue
from voice.wires import AudioSocketWire

QUESTION = "転入届の期限はいつですか"


class Heard:
    """Takes every stretch of speech for the question; keeps how long each was."""

    name = "heard"

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        self.seconds.append(audio.seconds)
        return Transcript(text=QUESTION, language="ja", confidence=0.9)


@pytest.mark.model
def test_a_spoken_question_is_cut_out_whole_and_answered_aloud(home: Path) -> None:
    pytest.importorskip("pyopenjtalk")
    pytest.importorskip("faster_whisper")
    from voice.speak import speak, speak_parts

    question = speak(QUESTION, "ja", 8000)
    noise = Audio(samples=np.random.default_rng(1).normal(0, 0.004, 16_000).astype(np.float32), rate=8000)

    async def ring(port: int) -> Call:
        wire = await AudioSocketWire.ring("127.0.0.1", port, uuid.uuid4())
        # Into the greeting, which noise does not stop and the question does.
        steps = [Pause(seconds=1.0), Speak(audio=noise), Speak(audio=question), Listen(quiet=1.5, at_most=12)]
        return await call(wire, steps)

    ear = Heard()
    with serving(home, None, speech=Speech(recognizer=ear, speak=speak_parts, ear=SileroEar)) as stage:
        made = asyncio.run(ring(stage.audiosocket))
        assert stage.rows("SELECT text, channel FROM turns") == [(QUESTION, "phone")]
    assert len(ear.seconds) == 1  # noise alone is no turn
    assert question.seconds - 0.6 < ear.seconds[0] < question.seconds + 2.0
    assert made.heard.seconds > 6  # the greeting's beginning and the answer


def test_the_telephones_words_are_whole_in_each_language() -> None:
    words = phone_words()
    assert set(words) == set(LANGUAGES)
    for name, template in words["ja"].items():
        assert placeholders(template) - {"town"} == placeholders(words["en"][name]) - {"town"}
    assert {cue.value for cue in Cue} <= set(words["ja"]) == set(words["en"])


lines = st.tuples(
    st.sampled_from(["", "・", "- "]), st.text(alphabet="転入届市役所 :abc。", min_size=1, max_size=60),
    st.sampled_from(["", " [1]", " [2][13]", " https://www.city.example/a?b=1"]),
).map("".join)  # fmt: skip


@given(st.lists(lines, max_size=12), st.sampled_from(["ja", "en", "zh-Hans", "vi"]))
def test_what_is_spoken_is_short_and_bare(text: list[str], language: str) -> None:
    spoken, _ = shortened("\n".join(text), language)
    assert "[" not in spoken and "http" not in spoken
    assert len(spoken) < 600


def test_the_fact_comes_first_and_lists_are_cut() -> None:
    text = "転入届\n期限: 14日以内 [1]\n\n窓口: [1]\n・市民課\n・北浜支所\n・山手出張所\n・第四\n"
    text += "長い説明です。" * 30
    spoken, more = shortened(text, "ja")
    assert spoken == "転入届。期限: 14日以内。窓口: 市民課、北浜支所、山手出張所。" and more
    assert shortened("Short [1]", "en") == ("Short.", False)
    assert spelled("4K7M-9QXR", "en") == "4, K, 7, M, 9, Q, X, R"
