"""`madoguchi ingest`, `town` and `reindex` as an operator meets them: counts, reasons, status, nothing half done."""

import io
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.store.database import open_engine
from assistant.store.knowledge import KnowledgeStore
from connectors.sandbox.egov import EgovSandbox, Mode
from knowledge import snapshot
from knowledge.dense import StaticEncoder, load_encoder
from knowledge.search import Library, Query
from tests.conftest import SHARED

TOWN, PREFECTURE, NATION = "999993", "990001", "000000"
EGOV_ID = "405AC0000000088"
DOG = "# 犬の登録\n\n飼い始めた日から30日以内に環境課で登録します。手数料は3,000円です。\n"
BIN = "# コンポスト容器の補助\n\n生ごみ処理容器を買った人に、費用の半分を補助します。\n"
LAW = """<?xml version="1.0" encoding="UTF-8"?>
<Law Era="Heisei" Year="5" Num="88" LawType="Act" Lang="ja"><LawNum>平成五年法律第八十八号</LawNum><LawBody>
<LawTitle>試験手続法</LawTitle><MainProvision><Article Num="1"><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1">
<ParagraphNum/><ParagraphSentence><Sentence>標準処理期間は{days}日とする。</Sentence></ParagraphSentence>
</Paragraph></Article></MainProvision></LawBody></Law>"""

Run = Callable[..., tuple[int, str, str]]
"""Arguments → exit status, stdout, stderr."""


def environment(home: Path, **more: str) -> dict[str, str]:
    held = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    return {**held, "MADOGUCHI_HOME": str(home), **more}


