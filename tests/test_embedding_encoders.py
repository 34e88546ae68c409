"""Every encoder keeps the same contract, and the light runtime agrees with sentence-transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.dense import (
    BUNDLED,
    Encoder,
    EncoderDamaged,
    EncoderUnavailable,
    ModelsExtraMissing,
    SentenceTransformerEncoder,
    StaticEncoder,
    load_encoder,
)
from knowledge.embedding.folder import write_folder
from knowledge.embedding.vocabulary import train_tokenizer

TEXTS = ["引っ越しの手続き", "住民票の写しの手数料は何円か", "How do I throw away a sofa?", "Tôi cần giấy", "垃圾"]


def _small_static(folder: Path, *, seed: int = 0) -> Path:
    tokenizer = train_tokenizer(TEXTS * 3, size=300)
    table = np.random.default_rng(seed).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    write_folder(folder, tokenizer, table)
    return folder


def _small_transformer(folder: Path) -> Path:
    """A BERT of random weights, made on the spot: the contract does not ask for sense."""
    pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    letters = sorted(set("".join(TEXTS)) - {" "})
    words = {word: n for n, word in enumerate(["[PAD]", "[UNK]", *letters])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    base = folder / "base"
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=64
    )
    fast.save_pretrained(base)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(base)
    inner = Transformer(str(base), max_seq_length=64)
    SentenceTransformer(modules=[inner, Pooling(16)], device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(
    scope="module",
    params=[
        "bundled",
        "static",
        pytest.param("static by sentence-transformers", marks=pytest.mark.model),
        pytest.param("transformer", marks=pytest.mark.model),
    ],
)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    folder = tmp_path_factory.mktemp("model")
    if request.param == "bundled":
        yield load_encoder(None)
    elif request.param == "static":
        yield load_encoder(str(_small_static(folder)))
    elif request.param == "transformer":
        yield load_encoder(str(_small_transformer(folder)))
    else:
        pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
        yield SentenceTransformerEncoder(str(_small_static(folder)))


def test_vectors_are_float32_of_unit_length_one_for_each_text(encoder: Encoder) -> None:
    for encode in (encoder.encode_queries, encoder.encode_passages):
        vectors = encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), encoder.dimension)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("text", ["", " \n", "😀", "\ud800", "\x00", "ごみ" * 50_000, "۝" * 1000])
def test_strange_and_very_long_texts_give_length_one_or_nothing(encoder: Encoder, text: str) -> None:
    vectors = encoder.encode_passages([text, "ごみ"])
    assert np.isfinite(vectors).all()
    length = float(np.linalg.norm(vectors[0]))
    assert length == 0 or abs(length - 1) < 1e-4


def test_a_text_has_the_same_vector_alone_and_in_any_batch(encoder: Encoder) -> None:
    together = encoder.encode_passages([*TEXTS, "", *TEXTS])
    for n, text in enumerate(TEXTS):
        alone = encoder.encode_passages([text])[0]
        assert np.allclose(together[n], alone, atol=1e-5)
        assert np.allclose(together[len(TEXTS) + 1 + n], alone, atol=1e-5)


def test_several_threads_get_the_same_vectors_as_one(encoder: Encoder) -> None:
    wanted = encoder.encode_queries(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: encoder.encode_queries(TEXTS), range(16)):
            assert np.allclose(found, wanted, atol=1e-5)


def test_the_name_tells_the_content(tmp_path: Path) -> None:
    one, same, other = (_small_static(tmp_path / str(n) / "model", seed=seed) for n, seed in enumerate((0, 0, 1)))
    assert StaticEncoder(one).name == StaticEncoder(same).name
    assert StaticEncoder(one).name != StaticEncoder(other).name


def test_width_and_case_make_no_difference() -> None:
    light = load_encoder(None)
    assert np.array_equal(light.encode_queries(["ＳＯＦＡ　ｺﾞﾐ"]), light.encode_queries(["sofa ゴミ"]))


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=6))
def test_any_texts_are_encoded_and_order_does_not_matter(texts: list[str]) -> None:
    light = load_encoder(None)
    assert np.allclose(light.encode_passages(texts), light.encode_passages(texts[::-1])[::-1], atol=1e-6)


@pytest.mark.model
def test_the_bundled_folder_gives_the_same_vectors_in_sentence_transformers() -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    texts = [*TEXTS, "。".join(TEXTS) * 10]
    light = load_encoder(None).encode_passages(texts)
    plain = sentence_transformers.SentenceTransformer(str(BUNDLED), device="cpu").encode(texts)
    assert np.abs(light - np.asarray(plain, dtype=np.float32)).max() < 1e-3
    assert np.abs(light - SentenceTransformerEncoder(str(BUNDLED)).encode_passages(texts)).max() < 1e-5


def test_the_bundled_model_loads_without_torch() -> None:
    program = (
        "import sys; from knowledge.dense import load_encoder; load_encoder(None).encode_queries(['ごみ']);"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_importing_the_port_reads_no_model() -> None:
    program = "import sys, knowledge.dense; print('tokenizers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("damage", ["missing", "short", "foreign", "too few rows"])
def test_a_damaged_folder_is_refused_with_its_cure(tmp_path: Path, damage: str) -> None:
    folder = _small_static(tmp_path / "model")
    table = folder / "model.safetensors"
    if damage == "missing":
        table.unlink()
    elif damage == "short":
        table.write_bytes(table.read_bytes()[:200])
    elif damage == "foreign":
        table.write_bytes(b"PK\x03\x04" * 100)
    else:
        from safetensors.numpy import save_file

        save_file({"embedding.weight": np.ones((2, 16), dtype=np.float16)}, table)
    with pytest.raises(EncoderDamaged, match="MADOGUCHI_EMBEDDING"):
        load_encoder(str(folder))


@pytest.mark.model
def test_a_model_that_cannot_be_had_offline_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderUnavailable, match="hf download nobody/no-such-model"):
        load_encoder("nobody/no-such-model")


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelsExtraMissing, match=r"madoguchi\[models\]"):
        load_encoder("nobody/no-such-model")


@pytest.mark.model
def test_prompts_come_from_the_models_own_config(tmp_path: Path) -> None:
    folder = _small_transformer(tmp_path)
    without = load_encoder(str(folder))
    config = folder / "config_sentence_transformers.json"
    value = json.loads(config.read_text(encoding="utf-8")) | {"prompts": {"query": "引っ越し", "document": ""}}
    config.write_text(json.dumps(value), encoding="utf-8")
    asked = load_encoder(str(folder))
    wanted = without.encode_queries(["引っ越し" + "垃圾"])
    assert np.allclose(asked.encode_queries(["垃圾"]), wanted, atol=1e-5)
    assert np.allclose(asked.encode_passages(["垃圾"]), without.encode_passages(["垃圾"]), atol=1e-5)
    assert asked.name != without.name


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [("multilingual-e5-small", "query: ", "passage: "), ("ruri-v3-30m", "検索クエリ: ", "検索文書: "),
     ("ruri-base", "クエリ: ", "文章: "), ("multilingual-e5-large-instruct", "Instruct: ", "")],
)  # fmt: skip
def test_known_families_get_their_prompts(tmp_path: Path, name: str, query: str, passage: str) -> None:
    plain = _small_transformer(tmp_path)
    named = plain.rename(tmp_path / name)
    encoder = SentenceTransformerEncoder(str(named))
    assert encoder._query_prompt.startswith(query)
    assert encoder._passage_prompt == passage
