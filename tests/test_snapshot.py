"""An index version is whole or not there; the one in use survives crashes, damage and full disks."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import building, snapshot
from knowledge.asking import Alternative, Slot
from knowledge.errors import EncoderMismatch, IndexDamaged
from knowledge.passage import Document, Passage
from knowledge.search import Library, Query
from knowledge.snapshot import Snapshot
from knowledge.split import passages
from tests.strategies import TOWN, LetterEncoder, documents, guide


def slot(*words: str) -> Slot:
    return Slot(alternatives=(Alternative(words=words, weight=1.0),))


def pieces(*held: Document) -> list[Passage]:
    return [p for document in held for p in passages(document)]


MOVE = guide(
    "move-in", "転入届", text="新しい住所に住み始めた日から14日以内に届け出ます。", questions=("引っ越してきました",)
)
DOG = guide("dog", "犬の登録", text="飼い始めた日から30日以内に登録します。", questions=("犬を飼った",))


def found(root: Path, text: str, encoder: LetterEncoder) -> list[str]:
    library = Library(root, encoder)
    query = Query(text=text, language="ja", owners=(TOWN,), day=date(2026, 5, 1))
    return [hit.passage.key for hit in library.search(query).hits]


@given(st.lists(documents(), max_size=4, unique_by=lambda d: d.id))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_again(tmp_path: Path, held: list[Document]) -> None:
    written = pieces(*held)
    building.build(tmp_path, TOWN, written, LetterEncoder())
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    opened = Snapshot(folder, LetterEncoder())
    assert [opened.row(n).passage for n in range(opened.count)] == written


def test_only_changed_texts_are_embedded_again(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    first = building.build(tmp_path, TOWN, pieces(MOVE, DOG), encoder)
    changed = guide("dog", "犬の登録", text="飼い始めた日から10日以内に登録します。", questions=("犬を飼った",))
    encoder.embedded.clear()
    second = building.build(tmp_path, TOWN, pieces(MOVE, changed), encoder)
    assert first.reused == 0
    assert len(encoder.embedded) == second.embedded == 1
    assert "10日以内" in encoder.embedded[0]


def test_a_crash_in_the_middle_leaves_the_version_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    in_use = snapshot.current(tmp_path, TOWN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("knowledge.faiss_index.build", full)
    with pytest.raises(OSError, match="No space"):
        building.build(tmp_path, TOWN, pieces(MOVE, DOG), encoder)
    assert snapshot.current(tmp_path, TOWN) == in_use
    assert not list((tmp_path / TOWN).glob(".building-*"))
    assert found(tmp_path, "転入届", encoder) == ["guide:move-in"]


def test_a_killed_build_is_cleaned_up_by_the_next(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    left = tmp_path / TOWN / ".building-dead"
    left.mkdir(parents=True)
    (left / "rows.jsonl").write_text("half")
    assert found(tmp_path, "転入届", encoder) == []
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    assert not left.exists()


@pytest.mark.parametrize("name", ["vectors.faiss", "rows.jsonl", "rows.npz", "keys.npy", "manifest.json"])
def test_a_damaged_version_is_recognised_and_the_one_before_serves(tmp_path: Path, name: str) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), encoder)
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexDamaged):
        Snapshot(folder, encoder)
    library = Library(tmp_path, encoder)
    query = Query(text="転入届", language="ja", owners=(TOWN,), day=date(2026, 5, 1))
    assert [hit.passage.key for hit in library.search(query).hits] == ["guide:move-in"]
    assert library.damaged == {TOWN: folder.name}


def test_without_any_readable_version_search_says_so(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    (folder / "keys.npy").unlink()
    with pytest.raises(IndexDamaged, match="reindex"):
        found(tmp_path, "転入届", encoder)


def test_a_new_version_is_served_without_a_restart(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    library = Library(tmp_path, encoder)
    query = Query(text="犬の登録", language="ja", owners=(TOWN,), day=date(2026, 5, 1))
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    assert "guide:dog" not in [hit.passage.key for hit in library.search(query).hits]
    building.build(tmp_path, TOWN, pieces(MOVE, DOG), encoder)
    library.refresh()
    assert library.search(query).hits[0].passage.key == "guide:dog"


def test_an_index_of_another_encoder_is_refused(tmp_path: Path) -> None:
    class Other(LetterEncoder):
        name = "letters-2"

    building.build(tmp_path, TOWN, pieces(MOVE), LetterEncoder())
    folder = snapshot.current(tmp_path, TOWN)
    assert folder is not None
    with pytest.raises(EncoderMismatch):
        Snapshot(folder, Other())


def test_old_versions_go_and_an_open_one_goes_on_reading(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    first = snapshot.current(tmp_path, TOWN)
    assert first is not None
    held = Snapshot(first, encoder)
    for _ in range(3):
        building.build(tmp_path, TOWN, pieces(MOVE, DOG), encoder)
    assert sorted(f.name for f in (tmp_path / TOWN).glob("0*")) == ["00000003", "00000004"]
    assert held.row(0).passage.key == "guide:move-in"
    assert held.lexical.search([slot("転入", "届け")], 1.0, 3) is not None


def test_two_owners_do_not_see_each_other(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path, TOWN, pieces(MOVE), encoder)
    building.build(tmp_path, "111111", pieces(DOG), encoder)
    assert found(tmp_path, "犬の登録", encoder) == ["guide:move-in"]


def test_a_copied_index_folder_works_elsewhere(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    building.build(tmp_path / "a", TOWN, pieces(MOVE), encoder)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert found(tmp_path / "b", "転入届", encoder) == ["guide:move-in"]
    assert os.listdir(tmp_path / "b" / TOWN)