def process(home: Path, *arguments: str, limit: int | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """A real `madoguchi`, in an empty folder; `limit` bytes is the largest file it may write."""

    def bound() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "assistant", *arguments]
    env = {**environment(home, **more), "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        command, env=env, cwd=home.parent, capture_output=True, text=True, timeout=240, preexec_fn=bound, check=False
    )  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same command in this process, which is what keeps these tests short."""
    for name in [name for name in os.environ if name.startswith("MADOGUCHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, home: Path = tmp_path / "home", **more: str) -> tuple[int, str, str]:
        monkeypatch.setenv("MADOGUCHI_HOME", str(home))
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def served(run: Run) -> Run:
    """`run` over a home that serves one empty town."""
    assert run("town", "add", "--code", TOWN, "--name", "試験市", "--prefecture", PREFECTURE)[0] == 0
    return run


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "dog.md").write_text(DOG)
    (folder / "bin.md").write_text(BIN)
    return folder


def counts(out: str) -> tuple[int, ...]:
    found = re.search(r"added (\d+), changed (\d+), unchanged (\d+), withdrawn (\d+), failed (\d+)", out)
    assert found, out
    return tuple(int(number) for number in found.groups())


def texts(home: Path, question: str, owner: str = TOWN) -> list[str]:
    """What search over the index on disk finds."""
    query = Query(text=question, language="ja", owners=(owner,), day=date(2026, 11, 1))
    return [hit.passage.text for hit in Library(home / "index", load_encoder(None)).search(query).hits]


def version(home: Path, owner: str = TOWN) -> str:
    folder = snapshot.current(home / "index", owner)
    return folder.name if folder else ""


def test_a_real_process_counts_and_a_second_run_changes_nothing(tmp_path: Path, pages: Path) -> None:
    home = tmp_path / "home"
    assert process(home, "town", "add", "--code", TOWN, "--name", "試験市").stdout == f"{TOWN} 試験市\n"
    first = process(home, "ingest", str(pages), "--town", TOWN)
    assert (first.returncode, counts(first.stdout)) == (0, (2, 0, 0, 0, 0)), first.stderr
    assert first.stdout.count("\n") == 1, "one line for programs on stdout"
    before = version(home)
    second = process(home, "ingest", str(pages), "--town", TOWN)
    assert (second.returncode, counts(second.stdout)) == (0, (0, 0, 2, 0, 0))
    assert version(home) == before


def test_a_changed_page_costs_only_its_own_texts(
    served: Run, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []

    def counting(self: StaticEncoder, texts: list[str]) -> object:
        encoded.extend(texts)
        return whole(self, texts)

    whole = StaticEncoder.encode_passages
    monkeypatch.setattr(StaticEncoder, "encode_passages", counting)
    served("ingest", str(pages), "--town", TOWN)
    (pages / "dog.md").write_text(DOG.replace("3,000", "3,500"))
    assert len(encoded) == 2
    encoded.clear()
    status, out, _ = served("ingest", str(pages), "--town", TOWN)
    assert (status, counts(out)) == (0, (0, 1, 1, 0, 0))
    assert len(encoded) == 1 and "3,500円" in encoded[0]
    assert "3,500円" in texts(tmp_path / "home", "犬の登録")[0]


def test_a_removed_page_is_withdrawn_and_no_longer_found(served: Run, pages: Path, tmp_path: Path) -> None:
    served("ingest", str(pages), "--town", TOWN)
    assert any("半分を補助" in text for text in texts(tmp_path / "home", "コンポスト容器の補助"))
    (pages / "bin.md").unlink()
    status, out, _ = served("ingest", str(pages), "--town", TOWN)
    assert (status, counts(out)) == (0, (0, 0, 1, 1, 0))
    assert not any("半分を補助" in text for text in texts(tmp_path / "home", "コンポスト容器の補助"))


def test_a_page_that_broke_is_named_and_its_earlier_version_stays(served: Run, pages: Path, tmp_path: Path) -> None:
    served("ingest", str(pages), "--town", TOWN)
    (pages / "bin.md").write_bytes(b"\x00\x01\x02" * 500)
    status, out, err = served("ingest", str(pages), "--town", TOWN)
    assert (status, counts(out)) == (1, (0, 0, 1, 0, 1))
    assert re.search(r"^failed: bin\.md: .+\.$", err, re.M), "the file's name and the cure"
    assert any("半分を補助" in text for text in texts(tmp_path / "home", "コンポスト容器の補助"))


def test_a_withdrawn_page_that_comes_again_is_found_again(served: Run, pages: Path, tmp_path: Path) -> None:
    served("ingest", str(pages), "--town", TOWN)
    (pages / "bin.md").unlink()
    served("ingest", str(pages), "--town", TOWN)
    (pages / "bin.md").write_text(BIN)
    assert counts(served("ingest", str(pages), "--town", TOWN)[1]) == (1, 0, 1, 0, 0)
    assert any("半分を補助" in text for text in texts(tmp_path / "home", "コンポスト容器の補助"))


def test_a_town_that_is_not_served_is_refused_with_the_cure(served: Run, pages: Path) -> None:
    status, out, err = served("ingest", str(pages), "--town", "131016")
    assert (status, out) == (2, "") and "madoguchi town add" in err and "Traceback" not in err


def test_a_missing_path_fails_and_the_others_go_in(served: Run, pages: Path) -> None:
    status, out, err = served("ingest", str(pages / "nowhere"), str(pages), "--town", TOWN)
    assert (status, counts(out)) == (1, (2, 0, 0, 0, 1))
    assert "nowhere: there is no such file or folder. Check the path." in err


@pytest.mark.parametrize(("layer", "owner"), [("nation", NATION), ("prefecture", PREFECTURE), ("town", TOWN)])
def test_the_layer_says_whose_knowledge_it_is(served: Run, pages: Path, tmp_path: Path, layer: str, owner: str) -> None:
    assert served("ingest", str(pages), "--town", TOWN, "--layer", layer)[0] == 0
    assert [f.name for f in (tmp_path / "home" / "index").iterdir()] == [owner]


def test_the_prefecture_layer_needs_a_prefecture(run: Run, pages: Path) -> None:
    run("town", "add", "--code", TOWN, "--name", "試験市")
    status, _, err = run("ingest", str(pages), "--town", TOWN, "--layer", "prefecture")
    assert status == 2 and "names no prefecture" in err


@pytest.fixture
def egov(tmp_path: Path) -> Iterator[EgovSandbox]:
    """The stand-in with two wordings of one law."""
    for day, days in (("20200401", "三十"), ("20260401", "十四")):
        (tmp_path / f"{EGOV_ID}_{day}_000000000000000.xml").write_text(LAW.format(days=days))
    with EgovSandbox(sorted(tmp_path.glob("*.xml"))) as sandbox:
        yield sandbox


def test_a_law_comes_from_egov_as_it_stood_on_the_day(served: Run, tmp_path: Path, egov: EgovSandbox) -> None:
    law = ("ingest", f"law:{EGOV_ID}", "--town", TOWN, "--layer", "nation", "--egov", egov.base)
    assert counts(served(*law, "--as-of", "2021-01-01")[1]) == (1, 0, 0, 0, 0)
    assert "三十日" in texts(tmp_path / "home", "標準処理期間", NATION)[0]
    assert counts(served(*law, "--as-of", "2021-01-01")[1]) == (0, 0, 1, 0, 0)
    assert counts(served(*law, "--as-of", "2026-05-01")[1]) == (0, 1, 0, 0, 0)
    assert "十四日" in texts(tmp_path / "home", "標準処理期間", NATION)[0]
    assert "asof=2026-05-01" in egov.asked[-1]


@pytest.mark.parametrize("law", ["342AC0000000081", "no-law", "../../etc/passwd"])
def test_an_unknown_law_fails_by_name(served: Run, egov: EgovSandbox, law: str) -> None:
    status, out, err = served("ingest", f"law:{law}", "--town", TOWN, "--layer", "nation", "--egov", egov.base)
    assert (status, counts(out)) == (1, (0, 0, 0, 0, 1))
    assert "failed: law:" in err and "e-Gov" in err


@pytest.mark.parametrize("mode", [Mode.TORN, Mode.BROKEN, Mode.DOWN])
def test_a_service_that_fails_takes_no_law_away(served: Run, tmp_path: Path, egov: EgovSandbox, mode: Mode) -> None:
    law = ("ingest", f"law:{EGOV_ID}", "--town", TOWN, "--layer", "nation", "--egov", egov.base)
    served(*law)
    egov.mode = mode
    status, out, err = served(*law)
    assert (status, counts(out)) == (1, (0, 0, 0, 0, 1)) and "again" in err
    assert "十四日" in texts(tmp_path / "home", "標準処理期間", NATION)[0]


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow"])
def test_a_day_that_is_none_is_refused(served: Run, pages: Path, day: str) -> None:
    status, _, err = served("ingest", str(pages), "--town", TOWN, "--as-of", day)
    assert status == 2 and "2026-04-01" in err


def test_towns_are_added_replaced_and_listed(run: Run, tmp_path: Path) -> None:
    profile = tmp_path / "town.yaml"
    profile.write_text(f'code: "{TOWN}"\nname: {{ja: 試験市, en: Test City}}\nprefecture: "{PREFECTURE}"\n')
    assert run("town", "add", str(profile)) == (0, f"{TOWN} 試験市\n", "")
    assert run("town", "add", "--code", "999985", "--name", "別の市")[0] == 0
    profile.write_text(f'code: "{TOWN}"\nname: 新しい市\n')
    assert run("town", "add", str(profile))[1] == f"{TOWN} 新しい市\n"
    assert run("town", "list")[1] == f"999985 別の市\n{TOWN} 新しい市\n"


@pytest.mark.parametrize(
    "text", ["", "code: 5", "name: x", "- a", "code: '12'\nname: x", "a: [", "code: '１２３４５６'\nname: x"]
)
def test_a_town_file_that_is_none_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "town.yaml").write_text(text)
    status, out, err = run("town", "add", str(tmp_path / "town.yaml"))
    assert (status, out) == (2, "") and err.startswith("madoguchi: ") and "Traceback" not in err


@pytest.mark.parametrize("name", ["vectors.faiss", "rows.jsonl", "manifest.json"])
def test_reindex_mends_a_damaged_index(served: Run, pages: Path, tmp_path: Path, name: str) -> None:
    served("ingest", str(pages), "--town", TOWN)
    folder = snapshot.current(tmp_path / "home" / "index", TOWN)
    assert folder is not None
    (folder / name).write_bytes(b"damaged")
    status, out, _ = served("reindex", "--town", TOWN)
    assert (status, out) == (0, f"{TOWN}: version 00000002, 2 texts embedded\n")
    assert "3,000円" in texts(tmp_path / "home", "犬の登録")[0]


def test_an_import_mends_a_damaged_index_too(served: Run, pages: Path, tmp_path: Path) -> None:
    served("ingest", str(pages), "--town", TOWN)
    folder = snapshot.current(tmp_path / "home" / "index", TOWN)
    assert folder is not None
    (folder / "rows.jsonl").unlink()
    assert counts(served("ingest", str(pages), "--town", TOWN)[1]) == (0, 0, 2, 0, 0)
    assert "3,000円" in texts(tmp_path / "home", "犬の登録")[0]


def test_reindex_of_an_unknown_town_builds_nothing(served: Run, tmp_path: Path) -> None:
    status, _, err = served("reindex", "--town", "131016")
    assert status == 2 and "madoguchi town list" in err
    assert not (tmp_path / "home" / "index" / "131016").exists()


def test_half_a_configuration_is_refused_before_anything_is_written(run: Run, pages: Path, tmp_path: Path) -> None:
    status, out, err = run("ingest", str(pages), "--town", TOWN, MADOGUCHI_LLM_API_KEY="sk-secret-1")
    assert (status, out) == (2, "") and "MADOGUCHI_LLM is not" in err and "sk-secret" not in err
    assert not (tmp_path / "home").exists()


def hostile_files(folder: Path) -> set[str]:
    """Files that are not what they seem; their names."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b" " * 300_000_000)
    entities = '<!DOCTYPE Law [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Law><LawBody>&b;</LawBody></Law>'
    loop = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    files = {
        "bomb.docx": bomb.getvalue(), "entities.xml": entities.encode(), "header.csv": "りんご,みかん\n1,2\n".encode(),
        "loop.pdf": loop, "junk.md": bytes(range(256)) * 40,
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return set(files)


def test_good_files_go_in_and_each_bad_one_is_named(served: Run, pages: Path, tmp_path: Path) -> None:
    page = "<html><head><title>水道の開始</title></head><body><h1>水道の開始</h1><p>先に連絡します。</p></body></html>"
    (pages / "water.html").write_bytes(page.encode("shift_jis"))
    bad = hostile_files(pages)
    status, out, err = served("ingest", str(pages), "--town", TOWN)
    assert (status, counts(out)) == (1, (3, 0, 0, 0, len(bad))), err
    named = {line.removeprefix("failed: ").partition(":")[0] for line in err.splitlines() if "failed: " in line}
    assert named == bad
    assert "連絡" in texts(tmp_path / "home", "水道の開始")[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def held(home: Path) -> list[str]:
    engine = open_engine(f"sqlite:///{home / 'madoguchi.db'}")
    titles = [document.title for document in KnowledgeStore(engine).documents(TOWN)]
    engine.dispose()
    return titles


def many(folder: Path, count: int) -> None:
    for n in range(count):
        (folder / f"p{n}.md").write_text(f"# 手続き{n}\n\n" + f"{n}番の届け出は{n}日以内に出します。\n" * 30)


@pytest.mark.peer
def test_a_full_disk_is_said_plainly_and_nothing_is_lost(small_disk: Path, pages: Path, tmp_path: Path) -> None:
    home = small_disk / "home"
    assert process(home, "town", "add", "--code", TOWN, "--name", "試験市").returncode == 0
    assert process(home, "ingest", str(pages), "--town", TOWN).returncode == 0
    before, known = version(home), held(home)
    big = tmp_path / "big"
    big.mkdir()
    many(big, 900)
    failed = process(home, "ingest", str(big), "--town", TOWN)
    assert failed.returncode == 2 and "disk is full" in failed.stderr and "Traceback" not in failed.stderr
    assert (version(home), held(home)) == (before, known)
    assert not list((home / "index" / TOWN).glob(".building-*"))
    assert "3,000円" in texts(home, "犬の登録")[0]
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    again = process(home, "ingest", str(big), "--town", TOWN)
    assert (again.returncode, counts(again.stdout)) == (0, (900, 0, 0, 0, 0)), again.stderr


@pytest.mark.peer
def test_an_import_that_does_not_fit_leaves_the_index_in_use(tmp_path: Path, pages: Path) -> None:
    home = tmp_path / "home"
    process(home, "town", "add", "--code", TOWN, "--name", "試験市")
    assert process(home, "ingest", str(pages), "--town", TOWN).returncode == 0
    before = version(home)
    many(pages, 600)
    size = (home / "madoguchi.db").stat().st_size
    failed = process(home, "ingest", str(pages), "--town", TOWN, limit=size + 8192)
    assert failed.returncode == 2 and "disk is full" in failed.stderr and "Traceback" not in failed.stderr
    assert version(home) == before and "3,000円" in texts(home, "犬の登録")[0]
    again = process(home, "ingest", str(pages), "--town", TOWN)
    assert again.returncode == 0 and version(home) > before
    assert "7番の届け出" in texts(home, "手続き7")[0]


def test_a_read_only_home_is_said_plainly(small_disk: Path, pages: Path) -> None:
    home = small_disk / "home"
    process(home, "town", "add", "--code", TOWN, "--name", "試験市")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    failed = process(home, "ingest", str(pages), "--town", TOWN)
    assert failed.returncode == 2 and "can't be written" in failed.stderr and "Traceback" not in failed.stderr


def test_the_real_pages_with_their_faults_go_in(served: Run, tmp_path: Path) -> None:
    folder = SHARED / "docs_samples" / "html_egov_2013"
    if not folder.exists():
        pytest.skip("shared data set docs_samples is not on this machine")
    status, out, err = served("ingest", str(folder), "--town", TOWN)
    assert status == 0 and counts(out)[0] == 4, err
