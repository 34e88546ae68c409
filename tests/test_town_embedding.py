"""`train-embedding` learns a town's own words, keeps a model only if it surely wins, else leaves all as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from assistant.curation.adapting import FORGIVEN, Adapter, Ranks, judge
from knowledge.dense import BUNDLED, StaticEncoder, load_encoder
from knowledge.embedding.folder import write_folder
from knowledge.embedding.guides import guide_pairs, questions_held_back, read_guides
from knowledge.embedding.paired import chance_of_luck, least_gain
from knowledge.embedding.town import Unseen, blind, town_pairs, unseen_questions
from knowledge.errors import ModelsExtraMissing
from knowledge.passage import Document, Table
from knowledge.search import Library
from tests.conftest import DEMO
from tests.strategies import TOWN, guide

ROOT = Path(__file__).parents[1]
DAY = date(2026, 5, 1)
NAMES = (
    "うみねこ かもめ とびうお さざなみ なぎさ ほたる すばる つばめ ひばり あざみ こだま いぶき しおり みさき".split()
)
WHAT = (
    "路線バス 図書館 プール 農園 駐輪場 結婚相談 起業支援 空き家改修 移動販売 健康診断 学童保育 奨学金 婚姻届 文化祭"
).split()
ASK = "{}を使う {}はいくら {}はどこ {}に申し込む {}をやめる {}の時間 {}って何 {}に行く 今日の{} {}を予約".split()


def town() -> list[Document]:
    return [
        guide(
            f"n{n}",
            what,
            text=f"{what}の案内です。窓口で受け付けます。",
            questions=tuple(form.format(name) for form in ASK),
        )
        for n, (name, what) in enumerate(zip(NAMES, WHAT, strict=True))
    ]


def few_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a hundred of our own pairs: reading all of them takes most of a short training's time."""
    from knowledge.embedding import adapt as training

    every = training.mixed_in()[::100]
    monkeypatch.setattr(training, "mixed_in", lambda: every)


def test_the_split_is_fixed_and_all_languages_share_it() -> None:
    documents = [*town(), *(guide(f"n{n}", "x", language="en", questions=tuple("abcdefghij")) for n in range(14))]
    held = unseen_questions(documents)
    assert held == unseen_questions(documents)
    by_language = [{question.group for question in held if question.language == code} for code in ("ja", "en")]
    assert by_language[0] == by_language[1]
    assert 0.05 < len(held) / 280 < 0.3


def test_the_demo_city_is_split_as_the_bundled_model_was_trained() -> None:
    texts = read_guides(ROOT / "knowledge" / "demo_city" / "guides")
    documents = [guide(t.id, t.title, language=t.language, questions=t.questions) for t in texts]
    held = {(q.key.removeprefix("guide:"), q.text) for q in unseen_questions(documents)}
    assert held == {(t.id, question) for t, question in questions_held_back(texts)}


def test_no_held_back_question_is_trained_on_or_indexed() -> None:
    faq = [guide(f"faq{n}", f"{name}の料金は?", text="百円です。") for n, name in enumerate(NAMES)]
    documents = [*town(), *faq]
    asked_elsewhere = unseen_questions(documents)[0].text
    documents.append(guide("same", "別の案内", questions=tuple(asked_elsewhere for _ in range(12))))
    held = unseen_questions(documents)
    assert {question.key.removeprefix("guide:")[:3] for question in held} >= {"faq"}
    pairs = town_pairs(documents, [], held)
    assert len(pairs) > 400
    for question in held:
        own = [p for p in pairs if p.group == question.key.removeprefix("guide:")]
        assert not [p for p in own if question.text in p.left or question.text in p.right]
        assert not [p for p in pairs if question.text in (p.left, p.right)]
    kept = {d.key: d for d in blind(documents, held)}
    for question in held:
        assert question.text not in (kept[question.key].title, *kept[question.key].questions)
    lost = sum(len(d.questions) for d in documents[:-1]) - sum(len(d.questions) for d in kept.values())
    assert lost <= len(held)


