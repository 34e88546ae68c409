"""Search finds the right text in the right layer, language and time."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from knowledge import building, faiss_index
from knowledge.passage import NATION, Document, Kind, Layer
from knowledge.search import Library, Query, owners_of
from knowledge.split import passages
from knowledge.tokens import tokens
from tests.strategies import TOWN, LetterEncoder, guide

DAY = date(2026, 5, 1)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path, LetterEncoder())


def shelve(library: Library, *held: Document, owner: str = TOWN) -> None:
    building.build(library.root, owner, [p for d in held for p in passages(d)], LetterEncoder())
    library.refresh()


def keys(
    library: Library, text: str, language: str = "ja", day: date = DAY, owners: tuple[str, ...] = (TOWN,)
) -> list[str]:
    found = library.search(Query(text=text, language=language, owners=owners, day=day))
    return [hit.passage.id for hit in found.hits]


def test_spellings_of_one_word_meet() -> None:
    assert tokens("引越しの手続", "ja") == tokens("引っ越しの手続き", "ja")
    assert set(tokens("ひっこした", "ja")) & set(tokens("引越し", "ja"))


@pytest.mark.parametrize(
    ("text", "language", "same"),
    [("đăng ký", "vi", "dang ky"), ("certidão", "pt-BR", "certidao"), ("ＴＥＬ", "en", "tel")],
)
def test_marks_that_people_leave_out_do_not_matter(text: str, language: str, same: str) -> None:
    assert tokens(text, language) == tokens(same, language)


def test_the_text_of_the_question_comes_first(library: Library) -> None:
    shelve(library, guide("dog", "犬の登録", text="30日以内"), guide("move-in", "転入届", text="14日以内"))
    assert keys(library, "転入届の期限")[0].startswith("guide:move-in@ja")


def test_expired_and_future_texts_are_not_found(library: Library) -> None:
    shelve(
        library,
        guide("old", "転入届 旧", valid_until=date(2026, 3, 31)),
        guide("now", "転入届 今", valid_from=date(2026, 4, 1), valid_until=date(2027, 3, 31)),
        guide("later", "転入届 新", valid_from=date(2027, 4, 1)),
    )
    assert keys(library, "転入届") == ["guide:now@ja#0"]
    assert keys(library, "転入届", day=date(2026, 3, 31)) == ["guide:old@ja#0"]
    assert keys(library, "転入届", day=date(2027, 4, 1)) == ["guide:later@ja#0"]


def test_the_same_text_comes_once_in_the_askers_language(library: Library) -> None:
    shelve(
        library,
        guide("move-in", "転入届", text="14日以内"),
        guide("move-in", "Đăng ký chuyển đến", language="vi", text="trong 14 ngày"),
    )
    assert keys(library, "đăng ký chuyển đến", "vi")[0].startswith("guide:move-in@vi")
    assert keys(library, "転入届", "vi")[0].startswith("guide:move-in@vi")
    assert keys(library, "転入届", "ja")[0].startswith("guide:move-in@ja")
    assert all(id_.startswith("guide:move-in@ja") for id_ in keys(library, "đăng ký chuyển đến", "pt-BR"))


def test_the_nearer_layer_wins_and_the_farther_one_is_still_found(library: Library) -> None:
    shelve(library, guide("move-in", "転入届", text="市の案内"))
    law = guide("a22", "住民基本台帳法 転入届", owner=NATION, layer=Layer.NATION, kind=Kind.LAW, text="転入をした者は")
    same = guide("move-in", "転入届", owner=NATION, layer=Layer.NATION, text="国の案内")
    shelve(library, law, same, owner=NATION)
    found = keys(library, "転入届", owners=owners_of(TOWN, None))
    assert [id_.partition("#")[0] for id_ in found] == ["guide:move-in@ja", "guide:a22@ja"]
    assert library.search(Query(text="転入届", language="ja", owners=(TOWN, NATION), day=DAY)).hits[
        0
    ].passage.layer is (Layer.TOWN)


def test_another_town_is_never_found(library: Library) -> None:
    shelve(library, guide("secret", "隣の市の転入届"), owner="111112")
    shelve(library, guide("own", "犬の登録"))
    assert all("secret" not in id_ for id_ in keys(library, "隣の市の転入届"))


@pytest.mark.parametrize("text", ["", " ", "。。。", "😀", "\ud800", "a" * 5000, "\x00", "()[]:*?\"'~^"])
def test_odd_questions_are_answered_without_an_error(library: Library, text: str) -> None:
    shelve(library, guide("move-in", "転入届"))
    assert isinstance(keys(library, text), list)


@given(st.text(max_size=60), st.sampled_from(["ja", "en", "zh-Hans", "vi"]))
def test_tokens_never_fail_and_hold_no_spaces(text: str, language: str) -> None:
    assert all(word and not any(c.isspace() for c in word) for word in tokens(text, language))


@given(hnp.arrays(np.float32, st.tuples(st.integers(2, 40), st.just(16)), elements=st.floats(-1, 1, width=16)))
@settings(deadline=None, max_examples=25)
def test_faiss_agrees_with_exact_search(tmp_path_factory: pytest.TempPathFactory, vectors: np.ndarray) -> None:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    path = tmp_path_factory.mktemp("faiss") / "vectors.faiss"
    faiss_index.build(path, vectors)
    index = faiss_index.FaissIndex(path)
    ids, scores = index.search(vectors[0], len(vectors))
    exact = np.sort(vectors @ vectors[0])[::-1]
    assert sorted(ids) == list(range(len(vectors)))
    assert np.allclose(scores, exact, atol=2e-2)
    allowed = np.zeros(len(vectors), dtype=bool)
    allowed[1] = True
    assert list(index.search(vectors[0], 5, allowed)[0]) == [1]
