"""Large shelves: what is found fast is what a full search finds, and a start reads no gigabytes."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench import synthetic
from knowledge import building, checksums, faiss_index, keys, lexical, snapshot
from knowledge.dense import load_encoder
from knowledge.passage import Passage
from knowledge.rows import terms_in
from knowledge.search import Library, Query
from knowledge.snapshot import Snapshot
from knowledge.split import passages
from tests.strategies import TOWN, LetterEncoder, guide

DAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def material() -> synthetic.Material:
    return synthetic.material(None)


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory, material: synthetic.Material) -> tuple[Library, Library]:
    """The same 1,500 passages as a town's shelf and as one of many passages."""
    pieces, encoder, found = synthetic.corpus(material, 1_500), load_encoder(None), []
    for most in (lexical.MANY, 1_000):
        root = tmp_path_factory.mktemp("shelf")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lexical, "MANY", most)
            building.build(root, synthetic.OWNER, pieces, encoder)
        found.append(Library(root, encoder))
    return found[0], found[1]


def test_a_large_shelf_answers_as_a_small_one(shelves: tuple[Library, Library], material: synthetic.Material) -> None:
    same = total = 0
    for text in synthetic.questions(material, 60):
        query = Query(text=text, language="ja", owners=(synthetic.OWNER,), day=DAY, k=5)
        small, large = ([hit.passage.id for hit in library.search(query).hits] for library in shelves)
        total += len(small)
        same += len(set(small) & set(large))
    assert total == 300
    assert same >= 285


def test_a_passage_weighs_what_the_index_says(shelves: tuple[Library, Library], material: synthetic.Material) -> None:
    shelf = shelves[1].shelf(synthetic.OWNER)
    assert shelf is not None and shelf.many
    for text in synthetic.questions(material, 20):
        slots = shelves[1].asking.asked(text, "ja").slots
        weigh = shelf.lexical.weigher(slots, 40.0, shelf.lengths)
        for ordinal, score in shelf.lexical.search(slots, 40.0, 30):
            assert weigh(terms_in(shelf.row(ordinal), ordinal)) == pytest.approx(score, abs=1e-5)


def test_cells_find_the_nearest_that_are_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((60, 32)).astype(np.float32)
    vectors = centres[rng.integers(0, 60, 6_000)] + 0.5 * rng.standard_normal((6_000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    monkeypatch.setattr(faiss_index, "EXACT_UP_TO", 1_000)
    faiss_index.build(tmp_path / "v", vectors)
    index = faiss_index.FaissIndex(tmp_path / "v")
    allowed = np.arange(6_000) % 3 == 0
    found = 0
    for asked in vectors[:50]:
        ids, _ = index.search(asked, 10, allowed)
        assert allowed[ids].all()
        best = np.flatnonzero(allowed)[np.argsort(-(vectors[allowed] @ asked))[:10]]
        found += len(set(ids.tolist()) & set(best.tolist()))
    assert found >= 480
    assert np.allclose(index.of(np.array([5, 77])), vectors[[5, 77]], atol=1e-3)
    assert np.allclose(index.vectors(0, 6_000), vectors, atol=1e-3)


def test_what_is_out_of_force_does_not_crowd_out_what_is_in_force(tmp_path: Path) -> None:
    old = [guide(f"old-{n}", "犬の登録", text="犬の登録は犬の登録です。") for n in range(80)]
    pieces = [
        p
        for document in (
            *old,
            guide("dog", "窓口", text="登録します。" + "窓口は平日の朝から夕方まで開いています。" * 8),
        )
        for p in passages(document)
    ]
    expired = [p if p.key == "guide:dog" else _ended(p) for p in pieces]
    building.build(tmp_path, TOWN, expired, LetterEncoder())
    query = Query(text="犬の登録", language="ja", owners=(TOWN,), day=DAY)
    hits = Library(tmp_path, LetterEncoder()).search(query).hits
    assert {hit.passage.key for hit in hits} == {"guide:dog"}
    assert hits[0].lexical > 0


def _ended(passage: Passage) -> Passage:
    return replace(passage, valid_until=date(2026, 1, 1))


_languages = st.dictionaries(st.sampled_from(["ja", "en", "zh-Hans", "ja-x-easy"]), st.integers(0, 2**31 - 1))


@given(st.dictionaries(st.text(max_size=20), _languages, max_size=30), st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_keys_are_found_again(
    tmp_path_factory: pytest.TempPathFactory, held: dict[str, dict[str, int]], other: str
) -> None:
    path = tmp_path_factory.mktemp("keys") / "keys.npy"
    keys.write(path, held)
    opened = keys.Keys(path)
    assert all(opened.versions(key) == versions for key, versions in held.items())
    assert opened.versions(other) == held.get(other, {})


def test_a_large_file_is_read_once_and_again_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checksums, "LARGE", 10)
    building.build(tmp_path, TOWN, passages(guide("dog", "犬の登録")), LetterEncoder())
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    read: list[str] = []
    real = checksums.sha256_of
    monkeypatch.setattr(checksums, "sha256_of", lambda path: read.append(path.name) or real(path))
    Snapshot(folder, LetterEncoder())
    assert "rows.jsonl" not in read
    raw = (folder / "rows.jsonl").read_bytes()
    os.utime(folder / "rows.jsonl")
    Snapshot(folder, LetterEncoder())
    Snapshot(folder, LetterEncoder())
    assert read.count("rows.jsonl") == 1
    (folder / "rows.jsonl").write_bytes(raw[:-3] + b"x" + raw[-2:])
    with pytest.raises(snapshot.IndexDamaged):
        Snapshot(folder, LetterEncoder())
