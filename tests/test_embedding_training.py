"""Training: the written pairs are whole, the held-back questions stay unseen, the same seed gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="the extra `models` is not installed")

from knowledge.dense import BUNDLED, StaticEncoder, load_encoder
from knowledge.embedding.contrastive import EncodedPairs, Recipe, first_table, train_table
from knowledge.embedding.corpus import law_pairs, public_pairs
from knowledge.embedding.folder import write_folder
from knowledge.embedding.guides import guide_pairs, pairs_without, questions_held_back, read_guides
from knowledge.embedding.measure import guide_figures, recall_at
from knowledge.embedding.pair import Pair, Source, held_back
from knowledge.embedding.tables import table_pairs
from knowledge.embedding.train import DEMO, train, training_pairs
from knowledge.embedding.vocabulary import new_tokenizer, token_parts, train_tokenizer
from knowledge.embedding.written import PAIRS, plain_count, read_entries, written_pairs

DATA = Path(__file__).parents[2] / "shared" / "data"
SMALL = Recipe(dimension=16, steps=30, batch=32)


def test_there_are_enough_written_pairs_in_every_language() -> None:
    assert plain_count() >= 1500
    for name in ("terms", "questions", "templates"):
        entries = read_entries(PAIRS / f"{name}.tsv")
        assert len({entry.official for entry in entries}) == len(entries)
        for entry in entries:
            assert entry.said or name == "terms"
            assert all(words for _, words in entry.local), entry.official


def test_a_broken_line_of_pairs_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("official\tsaid\ten\tzh-Hans\tvi\tpt-BR\n転入届\tひっこし\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms\.tsv, line 2"):
        read_entries(tmp_path / "terms.tsv")


def test_templates_put_the_term_into_every_language() -> None:
    pairs = list(written_pairs())
    assert not any("{}" in pair.left + pair.right for pair in pairs)
    asked = {pair.left for pair in pairs if pair.right == "転入届の必要書類"}
    assert "転入届に何を持っていけばいいですか" in asked
    assert any(text.startswith("quais documentos") for text in asked)


@given(st.lists(st.text(max_size=5), min_size=1, max_size=3))
def test_holding_back_is_the_same_each_time_and_grows_with_the_share(parts: list[str]) -> None:
    assert held_back(*parts) == held_back(*parts)
    assert not held_back(*parts, share=0.0)
    assert held_back(*parts, share=1.0)


def test_held_back_questions_are_in_no_training_pair() -> None:
    guides = read_guides(DEMO / "guides")
    held = questions_held_back(guides)
    asked = sum(len(guide.questions) for guide in guides)
    assert 0.08 < len(held) / asked < 0.22
    unseen = {question for _, question in held}
    kept = {question for guide in guides for question in guide.questions} - unseen
    pairs = pairs_without([*guide_pairs(guides), *table_pairs(DEMO / "tables"), *written_pairs()], unseen)
    trained = {text for pair in pairs for text in (pair.left, pair.right)}
    assert not unseen & trained
    assert kept <= trained


def test_law_halves_lose_no_text_of_a_short_article(tmp_path: Path) -> None:
    import gzip

    text = "転入をした者は、転入をした日から十四日以内に、市町村長に届け出なければならない。" + "氏名。住所。" * 5
    row = {"id": "x#1", "title": "住民基本台帳法 第二十二条", "text": text}
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    pairs = list(law_pairs(tmp_path))
    assert pairs[0].left == "住民基本台帳法"
    assert pairs[1].left + pairs[1].right == text


def test_a_missing_data_set_stops_training(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        public_pairs(tmp_path)


@pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is absent")
def test_public_pairs_come_from_the_allowed_sources_only() -> None:
    assert {pair.source for pair in public_pairs(DATA)} == {Source.LAW, Source.PAGE, Source.PARALLEL}


@pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is absent")
def test_no_evaluation_question_is_trained_on() -> None:
    texts = {text for pair in training_pairs(DATA) for text in (pair.left, pair.right)}
    assert len(texts) > 50_000
    for name in ("localgovfaq", "municipal_crosslingual", "lawqa_jp", "jsquad", "jaquad", "taipei_faq"):
        queries = (DATA / name / "queries.dev.jsonl").read_text(encoding="utf-8").splitlines()
        assert not {json.loads(line)["text"] for line in queries} & texts


def test_a_table_row_gives_its_names_in_every_language(tmp_path: Path) -> None:
    (tmp_path / "garbage_items.csv").write_text(
        "item,reading,aliases,category,item_en,item_vi\nソファー,そふぁー,長いす|ソファ,粗大ごみ,Sofa,\n",
        encoding="utf-8",
    )
    pairs = {(pair.left, pair.right) for pair in table_pairs(tmp_path)}
    names = {left for left, right in pairs if right == "ソファー"}
    assert names == {"そふぁー", "長いす", "ソファ", "Sofa"}
    assert ("how do I throw away Sofa", "ごみの分別 ソファー 粗大ごみ") in pairs


def test_the_tokenizer_cuts_where_the_script_changes() -> None:
    tokenizer = new_tokenizer()
    normal = tokenizer.normalizer.normalize_str("引っ越し、ゴミは４月14日ＡＢＣ！")
    cut = [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]
    assert cut == ["引", "っ", "越", "し", "ゴミ", "は", "4", "月", "14", "日", "abc"]


def test_every_merged_token_has_its_two_parts() -> None:
    tokenizer = train_tokenizer(["転入届 転入届 転出届 転出届"], size=50)
    parts = token_parts(tokenizer)
    for token, number in tokenizer.get_vocab().items():
        left, right = parts[number]
        if left >= 0:
            assert f"{tokenizer.id_to_token(int(left))}{tokenizer.id_to_token(int(right))}" == token
        else:
            assert token == "[UNK]" or len(token) == 1


def test_training_brings_pairs_together_and_repeats_itself() -> None:
    bags = [np.array([n], dtype=np.int32) for n in range(40)]
    pairs = EncodedPairs(left=bags[:20], right=bags[20:], groups=np.arange(20))
    parts = np.full((40, 2), -1, dtype=np.int32)
    start = first_table(np.ones(40, dtype=np.int64), parts, SMALL)
    once = train_table(start, parts, {Source.WRITTEN: pairs}, SMALL)
    again = train_table(start, parts, {Source.WRITTEN: pairs}, SMALL)
    assert np.array_equal(once, again)

    def found(table: np.ndarray) -> float:
        unit = table / np.linalg.norm(table, axis=1, keepdims=True)
        return float((np.argmax(unit[:20] @ unit[20:].T, axis=1) == np.arange(20)).mean())

    assert found(start) < 0.5 < found(once)


def test_pairs_of_one_group_do_not_push_each_other_away() -> None:
    bags = [np.array([n], dtype=np.int32) for n in range(4)]
    parts = np.full((4, 2), -1, dtype=np.int32)
    start = first_table(np.ones(4, dtype=np.int64), parts, SMALL)
    grouped = EncodedPairs(left=bags[:2], right=bags[2:], groups=np.zeros(2, dtype=np.int64))
    after = train_table(start, parts, {Source.WRITTEN: grouped}, SMALL)
    assert np.allclose(after, start, atol=1e-5)  # one positive, no negative: nothing to learn


def test_the_same_pairs_give_the_same_bytes(tmp_path: Path) -> None:
    words = [("ごみ", "燃やすごみの分別"), ("ひっこし", "転入届の手続き"), ("birth", "出生届"), ("赤ちゃん", "出生届")]
    pairs = [Pair(left=a, right=b, group=b, source=Source.WRITTEN) for a, b in words * 3]
    for name in ("one", "two"):
        trained = train(pairs, SMALL, vocabulary=120)
        write_folder(tmp_path / name, trained.tokenizer, trained.table)
    for file in ("model.safetensors", "tokenizer.json", "modules.json", "config_sentence_transformers.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    encoder = StaticEncoder(tmp_path / "one")
    assert recall_at(encoder, ["ごみ"], ["燃やすごみの分別", "転入届の手続き"], [{0}], 1) == 1.0


def test_the_bundled_model_is_small() -> None:
    files = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 16_000_000


def test_the_bundled_model_finds_held_back_questions_far_better_than_chance() -> None:
    figures = guide_figures(load_encoder(None), read_guides(DEMO / "guides"))
    assert figures["guides ja n"] >= 50
    assert figures["guides ja recall@1"] > 0.5
    assert figures["guides ja recall@5"] > 0.75


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ("ソファーを捨てたい", "粗大ごみの申し込み", "図書館の利用カード"),
        ("I want to throw away a sofa", "粗大ごみの申し込み", "図書館の利用カード"),
        ("垃圾怎么分类", "家庭ごみの分別", "国民年金への加入"),
        ("con tôi mới sinh", "出生届", "軽自動車税"),
        ("perdi meu cartão My Number", "マイナンバーカードの紛失", "水道の使用開始"),
        ("赤ちゃんが生まれた", "出生届", "死亡届"),
    ],
)
def test_the_bundled_model_knows_other_words_and_languages(asked: str, right: str, wrong: str) -> None:
    encoder = load_encoder(None)
    near, far = encoder.encode_passages([right, wrong]) @ encoder.encode_queries([asked])[0]
    assert near > far + 0.1