def test_other_names_in_tables_are_pairs() -> None:
    table = Table(
        id="places", owner=TOWN, kind="facilities", title="施設", url="https://x.example/", department="", as_of=DAY,
        key="name", aliases="aliases", local=(("en", "name_en"), ("vi", "name_vi")),
        columns=("name", "aliases", "name_en"), rows=(("なぎさ館", "海の家|なぎさ", "Nagisa Hall"), ("役所", "", "")),
    )  # fmt: skip
    assert {(p.left, p.right) for p in town_pairs([], [table], [])} == {
        ("海の家", "なぎさ館"), ("なぎさ", "なぎさ館"), ("Nagisa Hall", "なぎさ館")
    }  # fmt: skip


values = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=30)


@given(held=values)
def test_luck_is_a_probability_and_a_loss_is_never_sure_to_be_a_gain(held: list[tuple[float, float, int]]) -> None:
    old, new, groups = (list(column) for column in zip(*held, strict=True))
    luck = chance_of_luck(old, new, groups)
    assert 0 < luck <= 1
    assert chance_of_luck(old, old, groups) == 1
    if sum(new) < sum(old):
        assert luck >= 0.4
    assert least_gain(old, new, groups) <= max(b - a for a, b, _ in held) + 1e-9


def test_translations_of_one_question_count_once() -> None:
    old, new = [0.5] * 12, [1.0] * 12
    assert chance_of_luck(old, new, range(12)) < 0.01
    assert chance_of_luck(old, new, [n % 2 for n in range(12)]) > 0.2


UNSEEN = [Unseen(text=str(n), language="ja", key=str(n), group=(str(n), 0)) for n in range(40)]
TERMS = [str(n) for n in range(100)]


@pytest.mark.parametrize(
    ("questions", "words", "wins"),
    [([0.9] * 40, [0.8] * 100, True), ([0.5] * 40, [0.8] * 100, False), ([0.4] * 40, [1.0] * 100, False),
     ([0.9, 0.1] * 20, [0.8] * 100, False), ([0.9] * 40, [0.8 - 2 * FORGIVEN] * 100, False),
     ([0.9] * 40, [0.8 - FORGIVEN / 2] * 100, True), ([0.9] * 40, [1.0, 0.6 - FORGIVEN] * 50, False),
     ([0.9] + [0.5] * 39, [0.8] * 100, False)],
)  # fmt: skip
def test_only_a_sure_gain_without_a_loss_wins(questions: list[float], words: list[float], wins: bool) -> None:
    old = Ranks(questions=[0.5] * 40, words=[0.8] * 100)
    assert judge(old, Ranks(questions=questions, words=words), UNSEEN, TERMS).wins is wins


