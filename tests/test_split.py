"""Documents become passages without losing text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.passage import document_payload
from knowledge.split import MAX_PASSAGE_CHARS, cut, passages
from knowledge.stored import document_from
from tests.strategies import any_text, documents, guide


@given(any_text, st.integers(1, 50))
def test_cutting_loses_nothing_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = list(cut(text, limit))
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(documents())
def test_every_section_is_in_some_passage(document) -> None:
    def solid(text: str) -> str:
        return re.sub(r"\s", "", text)

    split = passages(document)
    joined = "".join(solid(p.text) for p in split)
    assert all(solid(section.text) in joined for section in document.sections)
    assert len({p.id for p in split}) == len(split) >= 1
    assert all(len(p.text) <= MAX_PASSAGE_CHARS for p in split[1:])


@given(documents())
def test_a_stored_document_comes_back_as_it_was(document) -> None:
    assert document_from(document_payload(document)) == document


def test_sentences_stay_whole_where_they_fit() -> None:
    pieces = list(cut("あ" * 5 + "。" + "い" * 5 + "。", 8))
    assert pieces == ["あああああ。", "いいいいい。"]


def test_only_the_first_passage_carries_the_questions() -> None:
    first, *rest = passages(guide("x", "題", text="本文です。", questions=("何ですか",)))
    assert first.questions == ("何ですか",)
    assert all(p.questions == () for p in rest)
