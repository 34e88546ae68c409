"""Word and Excel files: headings, ruby, merged cells and sheets survive; bombs and passwords are refused unopened."""

from __future__ import annotations

import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from knowledge.errors import EncryptedSource, MalformedSource, SourceError, SourceTooLarge, UnsupportedSource
from knowledge.passage import Kind, Layer
from knowledge.sources.files import read
from knowledge.sources.reading import Origin, Reading

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUBY = (
    f"<w:p {W}><w:r><w:t>届は</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>まどぐち</w:t></w:r></w:rt><w:rubyBase><w:r>"
    "<w:t>窓口</w:t></w:r></w:rubyBase></w:ruby></w:r><w:del><w:r><w:delText>駅</w:delText></w:r></w:del>"
    "<w:r><w:t>へ</w:t></w:r></w:p>"
)


def origin(root: Path) -> Origin:
    return Origin(owner="482013", layer=Layer.TOWN, root=root)


def word(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("転入のしおり", style="Title")
    document.add_paragraph("はじめに読んでください。")
    document.add_heading("手続き", 1)
    document.add_heading("持ち物", 2)
    document.add_paragraph("転出証明書", style="List Bullet")
    document.element.body.insert(-1, parse_xml(RUBY))
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "手数料"
    table.cell(0, 1).text, table.cell(1, 1).text = "窓口 300円", "コンビニ 200円"
    document.save(str(path))
    return path


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "施設案内"
    sheet.append(["令和8年度の一覧"])
    sheet.append(["施設", "階", "開く日", "定員"])
    sheet.append(["公民館", "1階", date(2026, 4, 1), 30.0])
    sheet.append([None, "2階", datetime(2026, 4, 2, 9, 30), 0.5])
    sheet.merge_cells("A3:A4")
    faq = book.create_sheet("質問")
    faq.append(["質問", "回答"])
    faq.append(["何時から開きますか", "9時です"])
    fees = book.create_sheet("料金")
    fees.append(["証明書", "金額", None])
    fees.append(["住民票", 300, "本庁"])
    hidden = book.create_sheet("内部")
    hidden.append(["秘密", "メモ"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_word_keeps_headings_lists_tables_and_words_under_ruby(tmp_path: Path) -> None:
    document = read(word(tmp_path / "a.docx"), origin(tmp_path)).documents[0]
    assert (document.id, document.title, document.kind) == ("page:a.docx", "転入のしおり", Kind.PAGE)
    assert [(one.path, one.text) for one in document.sections] == [
        ((), "はじめに読んでください。"),
        (("手続き", "持ち物"), "- 転出証明書\n届は窓口へ\n手数料 | 窓口 300円\n | コンビニ 200円"),
    ]


def test_each_sheet_becomes_what_its_header_says(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "b.xlsx"), origin(tmp_path))
    page, faq = found.documents
    assert (page.id, page.title) == ("page:b.xlsx#施設案内", "b 施設案内")
    assert page.sections[0].text == (
        "令和8年度の一覧\n施設: 公民館 / 階: 1階 / 開く日: 2026-04-01 / 定員: 30\n"
        "施設: 公民館 / 階: 2階 / 開く日: 2026-04-02 09:30 / 定員: 0.5"
    )
    assert (faq.kind, faq.title, faq.sections[0].text) == (Kind.FAQ, "何時から開きますか", "9時です")
    table = found.tables[0]
    assert (table.id, table.kind, table.columns) == ("b.料金", "fees", ("item", "yen", "column 3"))
    assert table.rows == (("住民票", "300", "本庁"),)
    assert found.warnings == ("b.xlsx: the sheet 内部 is hidden or empty and was left out.",)
    assert "秘密" not in repr(found)


def test_a_sheet_that_should_be_a_table_and_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match="not known: 施設, 階"):
        read(workbook(tmp_path / "b.xlsx"), origin(tmp_path), kind="table")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "word/document.xml"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, part: str) -> None:
    bomb = packed(tmp_path / "bomb.docx", {part: b"<x/>", "media/zero.bin": bytes(40 * 1024 * 1024)})
    began = time.monotonic()
    with pytest.raises(SourceTooLarge, match=r"^bomb\.docx: "):
        read(bomb, origin(tmp_path))
    assert time.monotonic() - began < 2


def test_parts_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>", "a": bytes(range(256)) * 40})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(30):  # a directory that names one part many times
            info = archive.getinfo("a")
            twin = zipfile.ZipInfo(f"twin{n}")
            for key in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, key, getattr(info, key))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive._didModify = True  # type: ignore[attr-defined]
    with pytest.raises(MalformedSource, match="overlap"):
        read(path, origin(tmp_path))


def test_a_document_type_inside_is_refused(tmp_path: Path) -> None:
    lol = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 99 + b'"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(MalformedSource, match="DTD inside"):
        read(packed(tmp_path / "a.docx", {"word/document.xml": lol}), origin(tmp_path))


def test_passwords_and_old_office_files_are_told_apart(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    (tmp_path / "locked.xlsx").write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    (tmp_path / "old.doc").write_bytes(ole)
    with pytest.raises(EncryptedSource, match="without the password"):
        read(tmp_path / "locked.xlsx", origin(tmp_path))
    with pytest.raises(UnsupportedSource, match=r"Save it as \.docx or \.xlsx"):
        read(tmp_path / "old.doc", origin(tmp_path))


@pytest.mark.parametrize("make", [word, workbook])
def test_damage_anywhere_ends_in_a_reading_or_a_named_error(tmp_path: Path, make: object) -> None:
    assert callable(make)
    good = make(tmp_path / ("a.docx" if make is word else "a.xlsx"))
    raw = good.read_bytes()
    outcomes: set[type] = set()
    for start in range(0, len(raw), len(raw) // 40):
        for hurt in (raw[:start], raw[:start] + bytes(8) + raw[start + 8 :]):
            (tmp_path / f"hurt{good.suffix}").write_bytes(hurt)
            try:
                outcomes.add(type(read(tmp_path / f"hurt{good.suffix}", origin(tmp_path))))
            except SourceError as exc:
                outcomes.add(SourceError)
                assert str(exc).startswith("hurt")
    assert SourceError in outcomes and outcomes <= {Reading, SourceError}