def test_without_questions_nothing_wins() -> None:
    assert not judge(Ranks(questions=[], words=[0.1]), Ranks(questions=[], words=[0.9]), [], ["x"]).wins


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("knowledge.embedding.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ModelsExtraMissing, match=r"madoguchi\[models\]"):
        Adapter(tmp_path / "embedding", Library(tmp_path, load_encoder(None))).run(TOWN, town(), [], DAY)
    assert not (tmp_path / "embedding").exists()


@pytest.mark.model
def test_a_model_that_surely_wins_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model in force is the bundled one with its vectors shaken: what training gives must beat it."""
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from knowledge.embedding import adapt as training

    few_mixed_in(monkeypatch)
    quick = partial(training.adapt, recipe=replace(training.GENTLE, steps=20, batch=64))
    shaken = quick([])
    noise = np.random.default_rng(1).normal(size=shaken.table.shape).astype(np.float32)
    write_folder(tmp_path / "shaken", shaken.tokenizer, shaken.table + 0.2 * noise)
    monkeypatch.setattr(training, "adapt", quick)
    texts = [t for t in read_guides(ROOT / "knowledge" / "demo_city" / "guides") if t.language == "ja"]
    documents = [guide(t.id, t.title, language=t.language, text=t.summary, questions=t.questions) for t in texts]
    library = Library(tmp_path / "index", StaticEncoder(tmp_path / "shaken"))
    done = Adapter(tmp_path / "embedding", library).run(TOWN, documents, [], DAY)
    assert done.verdict.wins, done.verdict
    assert done.folder is not None
    assert [path.name for path in (tmp_path / "embedding").iterdir()] == [done.folder.name]
    assert done.folder.name.startswith(TOWN)
    encoder = load_encoder(str(done.folder))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name not in (load_encoder(None).name, library.encoder.name)


@pytest.mark.model
def test_a_worse_model_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from knowledge.embedding import adapt as training

    few_mixed_in(monkeypatch)
    honest = training.adapt([], training.Recipe(steps=1, rate=1e-9, batch=8))
    noise = np.random.default_rng(1).normal(size=honest.table.shape).astype(np.float32)
    worse = training.Trained(tokenizer=honest.tokenizer, table=noise)
    monkeypatch.setattr(training, "adapt", lambda pairs: worse)
    done = Adapter(tmp_path / "embedding", Library(tmp_path, load_encoder(None))).run(TOWN, town(), [], DAY)
    assert not done.verdict.wins
    assert done.folder is None
    assert list((tmp_path / "embedding").iterdir()) == []


@pytest.mark.model
def test_the_command_says_so_and_ends_well_when_it_keeps_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from knowledge.embedding import adapt as training

    few_mixed_in(monkeypatch)
    same = training.adapt([], training.Recipe(steps=1, rate=1e-9, batch=8))
    monkeypatch.setattr(training, "adapt", lambda pairs: same)
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    assert main(["train-embedding", "--town", DEMO]) == 0
    assert "Not kept" in capsys.readouterr().out
    assert list((home / "embedding").iterdir()) == []
    assert main(["train-embedding", "--town", "111111"]) == 2


@pytest.mark.model
def test_the_same_knowledge_gives_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from knowledge.embedding import adapt as training

    few_mixed_in(monkeypatch)
    short = training.Recipe(steps=2, batch=16, mixture=training.GENTLE.mixture)
    pairs = town_pairs(town(), [], unseen_questions(town()))
    for name in ("one", "two"):
        trained = training.adapt(pairs, short)
        write_folder(tmp_path / name, trained.tokenizer, trained.table)
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two
    assert one != (BUNDLED / "model.safetensors").read_bytes()


@pytest.mark.model
def test_held_back_words_are_in_no_pair_of_the_mixture() -> None:
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    from knowledge.embedding import adapt as training

    held = training.unseen_words()
    assert len({word.ja for word in held}) > 100
    seen = {text for pair in training.mixed_in() for text in (pair.left, pair.right, pair.group)}
    assert not {text for word in held for text in (word.text, word.ja)} & seen


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_the_middle_nothing_half_is_left_for_use(home: Path) -> None:
    pytest.importorskip("torch", reason="the extra `models` is not installed")
    environment = {**os.environ, "MADOGUCHI_HOME": str(home), "PYTHONPATH": str(ROOT)}
    program = (
        "from knowledge.embedding import adapt as t; from assistant.cli import main; from dataclasses import replace;"
        "real = t.adapt; t.adapt = lambda pairs: real([], replace(t.GENTLE, steps=1));"
        f"main(['train-embedding', '--town', '{DEMO}'])"
    )
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment, **silent) as run:
        until = time.monotonic() + 180
        while not list((home / "embedding").glob(".new-*/index")) and time.monotonic() < until and run.poll() is None:
            time.sleep(0.02)
        assert run.poll() is None
        run.send_signal(signal.SIGKILL)
    left = list((home / "embedding").iterdir())
    assert left
    assert [path for path in left if not path.name.startswith(".new-")] == []
    for path in left:  # a day later the next run sweeps it
        os.utime(path, (1, 1))
    Adapter(home / "embedding", Library(home / "index", load_encoder(None)))._sweep()
    assert not list((home / "embedding").glob(".new-*"))


def test_guides_that_are_read_and_documents_that_are_stored_train_alike(tmp_path: Path) -> None:
    documents = town()[:2]
    pairs = {(p.left, p.right) for p in town_pairs(documents, [], unseen_questions(documents))}
    folder = tmp_path / "ja"
    folder.mkdir()
    for n, document in enumerate(documents):
        asked = "".join(f"  - {question}\n" for question in document.questions)
        (folder / f"n{n}.md").write_text(
            f"---\nid: n{n}\ntitle: {document.title}\nquestions:\n{asked}---\n", encoding="utf-8"
        )
    read = {(p.left, p.right) for p in guide_pairs(read_guides(tmp_path)) if p.left and p.right in WHAT}
    assert read and read <= pairs
    shutil.rmtree(folder)
