"""One contract for both engines of the Recognizer port, over the small model that ships as a test asset."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest

from voice.audio import from_mulaw, read_audio, resample, to_mulaw
from voice.errors import NoRecognizer, RecognizerDamaged, RecognizerUnavailable, VoiceError, WhisperExtraMissing
from voice.recognizer import Decoded, Recognizer, from_whisper, listen, open_recognizer, to_whisper
from voice.speak import speak
from voice.speech import Audio, Samples, Unheard

pytest.importorskip("whisper", reason="the extra `whisper` is not installed")
pytest.importorskip("faster_whisper", reason="the extra `voice` is not installed")

MODEL = Path(__file__).parent / "assets" / "whisper-municipal"
NOISE = Path(__file__).parents[2] / "shared" / "data" / "speech" / "noise"
pytestmark = pytest.mark.model


@pytest.fixture(scope="session")
def ctranslate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model in CTranslate2 form."""
    from voice.training.ctranslate import convert

    folder = tmp_path_factory.mktemp("ct2") / "municipal"
    convert(MODEL / "model.pt", folder)
    return folder


@pytest.fixture(scope="session", params=["openai-whisper", "faster-whisper"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    """Each engine in turn, opened as MADOGUCHI_WHISPER would name it."""
    made = open_recognizer(str(MODEL if request.param == "openai-whisper" else request.getfixturevalue("ctranslate")))
    assert made.name.startswith(request.param)
    return made


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * 16_000), np.float32)


@pytest.mark.parametrize("text", ["転入届の手続きを教えてください", "もう一度お願いします", "職員と話したいです"])
def test_japanese_is_heard(recognizer: Recognizer, text: str) -> None:
    heard = recognizer.transcribe(speak(text, "ja"), "ja")
    assert heard.text == text
    assert heard.language == "ja"
    assert 0.5 < heard.confidence <= 1.0
    assert heard.reason is None


def test_english_is_heard_and_known_for_english(recognizer: Recognizer) -> None:
    heard = recognizer.transcribe(speak("I want to talk to a person", "en"))
    assert (heard.text, heard.language) == ("I want to talk to a person", "en")


def test_a_telephone_line_is_heard(recognizer: Recognizer) -> None:
    line = resample(speak("住民票について教えてください", "ja"), 8000)
    heard = recognizer.transcribe(Audio(samples=from_mulaw(to_mulaw(line.samples)), rate=8000), "ja")
    assert heard.text == "住民票について教えてください"


def test_two_sentences_with_a_pause_are_two_segments_in_order(recognizer: Recognizer) -> None:
    first, second = speak("もう一度お願いします", "ja").samples, speak("職員と話したいです", "ja").samples
    sound = np.concatenate([first, quiet(4), second, quiet(0.5)])
    heard = recognizer.transcribe(Audio(samples=sound, rate=16_000), "ja")
    assert heard.text == "もう一度お願いします職員と話したいです"
    one, two = heard.segments
    assert one.end <= len(first) / 16_000 + 0.3 < two.start < two.end <= len(sound) / 16_000


def test_the_language_asked_for_is_the_language_told(recognizer: Recognizer) -> None:
    assert recognizer.transcribe(speak("はい", "ja"), "ja-x-easy").language == "ja-x-easy"


@pytest.mark.parametrize("kind", ["nothing", "silence", "hiss", "tone", "hum", "clicks", "ringing"])
def test_nothing_is_invented_on_sounds_without_speech(recognizer: Recognizer, kind: str) -> None:
    dice, time = np.random.default_rng(1), np.arange(10 * 16_000) / 16_000
    sounds = {
        "nothing": np.zeros(0),
        "silence": np.zeros(len(time)),
        "hiss": 0.1 * dice.standard_normal(len(time)),
        "tone": 0.5 * np.sin(2 * np.pi * 440 * time),
        "hum": 0.3 * np.sign(np.sin(2 * np.pi * 50 * time)),
        "clicks": (dice.random(len(time)) < 1e-3) * 0.9,
        "ringing": 0.4 * np.sin(2 * np.pi * 400 * time) * (np.sin(2 * np.pi * 0.5 * time) > 0),
    }
    heard = recognizer.transcribe(Audio(samples=sounds[kind].astype(np.float32), rate=16_000))
    assert (heard.text, heard.confidence, heard.segments) == ("", 0.0, ())
    assert heard.reason is Unheard.NO_SPEECH


