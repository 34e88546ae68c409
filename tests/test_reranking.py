"""A cross-encoder sorts the best hits anew; everything that search promises still holds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import build
from knowledge import building
from knowledge.errors import ModelsExtraMissing, RerankerUnavailable
from knowledge.passage import Hit
from knowledge.ranking import Scored
from knowledge.reranking import DEPTH, load_reranker, reranked
from knowledge.search import Library, Query
from knowledge.split import passages
from tests.conftest import settings_for
from tests.strategies import TOWN, LetterEncoder, guide, passage

DAY = date(2026, 5, 1)
LETTERS = "転入届出ごみ犬の登録手続き住民票abcdefghijklmnopqrstuvwxyz"


class Picky:
    """Finds the texts good that hold one word; notes what it was asked."""

    name = "picky"

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, int]] = []

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, len(texts)))
        return [0.99 if self.word in text else 0.01 for text in texts]


class Fixed:
    """Judges by a given list."""

    name = "fixed"

    def __init__(self, values: Sequence[float]) -> None:
        self.values = values

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        return list(self.values[: len(texts)])


def scored(fits: Sequence[float]) -> list[Scored]:
    held = []
    for n, fit in enumerate(sorted(fits, reverse=True)):
        hit = Hit(passage=passage(f"文{n}", id_=f"guide:{n:03}@ja#0"), score=fit, fit=fit, lexical=0.5, dense=0.5)
        held.append(Scored(hit=hit, features=None))  # type: ignore[arg-type]
    return held


shares = st.floats(0, 1)


@given(
    fits=st.lists(shares, max_size=4) | st.lists(shares, min_size=DEPTH + 1, max_size=DEPTH + 6),
    judged=st.lists(shares, min_size=DEPTH, max_size=DEPTH),
)
def test_nothing_is_lost_and_scores_fall(fits: list[float], judged: list[float]) -> None:
    before = scored(fits)
    after = reranked(Fixed(judged), "q", before)
    assert {s.hit.passage.id for s in after} == {s.hit.passage.id for s in before}
    assert len(after) == len(before)
    found = [s.hit.fit for s in after]
    assert all(0 <= fit <= 1 for fit in found)
    assert found == sorted(found, reverse=True)
    assert [s.hit.passage.id for s in after[DEPTH:]] == [s.hit.passage.id for s in before[DEPTH:]]


def test_only_the_best_are_read_again() -> None:
    picky = Picky("文")
    reranked(picky, "q", scored([n / 100 for n in range(DEPTH + 5)]))
    assert picky.asked == [("q", DEPTH)]
    assert reranked(picky, "q", []) == []
    assert len(picky.asked) == 1


def test_a_sure_judgement_turns_the_order_of_near_hits() -> None:
    assert [s.hit.passage.text for s in reranked(Picky("文1"), "q", scored([0.6, 0.5]))] == ["文1", "文0"]


def test_search_asks_it_with_title_and_text(tmp_path: Path) -> None:
    texts = [guide("dog", "犬の登録", text="手続きは30日以内"), guide("move", "転入届", text="手続きは14日以内")]
    building.build(tmp_path, TOWN, [p for d in texts for p in passages(d)], LetterEncoder())
    for word, first in (("犬", "guide:dog"), ("転入", "guide:move")):
        picky = Picky(word)
        library = Library(tmp_path, LetterEncoder(), reranker=picky)
        found = library.search(Query(text="手続き", language="ja", owners=(TOWN,), day=DAY))
        assert found.hits[0].passage.key == first
        assert picky.asked[0][0] == "手続き"
        assert [h.score for h in found.hits] == sorted((h.score for h in found.hits), reverse=True)


def test_no_setting_means_none() -> None:
    assert load_reranker(None) is None
    assert load_reranker("") is None


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelsExtraMissing, match=r"madoguchi\[models\]"):
        load_reranker("nobody/no-such-model")


def small(folder: Path, *, outputs: int = 1) -> str:
    """A cross-encoder of random weights, made on the spot."""
    pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(set(LETTERS))])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64,
    )  # fmt: skip
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=outputs, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.model
def test_a_cross_encoder_gives_each_text_a_probability_of_its_own(tmp_path: Path) -> None:
    reranker = load_reranker(small(tmp_path / "tiny"))
    assert reranker is not None
    assert reranker.name == "cross:tiny"
    texts = ["転入届", "ごみの手続き", "犬の登録", "", "長い" * 500, "\ud800?"[1:]]
    found = reranker.judge("犬の登録", texts)
    assert len(found) == len(texts)
    assert all(0 < value < 1 for value in found)
    assert len({round(value, 6) for value in found[:3]}) == 3
    assert found[:3] == pytest.approx(reranker.judge("犬の登録", texts[:3]), abs=1e-5)  # padding changes nothing
    assert found[0] != pytest.approx(reranker.judge("ごみ", ["転入届"])[0], abs=1e-6)  # the question is read too


@pytest.mark.model
def test_threads_may_share_it(tmp_path: Path) -> None:
    reranker = load_reranker(small(tmp_path / "tiny"))
    assert reranker is not None
    wanted = reranker.judge("犬", ["犬の登録", "ごみ"])
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reranker.judge("犬", ["犬の登録", "ごみ"]), range(12)):
            assert found == pytest.approx(wanted, abs=1e-6)


@pytest.mark.model
def test_a_model_with_several_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match="MADOGUCHI_RERANKER"):
        load_reranker(small(tmp_path / "wide", outputs=3))


@pytest.mark.model
def test_a_model_that_cannot_be_had_names_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    (tmp_path / "empty").mkdir()
    for name in ("nobody/no-such-model", str(tmp_path / "empty")):
        with pytest.raises(RerankerUnavailable, match="MADOGUCHI_RERANKER"):
            load_reranker(name)


@pytest.mark.model
def test_the_setting_puts_it_into_the_search(home: Path, tmp_path: Path) -> None:
    model = small(tmp_path / "tiny")
    query = Query(text="住民票", language="ja", owners=("482013",), day=DAY, k=20)
    found = []
    for setting in ("", model):
        system = build(settings_for(home, reranker=setting))
        found.append({hit.passage.key: hit.fit for hit in system.library.search(query).hits})
        system.close()
    assert found[0].keys() == found[1].keys()
    assert found[0] != found[1]
