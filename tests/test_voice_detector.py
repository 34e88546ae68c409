"""Where someone speaks: the voice detector as a stream and over a whole sound."""

from itertools import pairwise

import numpy as np
import pytest

from voice.speak import speak
from voice.speech import Audio
from voice.vad import FRAME, open_detector, speech_spans

pytest.importorskip("onnxruntime", reason="the extra `voice` is not installed")


def test_a_stream_frame_by_frame_gives_what_the_whole_gives() -> None:
    sound = speak("転入届の手続きを教えてください", "ja").samples
    sound = sound[: len(sound) // FRAME * FRAME]
    stream = open_detector()
    one_by_one = [stream.probability(frame) for frame in sound.reshape(-1, FRAME)]
    assert np.allclose(one_by_one, open_detector().probabilities(sound), atol=1e-4)
    assert max(one_by_one) > 0.9


def test_two_streams_do_not_hear_each_other() -> None:
    sound = speak("はい", "ja").samples[: FRAME * 12]
    one, other = open_detector(), open_detector()
    alone = one.probabilities(sound)
    other.probabilities(np.zeros(FRAME * 20, np.float32))
    one.reset()
    assert np.allclose(one.probabilities(sound), alone)


def test_half_a_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        open_detector().probabilities(np.zeros(100, np.float32))


@pytest.mark.parametrize("rate", [8000, 16_000, 48_000])
def test_speech_is_found_where_it_is(rate: int) -> None:
    said = speak("住民票について教えてください", "ja", rate).samples
    sound = np.concatenate([np.zeros(2 * rate, np.float32), said, np.zeros(3 * rate, np.float32)])
    (span,) = speech_spans(Audio(samples=sound, rate=rate))
    assert 1.7 < span.start < 2.6
    assert abs(span.end - (2 + len(said) / rate)) < 0.6


def test_spans_are_in_order_and_apart() -> None:
    said = speak("はい", "ja").samples
    gap = np.zeros(16_000, np.float32)
    spans = speech_spans(Audio(samples=np.concatenate([said, gap, said, gap, said]), rate=16_000))
    assert len(spans) == 3
    assert all(a.start < a.end <= b.start for a, b in pairwise(spans))
