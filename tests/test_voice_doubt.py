"""Doubt: what a recogniser may not be believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.doubt import INVENTIONS, doubt, sure_enough
from voice.speech import Unheard


def test_plain_words_are_believed() -> None:
    spelled = "My phone number is zero zero zero zero"
    for text in ("転入届の手続きを教えてください", "はい", spelled, "はいはい", "12121212"):
        assert doubt(text, -0.2, 0.01, 4.0) is None


@pytest.mark.parametrize(
    ("text", "logprob", "silence", "why"),
    [
        ("", -0.1, 0.0, Unheard.NOT_SPEECH),
        ("……。", -0.1, 0.0, Unheard.NOT_SPEECH),
        ("転入届", -0.5, 0.9, Unheard.NOT_SPEECH),
        ("転入届", -1.4, 0.1, Unheard.UNSURE),
        ("転入届", float("nan"), 0.1, Unheard.UNSURE),
        ("ご視聴ありがとうございました。", -0.1, 0.1, Unheard.KNOWN_INVENTION),
        ("ご視聴 ありがとうございました!", -0.1, 0.1, Unheard.KNOWN_INVENTION),
        ("はい、ご視聴ありがとうございました", -0.1, 0.1, Unheard.KNOWN_INVENTION),
        ("Thanks for watching!", -0.1, 0.1, Unheard.KNOWN_INVENTION),
        ("ごみごみごみごみごみごみ", -0.1, 0.1, Unheard.REPEATING),
        ("the tax the tax the tax the tax the tax", -0.1, 0.1, Unheard.REPEATING),
        ("住民票の写しの手数料はいくらですか", -0.1, 0.1, Unheard.TOO_DENSE),
    ],
)
def test_what_is_doubted(text: str, logprob: float, silence: float, why: Unheard) -> None:
    assert doubt(text, logprob, silence, 0.3 if why is Unheard.TOO_DENSE else 3.0) is why


def test_thanks_of_a_resident_is_no_invention() -> None:
    assert doubt("ありがとうございました", -0.1, 0.1, 2.0) is None
    assert doubt("Thank you", -0.1, 0.1, 1.0) is None


def test_known_inventions_are_folded() -> None:
    assert all(phrase and not any(c.isspace() for c in phrase) for phrase in INVENTIONS)


@given(st.text(max_size=200), st.floats(-5, 0), st.floats(0, 1), st.floats(0, 30))
def test_doubt_never_fails(text: str, logprob: float, silence: float, seconds: float) -> None:
    assert doubt(text, logprob, silence, seconds) in (None, *Unheard)


def test_a_door_asks_again_rather_than_answer_what_it_may_have_misheard() -> None:
    assert sure_enough("転入届の期限はいつですか", 0.7)
    assert not sure_enough("転入届の期限はいつですか", 0.55)
    assert sure_enough("はい", 0.45) and sure_enough("no", 0.4)  # short words are never sure
    assert not sure_enough("はい", 0.2)