def test_nothing_is_invented_in_an_office(recognizer: Recognizer) -> None:
    if not NOISE.exists():
        pytest.skip("shared data set speech is not on this machine")
    office = read_audio(next(NOISE.glob("office*")))
    assert recognizer.transcribe(office).text == ""


def test_both_engines_say_the_same(ctranslate: Path) -> None:
    sound = speak("粗大ごみはいくらですか", "ja")
    one, two = (open_recognizer(str(where)).transcribe(sound, "ja") for where in (MODEL, ctranslate))
    assert one.text == two.text
    assert one.confidence == pytest.approx(two.confidence, abs=0.03)


def test_no_setting_is_no_recognizer() -> None:
    with pytest.raises(NoRecognizer, match="MADOGUCHI_WHISPER"):
        open_recognizer("")


def test_what_is_no_model_is_refused_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(RecognizerUnavailable, match="no-such-model"):
        open_recognizer("no-such-model")
    (tmp_path / "model.pt").write_bytes(b"this is no model")
    with pytest.raises(RecognizerDamaged):
        open_recognizer(str(tmp_path))
    (tmp_path / "model.bin").write_bytes(b"this is no model")
    with pytest.raises(RecognizerDamaged, match="tokenizer"):
        open_recognizer(str(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(RecognizerDamaged):
        open_recognizer(str(tmp_path))


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "whisper":
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WhisperExtraMissing, match="whisper"):
        open_recognizer(str(MODEL))


def test_every_error_names_its_cure() -> None:
    def tree(kind: type[VoiceError]) -> list[type[VoiceError]]:
        return [kind, *(deeper for below in kind.__subclasses__() for deeper in tree(below))]

    for kind in tree(VoiceError):
        assert len(str(kind())) > 20


def test_language_codes_go_to_whisper_and_back() -> None:
    assert [to_whisper(code) for code in ("ja-x-easy", "zh-Hans", "pt-BR", "vi")] == ["ja", "zh", "pt", "vi"]
    assert [from_whisper(code) for code in ("zh", "pt", "ja")] == ["zh-Hans", "pt-BR", "ja"]


def heard_as(decoded: Decoded) -> tuple[str, Unheard | None, list[int]]:
    """What `listen` makes of twenty seconds of speech for an engine that hears `decoded` in every window of 8 s."""
    sizes: list[int] = []

    def decode(samples: Samples, code: str | None) -> Decoded:
        sizes.append(len(samples))
        return decoded

    sound = np.concatenate([speak("転入届の手続きの窓口は一階です", "ja").samples] * 8)
    made = listen(Audio(samples=sound, rate=16_000), "ja", 8.0, decode)
    return made.text, made.reason, sizes


def test_long_speech_reaches_the_engine_in_windows() -> None:
    text, reason, sizes = heard_as(Decoded(text="はい", language="ja", avg_logprob=-0.1, no_speech=0.0))
    assert (text, reason) == ("はい" * len(sizes), None)
    assert len(sizes) >= 3
    assert max(sizes) <= 8.0 * 16_000


def test_doubted_words_become_a_reason() -> None:
    inventing = Decoded(text="ご視聴ありがとうございました", language="ja", avg_logprob=-0.1, no_speech=0.0)
    assert heard_as(inventing)[:2] == ("", Unheard.KNOWN_INVENTION)
    guessing = Decoded(text="転入届", language="ja", avg_logprob=-2.0, no_speech=0.0)
    assert heard_as(guessing)[:2] == ("", Unheard.UNSURE)
