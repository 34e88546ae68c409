"""The program that makes the test recogniser: what it trains on, and that its files are what they claim."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("whisper", reason="the extra `whisper` is not installed")

import torch

from voice.training.clips import Clips
from voice.training.ctranslate import tokenizer_json
from voice.training.disturb import disturbed, nothing_said, telephone
from voice.training.measure import distance
from voice.training.network import Learner, Lexicon, export, go_on
from voice.training.synthesis import ENGLISH_VOICES, Voices, clips, keep
from voice.training.utterances import utterances

MODEL = Path(__file__).parent / "assets" / "whisper-municipal"


def test_held_out_sentences_are_never_trained_on() -> None:
    everything = utterances()
    trained = {(u.language, u.text) for u in everything if u.part.startswith("train")}
    held = {(u.language, u.text) for u in everything if not u.part.startswith("train")}
    assert not trained & held
    assert len(trained) > 5000
    assert len(held) > 500
    assert {"ja", "en"} == {u.language for u in everything}


def test_equal_seeds_make_equal_clips(tmp_path: Path) -> None:
    some = [u for u in utterances() if u.text in ("はい", "yes")]
    one, two = (list(clips(some, renderings=2, seed=9)) for _ in range(2))
    assert len(one) == 4
    assert all(np.array_equal(a.samples, b.samples) and a.voice == b.voice for a, b in zip(one, two, strict=True))
    assert one[0].voice != one[2].voice
    keep(tmp_path / "clips.npz", one)
    back = Clips(tmp_path / "clips.npz")
    assert back.texts == [(c.utterance.text, c.utterance.language) for c in one]
    assert all(np.abs(a - c.samples).max() < 1e-4 for a, c in zip(back.samples, one, strict=True))


def test_disturbing_says_where_the_clip_is() -> None:
    class Still:
        def behind(self, length: int, dice: np.random.Generator) -> np.ndarray:
            return np.zeros(length, np.float32)

    dice = np.random.default_rng(0)
    for _ in range(20):
        made, start, end = disturbed(np.full(8000, 0.5, np.float32), Still(), dice)  # type: ignore[arg-type]
        assert 0 <= start < end <= len(made)
        assert abs((end - start) - 8000) < 600
        assert np.abs(made).max() <= 1.0
        assert np.abs(nothing_said(dice)).max() <= 1.0


def test_the_telephone_carries_no_bass_and_no_treble() -> None:
    time = np.arange(16_384) / 16_000
    for hertz, heard in ((80, False), (1000, True), (5000, False)):
        level = np.sqrt(np.mean(telephone(np.sin(2 * np.pi * hertz * time).astype(np.float32) + 1e-3) ** 2))
        assert bool(level > 0.3) is heard


def test_training_goes_on_from_a_file_of_an_earlier_run(tmp_path: Path) -> None:
    first = Lexicon([("転入届", "ja"), ("yes", "en")])
    export(Learner(len(first.ids), 3), first, tmp_path / "first.pt")
    second = Lexicon([("転入届", "ja"), ("yes", "en"), ("粗大ごみ", "ja")])
    learner = Learner(len(second.ids), 5)
    go_on(learner, second, tmp_path / "first.pt")
    export(learner, second, tmp_path / "second.pt")
    one, two = (
        torch.load(tmp_path / f"{name}.pt", weights_only=True)["model_state_dict"] for name in ("first", "second")
    )
    table = "decoder.token_embedding.weight"
    assert all(torch.equal(one[name], two[name]) for name in one if name != table)
    assert torch.equal(one[table][first.ids], two[table][first.ids])  # what was learned is kept
    new = sorted(set(second.ids) - set(first.ids))
    assert new and (one[table][new, -1] == -40).all() and (two[table][new, -1] > -40).all()


def test_callers_speak_as_nobody_in_training_does() -> None:
    trained = set(ENGLISH_VOICES[Voices.USUAL]) | set(ENGLISH_VOICES[Voices.MORE])
    assert not trained & (set(ENGLISH_VOICES[Voices.NEW]) | set(ENGLISH_VOICES[Voices.CALLER]))
    some = [u for u in utterances() if u.text == "転入届です"]
    (caller,) = clips(some, renderings=1, seed=3, voices=Voices.CALLER)
    assert any(f"half tones {tone}" in caller.voice for tone in ("-6.6", "5.6"))


def test_edit_distance() -> None:
    assert [distance(*pair) for pair in (("", ""), ("abc", ""), ("転入届", "転出届"), ("abc", "xabc"))] == [0, 3, 1, 1]


def test_the_tokenizer_written_for_faster_whisper_is_whispers_own() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    words = Lexicon([]).tokenizer
    made = tokenizers.Tokenizer.from_str(tokenizer_json(words, 51865))
    texts = ("転入届の手続きを教えてください", " How much is a copy?", "Lệ phí là 300 yên", "请在十四天内", "\n🙂 a  b")
    for text in texts:
        assert made.encode(text, add_special_tokens=False).ids == words.encode(text)
        assert made.decode(words.encode(text)) == text
    assert made.token_to_id("<|ja|>") == words.to_language_token("ja")


def test_the_asset_is_small_and_has_a_card() -> None:
    files = [f for f in MODEL.rglob("*") if f.is_file()]
    assert sum(f.stat().st_size for f in files) <= 15_000_000
    card = (MODEL / "CARD.md").read_text(encoding="utf-8")
    assert "python -m voice.training.train" in card
