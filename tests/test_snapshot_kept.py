"""A new version of an index takes over what did not change, and is the same as one that was built from nothing."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import building, kept, rows, snapshot
from knowledge.asking import Alternative, Slot
from knowledge.passage import Document, Passage
from knowledge.rows import Row
from knowledge.split import passages
from tests.strategies import TOWN, LetterEncoder, documents, guide

MOVE = guide("move-in", "転入届", text="住み始めた日から14日以内に届け出ます。", questions=("引っ越してきました",))
DOG = guide("dog", "犬の登録", text="飼い始めた日から30日以内に登録します。", questions=("犬を飼った",))
DOG_NOW = guide("dog", "犬の登録", text="飼い始めた日から10日以内に登録します。", questions=("犬を飼った",))


def slot(*words: str) -> Slot:
    return Slot(alternatives=(Alternative(words=words, weight=1.0),))


def pieces(*held: Document) -> list[Passage]:
    return [p for document in held for p in passages(document)]


def content(root: Path) -> tuple[bytes, bytes, dict[str, list[object]], list[list[float]]]:
    """All that a version holds, apart from the keyword index's own names."""
    folder = snapshot.current(root, TOWN)
    assert folder is not None
    columns = np.load(folder / "rows.npz")
    opened = snapshot.Snapshot(folder, LetterEncoder())
    vectors = opened.vectors.vectors(0, len(columns["digests"])).tolist() if opened.vectors else []
    held = {name: columns[name].tolist() for name in columns.files}
    return (folder / "rows.jsonl").read_bytes(), (folder / "keys.npy").read_bytes(), held, vectors


@given(st.lists(documents(), max_size=5, unique_by=lambda d: d.id), st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_version_after_another_equals_one_from_nothing(
    tmp_path_factory: pytest.TempPathFactory, held: list[Document], data: st.DataObject
) -> None:
    again, fresh = tmp_path_factory.mktemp("again"), tmp_path_factory.mktemp("fresh")
    before = data.draw(st.lists(st.sampled_from(held), unique_by=lambda d: d.id)) if held else []
    building.build(again, TOWN, pieces(*before, DOG), LetterEncoder())
    building.build(again, TOWN, pieces(*held, DOG_NOW), LetterEncoder())
    building.build(fresh, TOWN, pieces(*held, DOG_NOW), LetterEncoder())
    assert content(again) == content(fresh)
    for word in ("犬", "登録", "10"):
        searched = [snapshot.Snapshot(folder, LetterEncoder()).lexical.search([slot(word)], 1.0, 20)
                    for root in (again, fresh) if (folder := snapshot.current(root, TOWN))]  # fmt: skip
        assert searched[0] == searched[1]


def test_only_changed_passages_are_tokenised_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), LetterEncoder())
    monkeypatch.setattr(kept, "SAMPLED", 0)
    tokenised: list[str] = []

    def counted(passage: Passage) -> Row:
        tokenised.append(passage.text)
        return rows.row_of(passage)

    monkeypatch.setattr(kept, "row_of", counted)
    building.build(tmp_path, TOWN, pieces(MOVE, DOG_NOW), LetterEncoder())
    assert tokenised == ["飼い始めた日から10日以内に登録します。"]


def test_another_way_of_tokenising_spares_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), LetterEncoder())
    monkeypatch.setattr(rows, "tokens", lambda text, language: ["あたらしい"])
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), LetterEncoder())
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    opened = snapshot.Snapshot(folder, LetterEncoder())
    assert all(opened.row(n).body == ("あたらしい",) for n in range(opened.count))


def test_a_damaged_version_lends_nothing(tmp_path: Path) -> None:
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), LetterEncoder())
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    lines = (folder / "rows.jsonl").read_bytes()
    (folder / "rows.jsonl").write_bytes(lines.replace("引っ越し".encode(), "けっこん".encode()))
    built = building.build(tmp_path, TOWN, pieces(MOVE, DOG), LetterEncoder())
    assert built.reused == 0 and content(tmp_path)[0] == lines
