"""CSV files: questions become documents, known headers become tables, and nothing is read by half."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import MalformedSource, NoTextInSource, SourceError
from knowledge.passage import Kind, Layer
from knowledge.sources.corpus import documents_of
from knowledge.sources.faq import faq_reading
from knowledge.sources.files import discover, read, survey
from knowledge.sources.letters import clean
from knowledge.sources.reading import Origin
from knowledge.sources.rows import csv_rows
from knowledge.sources.table_forms import degrees, marked, schedule

WORDS = st.text(st.characters(exclude_characters="<", exclude_categories=["Cs", "Cc"]), max_size=40)


def origin(root: Path) -> Origin:
    return Origin(owner="482013", layer=Layer.TOWN, root=root)


def saved(root: Path, name: str, content: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), st.sampled_from(",\t;"))
def test_a_faq_keeps_every_question_and_answer(pairs: list[tuple[str, str]], delimiter: str) -> None:
    pairs = [(clean(question), clean(answer)) for question, answer in pairs]
    told = [(" ".join(q.split()), a.strip()) for q, a in pairs if q.strip() and a.strip()]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("質問", "回答"), *pairs])
    rows = csv_rows(out.getvalue(), "faq.csv")
    if not told:
        with pytest.raises(NoTextInSource):
            faq_reading(rows, origin(Path("/")))
        return
    found = faq_reading(rows, origin(Path("/"))).documents
    assert {(one.title, one.sections[0].text) for one in found} == set(told)
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize("header", ["質問,回答", "問,答", "Question,Answer", "Ｑ,Ａ", "質問 内容,回答内容"])
def test_faq_headers_are_known_by_their_many_names(tmp_path: Path, header: str) -> None:
    path = saved(tmp_path, "faq.csv", f"{header}\n住民票の手数料は,300円です\n".encode("cp932"))
    document = read(path, origin(tmp_path)).documents[0]
    assert (document.kind, document.title, document.questions) == (Kind.FAQ, "住民票の手数料は", ("住民票の手数料は",))
    assert document.id.startswith("faq:faq/") and document.sections[0].text == "300円です"


def test_a_faq_uses_ids_leaves_drafts_out_and_reads_html(tmp_path: Path) -> None:
    text = (
        "ID,タイトル,質問,本文,ステータス,URL,更新日,カテゴリー\n"
        '7,戸籍,<p>休日も届け出できますか</p>,"<p>できます。</p><ul><li>夜間窓口</ul>",公開,https://x.example/7,'
        '2026/9/7 19:11,"くらし (faq/c1)\n子育て (faq/c2)"\n'
        "8,下書き,まだですか,まだです,非公開,,,\n9,空,何ですか,,公開,,,\n"
    )
    found = read(saved(tmp_path, "a/faq.csv", text), origin(tmp_path))
    document = found.documents[0]
    assert len(found.documents) == 1 and document.id == "faq:a/faq/7"
    assert document.questions == ("休日も届け出できますか", "戸籍")
    assert document.sections[0].text == "できます。\n- 夜間窓口"
    assert (document.url, str(document.as_of), document.topic) == ("https://x.example/7", "2026-09-07", "くらし")
    assert [warning.split(": ")[1] for warning in found.warnings] == [
        "1 rows are not public and were left out.", "1 rows without question or answer were left out.",
    ]  # fmt: skip


def test_two_answers_to_one_question_both_stay_and_repeats_count_once(tmp_path: Path) -> None:
    text = "質問,回答\n何時,9時\n何時,10時\n何時,9時\n"
    found = read(saved(tmp_path, "f.csv", text), origin(tmp_path))
    assert [one.sections[0].text for one in found.documents] == ["9時", "10時"]
    assert found.documents[0].id != found.documents[1].id
    assert "stand twice" in found.warnings[0]


def test_rows_of_another_width_are_refused_with_their_lines_and_nothing_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, "f.csv", '質問,回答\nイ,"二\n行"\nロ\nハ,ニ,ホ\nヘ,ト,\n')
    with pytest.raises(MalformedSource, match="line 4, 5 has another number") as caught:
        read(path, origin(tmp_path))
    assert "ハ" not in str(caught.value)


def test_an_unknown_header_is_named_with_those_that_are_accepted(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match=r"not known: 言語コード, 名称\. Accepted are 質問 and 回答"):
        read(saved(tmp_path, "x.csv", "言語コード,名称\naf,アフリカーンス語\n"), origin(tmp_path))


def test_a_table_uses_the_settings_beside_it(tmp_path: Path) -> None:
    saved(
        tmp_path, "tables.yaml",
        "- {file: fees.csv, kind: fees, title: 手数料, url: 'https://x.example/', department: resident, "
        "as_of: 2026-04-01, key: item, aliases: aliases, local: {en: item_en}}\n",
    )  # fmt: skip
    text = '項,item,aliases,yen,item_en\n1,住民票,写し|謄本,"1,300円",Copy\n'
    table = read(saved(tmp_path, "fees.csv", text), origin(tmp_path)).tables[0]
    assert (table.id, table.kind, table.title, table.department) == ("fees", "fees", "手数料", "resident")
    assert (table.key, table.aliases, table.local) == ("item", "aliases", (("en", "item_en"),))
    assert str(table.as_of) == "2026-04-01"
    assert dict(zip(table.columns, table.rows[0], strict=True)) == {
        "item": "住民票", "aliases": "写し|謄本", "yen": "1300", "項": "1", "item_en": "Copy",
    }  # fmt: skip


def test_a_table_without_settings_finds_kind_and_names_in_other_languages(tmp_path: Path) -> None:
    text = "品目,分別,item_vi,item_easy\n皿,燃やさないごみ,Đĩa,おさら\n"
    table = read(saved(tmp_path, "g.csv", text), origin(tmp_path)).tables[0]
    assert (table.kind, table.key) == ("garbage_items", "item")
    assert table.local == (("vi", "item_vi"), ("ja-x-easy", "item_easy"))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("- {kind: fees}", "each with 'file'"),
        ("- {file: fees.csv, kind: fees, keys: item}", "Unknown keys: keys"),
        ("- {file: fees.csv, kind: fees, key: name}", "not there: name"),
        ("- {file: fees.csv, kind: hours}", "needs the columns place, open, close"),
        ("- {file: fees.csv, kind: taxes}", "not known"),
        ("- {file: [", "not YAML"),
    ],
)
def test_faults_in_the_settings_are_named(tmp_path: Path, settings: str, told: str) -> None:
    saved(tmp_path, "tables.yaml", settings)
    with pytest.raises(MalformedSource, match=told):
        read(saved(tmp_path, "fees.csv", "item,yen\n住民票,300\n"), origin(tmp_path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("item,yen\n住民票,三百\n", "'yen' is not in its form in line 2"),
        ("item,yen\n住民票,300\n,1\n", "'item' is empty in line 3"),
    ],
)
def test_a_wrong_cell_of_a_table_is_named_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(MalformedSource, match=told):
        read(saved(tmp_path, "fees.csv", text), origin(tmp_path))


def test_cells_of_shelters_and_schedules_are_brought_into_one_form() -> None:
    assert [degrees(cell) for cell in ("33°52'42.9\"N ", "34.5", "1°30'0\"W")] == ["33.878583", "34.5", "-1.500000"]
    assert [marked(cell) for cell in ("○", "１", "あり", "", "0", "両方")] == ["1", "1", "1", "", "", "両方"]
    assert schedule("水2 水4") == schedule("水2、水4") == "水2,水4"


def test_a_corpus_is_streamed_line_by_line_and_a_bad_line_is_named(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "title": "手数料はいくらですか", "text": "300円", "lang": "ja", "url": "", "meta": {}}',
        '{"id": "b", "title": "窓口", "text": "1階", "lang": "en", "url": "https://x.example/"}',
        '{"id": "342AC0000000081#1", "title": "住民基本台帳法 第一条", "text": "この法律は", "lang": "ja",'
        ' "url": "", "meta": {"law_id": "342AC0000000081", "article": "第一条"}}',
    ]
    path = saved(tmp_path, "corpus.jsonl", "\n".join(lines) + "\n\n{oops\n")
    stream = documents_of(path, origin(tmp_path))
    asked, page, law = next(stream), next(stream), next(stream)
    assert (asked.kind, page.kind, law.kind) == (Kind.FAQ, Kind.PAGE, Kind.LAW)
    assert (law.id, law.key, law.sections[0].path) == ("342AC0000000081#1", "law:342AC0000000081#1", ("第一条",))
    assert (page.language, page.url) == ("en", "https://x.example/")
    with pytest.raises(MalformedSource, match="Line 5 is not JSON"):
        next(stream)
    with pytest.raises(MalformedSource, match="Line 2 has an id that stood before"):
        read(saved(tmp_path, "twice.jsonl", f"{lines[0]}\n{lines[0]}\n"), origin(tmp_path))


def test_a_folder_gives_its_files_in_order_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.csv", "a/y.html", ".git/x.md", ".hidden.md", "README.md", "a/tables.yaml", "a/film.mp4"):
        saved(tmp_path, name, "x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "out.md").symlink_to("/etc/hostname")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    seen = survey([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in seen.found] == ["b.md", "a/y.html", "a/z.csv"]
    assert {one.path.relative_to(tmp_path).as_posix(): one.reason for one in seen.skipped} == {
        ".git": "the folder is hidden", ".hidden.md": "the file is hidden", "gone.md": "the link leads nowhere",
        "README.md": "it belongs to the folder and is no knowledge itself", "a/loop": "a loop of links",
        "a/tables.yaml": "it belongs to the folder and is no knowledge itself",
        "out.md": "the link leads out of the folder",
        "a/film.mp4": "files ending in .mp4 are not read", "again": "a folder met before",
    }  # fmt: skip
    assert discover([tmp_path / "a"], "table") == [tmp_path / "a" / "z.csv"]
    assert discover([tmp_path / "README.md"]) == [tmp_path / "README.md"]


def test_a_kind_that_is_none_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kind must be one of"):
        read(tmp_path / "x.csv", origin(tmp_path), kind="tables")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path, "x.csv", "質問,回答\nイ,ロ\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SourceError, match="permissions"):
        read(path, origin(tmp_path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match=r"^gone\.csv: This is not a file"):
        read(tmp_path / "gone.csv", origin(tmp_path))
