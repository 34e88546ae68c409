"""PDF files and scans: reading order, OCR, and limits that hold against a hostile file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from knowledge.errors import MalformedSource, NoTextInSource, SourceTooLarge
from knowledge.passage import Layer
from knowledge.sources import ocr, pdf
from knowledge.sources.columns import Glyph, horizontal_text, is_vertical, vertical_text, without_shadows
from knowledge.sources.files import read
from knowledge.sources.reading import Origin

FONTS = [font for name in ("NotoSansCJK*Regular*", "ipag*.ttf") for font in Path("/usr/share/fonts").rglob(name)]
needs_ocr = pytest.mark.skipif(
    not ocr.available() or not FONTS, reason="needs tesseract with Japanese (tesseract-ocr-jpn) and a Japanese font"
)


def origin(root: Path) -> Origin:
    return Origin(owner="482013", layer=Layer.TOWN, root=root)


def column(text: str, x: float, top: float = 500.0, size: float = 10.0) -> list[Glyph]:
    return [Glyph(c, x, top - (n + 1) * size, x + size, top - n * size) for n, c in enumerate(text)]


def line(text: str, y: float, left: float = 50.0, size: float = 10.0) -> list[Glyph]:
    return [Glyph(c, left + n * size, y, left + (n + 1) * size, y + size) for n, c in enumerate(text)]


def pdf_of(operators: bytes) -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
        b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj 4 0 obj<</Length "
        + str(len(operators)).encode() + b">>stream\n" + operators + b"\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip


def picture(path: Path, text: str) -> Path:
    image = Image.new("L", (1400, 300), 255)
    ImageDraw.Draw(image).text((60, 100), text, font=ImageFont.truetype(str(FONTS[0]), 64), fill=0)
    image.save(path)
    return path


def test_a_page_is_a_section_named_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of(b"BT /F 12 Tf 20 200 Td (Hall hours are 9 to 5) Tj ET"))
    document = read(tmp_path / "a.pdf", origin(tmp_path)).documents[0]
    assert (document.id, document.title) == ("page:a.pdf", "Hall hours are 9 to 5")
    assert [(one.path, one.text) for one in document.sections] == [(("p. 1",), "Hall hours are 9 to 5")]


def test_columns_are_read_from_right_to_left_whatever_the_order_of_the_file() -> None:
    right, middle, left = "転入届を出す人は窓口に来る", "手数料はかからない", "午後五時に閉まる"
    glyphs = [*column(left, 60), *column(right, 100), *column(middle, 80)]
    assert is_vertical(glyphs)
    assert vertical_text(glyphs).split() == [right, middle, left]


def test_tiers_of_a_gazette_are_read_from_top_to_bottom() -> None:
    upper = [*column("上段の一行目です", 100), *column("上段の二行目です", 80)]
    lower = [*column("下段の一行目です", 100, 380), *column("下段の二行目です", 80, 380)]
    assert vertical_text([*lower, *upper]).split() == [
        "上段の一行目です", "上段の二行目です", "下段の一行目です", "下段の二行目です",
    ]  # fmt: skip


def test_words_drawn_twice_for_bold_count_once_and_double_letters_stay() -> None:
    shadow = [Glyph(g.char, g.left + 0.3, g.bottom, g.right + 0.3, g.top) for g in line("佐藤", 100)]
    assert horizontal_text(without_shadows([*line("佐藤", 100), *shadow])) == "佐藤"
    narrow = [Glyph("l", 50, 100, 52.6, 112), Glyph("l", 52.6, 100, 55.2, 112)]
    assert horizontal_text(without_shadows(narrow)) == "ll"


def test_lines_that_only_the_page_width_broke_are_joined() -> None:
    end = Glyph("\n", 0, 0, 0, 0, made=True)
    text = ["住民票の写しは本人確認書類を", "持って窓口に来ること。", "・手数料は三百円です"]
    glyphs = [glyph for part in text for glyph in (*line(part, 100), end)]
    assert horizontal_text(glyphs).strip() == f"{text[0]}{text[1]}\n{text[2]}"


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "slow.pdf").write_bytes(pdf_of(b"BT /F 12 Tf (x) Tj ET"))
    with pytest.raises(MalformedSource, match=r"^slow\.pdf: This PDF was not read within 0 s"):
        pdf.read_pdf(tmp_path / "slow.pdf", origin(tmp_path), max_seconds=0.001)


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    pages = [Image.new("L", (20, 20), 255) for _ in range(3)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:])
    with pytest.raises(SourceTooLarge, match="more than 2 pages"):
        read(tmp_path / "a.pdf", origin(tmp_path))


def test_a_form_that_draws_itself_without_end_is_given_up(tmp_path: Path) -> None:
    loop = pdf_of(b"/X Do BT /F 12 Tf (a) Tj ET").replace(b"/Resources<<", b"/Resources<</XObject<</X 5 0 R>>")
    head = b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 48>>stream\n"
    form = head + b"/X Do " * 8 + b"\nendstream endobj\ntrailer"
    (tmp_path / "loop.pdf").write_bytes(loop.replace(b"trailer", form))
    began = time.monotonic()
    with pytest.raises(MalformedSource, match=r"^loop\.pdf: This PDF was not read within 2 s"):
        pdf.read_pdf(tmp_path / "loop.pdf", origin(tmp_path), max_seconds=2.0)
    assert time.monotonic() - began < 8


def test_a_scan_without_tesseract_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    Image.new("L", (200, 200), 255).save(tmp_path / "scan.pdf")
    Image.new("L", (200, 200), 255).save(tmp_path / "scan.png")
    for name in ("scan.pdf", "scan.png"):
        with pytest.raises(NoTextInSource, match="Install tesseract"):
            read(tmp_path / name, origin(tmp_path))


@needs_ocr
def test_a_scanned_page_is_read_by_ocr_with_a_warning(tmp_path: Path) -> None:
    picture(tmp_path / "scan.png", "転入届は市民課の窓口で")
    Image.open(tmp_path / "scan.png").save(tmp_path / "scan.pdf", resolution=300)
    for name in ("scan.png", "scan.pdf"):
        found = read(tmp_path / name, origin(tmp_path))
        assert "転入届は市民課の窓口で" in found.documents[0].sections[0].text
        assert "OCR" in found.warnings[0] and found.warnings[0].startswith(name)


@needs_ocr
def test_a_picture_that_ocr_cannot_read_gives_no_words(tmp_path: Path) -> None:
    Image.effect_noise((600, 300), 120).save(tmp_path / "noise.png")
    with pytest.raises(NoTextInSource, match=r"^noise\.png: OCR could not read"):
        read(tmp_path / "noise.png", origin(tmp_path))


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "MAX_PIXELS", 100)
    Image.new("1", (20, 20)).save(tmp_path / "plan.png")
    with pytest.raises(SourceTooLarge, match="pixels"):
        read(tmp_path / "plan.png", origin(tmp_path))
