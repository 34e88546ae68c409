"""Laws of the checks: no foreign number survives, every quote is in its passage, a second check changes nothing."""

from __future__ import annotations

import re
import time

import pytest
from checks_passages import EN, JA, passage
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answering.checks import Checked, check
from assistant.answering.figures import Stated, figures
from assistant.answering.numerals import plain_numbers
from assistant.answering.reply_sentences import split_reply
from knowledge.passage import Passage

settings.register_profile("checks", deadline=None, max_examples=150)  # Sudachi's first word loads its dictionary
settings.load_profile("checks")
LANGUAGES = st.sampled_from(["ja", "ja-x-easy", "en", "zh-Hans", "vi", "pt-BR", "ko"])
PIECES = st.sampled_from(
    [
        "14日以内に届け出ます。",
        "手数料は無料です。",
        "市民課に届け出ます。",
        "届け出は14日",
        " [1]",
        "[2]",
        "[1][3]",
        "[1, 2]",
        "【3】",
        "[7]",
        "\n",
        "\n- ",
        "\n1. ",
        "\n2. ",
        "・",
        "。",
        ". ",
        "！",
        "：",
        ":",
        "**",
        "# ",
        "「",
        "」",
        "(",
        ")",
        "国際課で",
        "30日",
        "五万円",
        "a.m. ",
        "You must report within 14 days. ",
        "It is free. ",
        "ありがとうございます。",
        "転出証明書を持ってきてください。",
        "\r\n",
        "\u200b",
        "[",
        "]",
        "1",
        "A copy costs 300 yen. ",
        "https://www.city.asanagi.example/apply",
        "委任状があれば代理人も届け出できます。",
        "第22条",
        "①",
        "½",
        "٣",
    ]
)
REPLIES = st.lists(PIECES, max_size=14).map("".join)
NO_NUMBERS = [
    passage(0, "市民課に新しい住所を届け出てください。転出証明書を持ってきてください。", title="転入届"),
    passage(1, "Report your new address to the resident division. Bring the certificate.", "en", title="Moving in"),
]


def unmarked(checked: Checked) -> str:
    """The text without markers and without the numbers of list items, which our own code writes."""
    return re.sub(r"(?m)^\d+\. ", "", re.sub(r"\[\d+\]", "", checked.text))


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(["日", "円", " days", "", "%", "階", "人", "年", "月"])),
        min_size=1,
        max_size=4,
    ),
    LANGUAGES,
)
def test_no_number_that_is_absent_from_the_passage_survives(numbers: list[tuple[int, str]], language: str) -> None:
    held = [passage(0, "届け出は14日以内、手数料は300円、窓口は2番、定員は25人です。届け出ます。")]
    reply = "\n".join(f"届け出は{n}{unit}です。[1]" for n, unit in numbers)
    checked = check(reply, held, language, "届け出")
    assert set(re.findall(r"\d+", unmarked(checked))) <= {"14", "300", "2", "25"}


@given(st.one_of(REPLIES, st.text(max_size=200)), LANGUAGES)
@example("届け出は７日です。[1]", "ja")
@example("届け出は٣日です。[1]", "ja")
@example("届け出は❼日です。[1]", "ja")
@example("A7 [1]", "en")
def test_passages_without_numbers_give_text_without_digits(reply: str, language: str) -> None:
    checked = check(reply, NO_NUMBERS, language, "届け出")
    assert not any(letter.isdigit() for letter in unmarked(checked))


@given(st.one_of(REPLIES, st.text(max_size=200)), st.sampled_from([JA, EN, JA + EN]), LANGUAGES, st.text(max_size=30))
@example("[1]3. 市民課です。国際課です。 7. 市民課です[1]", JA, "ja", "")
@example("[[1]1] 14日以内に届け出ます。", JA, "ja", "")
@example("9" * 5000 + "日です。[1]", JA, "ja", "")
@example("一" * 5000 + "日です。[1]", JA, "ja", "")
@example("14日以内に届け出ます。[1] 14日以内に届け出ます。[1]", JA, "ja", "")
def test_arbitrary_text_never_raises_and_every_quote_is_in_its_passage(
    reply: str, passages: list[Passage], language: str, question: str
) -> None:
    checked = check(reply, passages, language, question)
    assert bool(checked.text) == bool(checked.citations)
    for citation in checked.citations:
        assert citation.quote in citation.passage.text
        assert 0 < len(citation.quote) <= 200
    used = [int(n) for n in re.findall(r"\[(\d+)\]", checked.text)]
    assert list(dict.fromkeys(used)) == list(range(1, len(checked.citations) + 1))  # in order of first use


@given(REPLIES, st.sampled_from([JA, EN, JA + EN]), LANGUAGES)
@example("1. 14日以内に届け出ます。[1]\n2. 国際課に行きます。[1]\n\n市民課に届け出ます。[1]", JA, "ja")
@example("市民課です。[1]\n窓口：\n- 市民課（1番窓口）です[1]\n- 北浜支所です[1]", JA, "ja")
def test_checking_again_changes_nothing(reply: str, passages: list[Passage], language: str) -> None:
    first = check(reply, passages, language, "引っ越し")
    if not first.text:
        return
    again = check(first.text, [c.passage for c in first.citations], language, "引っ越し")
    assert again.dropped == ()
    assert again.text == first.text
    assert again.citations == first.citations


@given(st.text(max_size=300))
def test_every_digit_of_any_text_belongs_to_a_figure(text: str) -> None:
    for language in ("ja", "en", "vi"):
        digits = sum(c.isdigit() for c in plain_numbers(text, language))
        assert bool(figures(text, language)) or digits == 0 or "." in text or "/" in text


@given(st.text(max_size=200), LANGUAGES)
def test_a_text_states_all_of_its_own_figures(text: str, language: str) -> None:
    own = figures(text, language)
    assert all(map(Stated(own).holds, own))


@given(st.text(max_size=300))
def test_splitting_loses_no_letter_but_furniture(text: str) -> None:
    kept = sorted(c for s in split_reply(text) for c in s.text if c.isalpha())
    assert kept == sorted(c for c in text if c.isalpha()) or "```" in text or "~~~" in text


@pytest.mark.parametrize(
    "text",
    [
        "1" * 3900,
        "一" * 3900,
        "a" * 3900,
        "a." * 1900,
        "1," * 1900,
        "[1]" * 1300,
        "「" * 3900,
        "one hundred " * 320,
        " " * 3900,
        "「1-" * 1000,
        "1 " * 1900,
        "月" * 3900,
        "課" * 3900,
        "A " * 1900 + "Office",
        "+-" * 1900,
        "<" * 3900,
        "(" * 3900,
        "a@" * 1900,
        "**" * 1900,
    ],
    ids=lambda text: f"{text[:3]}*{len(text)}",
)
def test_a_spiteful_reply_costs_little_time(text: str) -> None:
    started = time.process_time()
    check(f"14日以内に届け出ます。[1]\n{text}[1]", JA, "ja", "")
    assert time.process_time() - started < 2.0
