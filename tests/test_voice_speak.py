"""Text to speech in each language, and what is said when a voice is missing."""

import builtins
import shutil
from pathlib import Path

import numpy as np
import pytest

from voice.audio import read_audio
from voice.errors import EspeakMissing, LanguageNotSpoken, VoiceExtraMissing
from voice.speak import PROGRAM, can_speak, save_speech, speak, speak_parts

WORDS = {
    "ja": "住民票の写しは1通300円です。",
    "ja-x-easy": "ごみは 月・木 に だして ください。",
    "en": "A copy of your resident record costs 300 yen.",
    "zh-Hans": "请在十四天内办理迁入手续。",
    "vi": "Lệ phí là 300 yên.",
    "pt-BR": "A taxa é de 300 ienes.",
}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_has_a_voice(language: str) -> None:
    assert can_speak(language)
    audio = speak(WORDS[language], language)
    assert audio.rate == 16_000
    assert 1.0 < audio.seconds < 10.0
    assert 0.1 < np.abs(audio.samples).max() <= 1.0


def test_telephones_get_eight_kilohertz(tmp_path: Path) -> None:
    save_speech("はい", "ja", tmp_path / "x.wav", 8000)
    back = read_audio(tmp_path / "x.wav")
    assert back.rate == 8000
    assert back.seconds > 0.3


def test_plain_japanese_is_slower() -> None:
    assert speak("転入届を出します", "ja-x-easy").seconds > 1.1 * speak("転入届を出します", "ja").seconds


def test_sentences_come_one_by_one() -> None:
    assert len(list(speak_parts("はい。300円です。窓口は1階です。", "ja"))) == 3


@pytest.mark.parametrize("text", ["", "🙂", "https://example.jp/", "[1]", "\x00", "。。。"])
def test_nothing_to_say_is_no_sound(text: str) -> None:
    assert speak(text, "ja").seconds == 0
    assert speak(text, "en").seconds == 0


@pytest.mark.parametrize("text", ["--help", "-w /tmp/x", "<speak>hello</speak>", "[[x]] hello", "$(id) hello"])
def test_words_are_never_options_of_the_program(text: str) -> None:
    assert speak(text, "en").seconds > 0.1


def test_a_language_without_voice_says_so() -> None:
    assert not can_speak("tlh")
    with pytest.raises(LanguageNotSpoken):
        speak("nuqneH", "tlh")


def test_missing_programs_and_extras_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert not can_speak("en")
    with pytest.raises(EspeakMissing, match=PROGRAM):
        speak("hello", "en")
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "pyopenjtalk":
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(VoiceExtraMissing, match="voice"):
        speak("はい", "ja")
