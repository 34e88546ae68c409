"""Real files of municipalities, laws and libraries: each gives its text, or the error that names its fault.

The files are not part of this repository; the tests find them beside it and are skipped where they are not.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from knowledge.errors import EncryptedSource, MalformedSource, NoTextInSource, SourceError, UnsupportedSource
from knowledge.passage import NATION, Kind, Layer
from knowledge.sources import ocr
from knowledge.sources.corpus import documents_of
from knowledge.sources.files import discover, read, survey
from knowledge.sources.reading import Origin

DATA = Path(__file__).parents[2] / "shared" / "data"
SAMPLES = DATA / "docs_samples"
DEMO = Path(__file__).parents[1] / "knowledge" / "demo_city"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs shared/data beside the repository")

Outcome = str | type[SourceError]  # words that the text holds, "kind:rows" of a table, or the error
CMS, PDF, HTML, MD, SCANS = (
    "cms_exports_shirasagi", "pdf", "html_egov_2013", "md_digital_agency", "scans_ndl",
)  # fmt: skip
OUTCOMES: dict[str, Outcome] = {
    f"{CMS}/article_utf16le.csv": MalformedSource, f"{CMS}/faq.csv": MalformedSource,  # lists of folders
    f"{CMS}/garbage.csv": MalformedSource, f"{CMS}/lang.csv": MalformedSource,
    f"{CMS}/guide_full_template.csv": MalformedSource, f"{CMS}/procedures.csv": MalformedSource,
    f"{CMS}/questions.csv": MalformedSource, f"{CMS}/transitions.csv": MalformedSource,
    f"{CMS}/event_pages.csv": "○○○○○○○○○○", f"{CMS}/faq_pages.csv": "可能です。",
    f"{CMS}/facility_node_pages.csv": "facilities:10", f"{CMS}/sample1.xlsx": "facilities:15",
    f"{CMS}/sample2.xlsx": "shelters:5", f"{CMS}/shirasagi_City_designation_Shelter.csv": "shelters:10",
    f"{CMS}/opendata_sample2.xlsx": "住所: 東京タワー / 緯度: 35.658755",
    f"{CMS}/kikaku_seisaku.pdf": "佐藤 博 鈴木 茂 高橋 清 斎藤 拓也", f"{CMS}/pdf_file.pdf": "講習会添付資料",
    f"{HTML}/住民基本台帳法.html": "転入をした日から十四日以内に",
    f"{HTML}/児童手当法.html": "児童を養育している者に児童手当を支給する",
    f"{HTML}/墓地、埋葬等に関する法律.html": "死体（妊娠四箇月以上の死胎を含む。以下同じ。）を土中に葬ること",
    f"{HTML}/生活保護法施行令.html": "保護の実施機関",
    f"{MD}/accessibility-statement.md": "適合レベルAAに準拠", f"{MD}/compliance.md": "国家公務員",
    f"{MD}/copyright-policy.md": "政府標準利用規約(第2.0版)（https://", f"{MD}/news.md": "og:site_name: デジタル庁",
    f"{MD}/note.md": "デジタル庁", f"{MD}/privacy-policy.md": "フォームを経由しない", f"{MD}/privacy.md": "開示請求",
    f"{MD}/site-policy.md": "コピーライトポリシー（copyright-policy.md）", f"{MD}/social-media-policy.md": "Twitter",
    f"{MD}/デジタル庁の組織体制.md": "親: 内閣総理大臣", f"{MD}/デジタル庁人事.md": "新: 統括官",
    f"{MD}/デジタル庁幹部名簿.md": "氏名かな: ふじい ひさゆき",
    f"{MD}/デジタル社会構想会議の開催について.md": "座長 | 村井 純 | 慶應義塾大学 教授",
    f"{MD}/令和4年度予算概算要求・機構定員要求の概要.md": "令和3年度当初予算額（百万円）: 302972",
    f"{PDF}/acroform.pdf": "CHECKBOX", f"{PDF}/encrypted_aes-256.pdf": EncryptedSource,
    f"{PDF}/evil-xobjects.pdf": "Hello world", f"{PDF}/issue-449-vertical.pdf": "Test\nVertical\nLayout",
    f"{PDF}/jo_vertical_no_tounicode.pdf": "わたくしといふ現象は\n假定された有機交流電燈の\nひとつの青い照明です",
    f"{PDF}/kampo_gazette_vertical.pdf": "同条第二十二項において準用する場合を含む。",
    f"{PDF}/nlp2004slides_31p_no_tounicode.pdf": "コンパラブルな新聞記事からの固有表現の発見",
    f"{PDF}/taipei_org_chart_zh-TW.pdf": "市政大樓公共事務管理中心",
    f"{SCANS}/digidepo_11048278_po_geppo1803_00021.jpg": "はじめまして", f"{SCANS}/digidepo_3048008_0025.jpg": "職員",
    f"{SCANS}/digidepo_2531162_0024.jpg": NoTextInSource,  # faint; the two others are drawn with a brush
    f"{SCANS}/tategaki2026-04-24-094138.png": NoTextInSource, f"{SCANS}/yokogaki2026-04-24-103617.png": NoTextInSource,
    **{f"{SCANS}/{name}.xml": UnsupportedSource for name in (
        "digidepo_11048278_po_geppo1803_00021", "digidepo_2531162_0024", "digidepo_3048008_0025",
        "tategaki2026-04-24-094138", "yokogaki2026-04-24-103617")},
}  # fmt: skip


def origin(root: Path) -> Origin:
    return Origin(owner="482013", layer=Layer.TOWN, root=root)


def letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


def test_every_sample_has_an_expected_outcome() -> None:
    found = {path.relative_to(SAMPLES).as_posix() for path in discover([SAMPLES])}
    assert found == {name for name in OUTCOMES if ocr.available() or not name.endswith((".jpg", ".png"))}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.peer) if n.endswith((".jpg", ".png")) else n for n in OUTCOMES]
)
def test_a_sample_gives_its_text_or_its_named_error(name: str) -> None:
    if name.endswith((".jpg", ".png")) and not ocr.available():
        pytest.skip("needs tesseract with Japanese")
    expected = OUTCOMES[name]
    if not isinstance(expected, str):
        with pytest.raises(expected, match="^" + name.split("/")[0]):
            read(SAMPLES / name, origin(SAMPLES))
        return
    found = read(SAMPLES / name, origin(SAMPLES))
    if found.tables:
        assert f"{found.tables[0].kind}:{len(found.tables[0].rows)}" == expected
        return
    text = "\n".join(section.text for document in found.documents for section in document.sections)
    assert expected in text
    assert not any("\u2e80" <= char <= "\u2fdf" for char in text), "radical look-alikes"


def test_an_old_law_page_keeps_chapters_articles_and_captions() -> None:
    document = read(SAMPLES / HTML / "墓地、埋葬等に関する法律.html", origin(SAMPLES)).documents[0]
    paths = [section.path for section in document.sections]
    assert document.title == "墓地、埋葬等に関する法律"
    assert ("第二章 埋葬、火葬及び改葬", "第五条") in paths
    assert paths[-1] == ("附 則 （平成二三年一二月一四日法律第一二二号） 抄", "第一条（施行期日）")


def test_all_pages_of_the_demo_site_give_their_words() -> None:
    folder = DATA / "demo_city_joruri"
    corpus = {one.id: one for one in documents_of(folder / "corpus.jsonl", origin(folder))}
    pages = [read(path, origin(folder)).documents[0] for path in discover([folder / "html"])]
    assert len(pages) == len(corpus) == 205
    for page in pages:
        plain = corpus["jr" + Path(page.id).stem]
        kept = page.title + "".join(part for one in page.sections for part in (*one.path, one.text))
        lost = letters("".join(section.text for section in plain.sections)) - letters(kept)
        if page.id == "page:html/2017042700223.html":
            lost -= letters("まるたい")  # the one reading of ruby: words are kept without readings
        assert page.title == " ".join(plain.title.split())
        assert not lost, f"{page.id}: {lost}"


def test_all_laws_for_residents_stream_in_within_seconds() -> None:
    began = time.monotonic()
    laws = Origin(owner=NATION, layer=Layer.NATION, root=DATA)
    count = sum(one.kind is Kind.LAW and bool(one.sections[0].path) for one in documents_of(
        DATA / "laws_jp" / "articles.jsonl.gz", laws))  # fmt: skip
    assert count == 17_161
    assert time.monotonic() - began < 20


def test_a_genuine_law_of_e_gov_loses_no_sentence() -> None:
    path = next((DATA / "laws_jp" / "xml_sample").glob("*.xml"))
    documents = {one.id: one for one in read(path, Origin(owner=NATION, layer=Layer.NATION, root=DATA)).documents}
    article = documents["law:405AC0000000088#36_2"]
    assert article.title == "行政手続法 第三十六条の二" and str(article.valid_from) == "2024-04-01"
    assert [section.path for section in article.sections] == [
        ("第四章　行政指導", "第三十六条の二（行政指導の中止等の求め）", f"第{n}項") for n in "一二三"
    ]
    assert documents["law:405AC0000000088#16"].sections[0].path[:2] == ("第三章　不利益処分", "第二節　聴聞")
    text = "".join(section.text for one in documents.values() for section in one.sections)
    sentences = ["".join(one.itertext()) for one in ElementTree.parse(path).iter("Sentence")]
    assert len(sentences) > 280 and all(sentence in text for sentence in sentences)


@pytest.mark.parametrize(("city", "items", "days"), [("kameoka", 1760, 200), ("kyotango", 776, 1183)])
def test_garbage_of_two_real_cities_becomes_tables(city: str, items: int, days: int) -> None:
    raw = DATA / "garbage_sorting" / city / "raw"
    sorting = read(raw / "target.csv", origin(DATA)).tables[0]
    calendar = read(raw / "area_days.csv", origin(DATA)).tables[0]
    assert (sorting.kind, sorting.key, len(sorting.rows)) == ("garbage_items", "item", items)
    assert (calendar.kind, calendar.key, len(calendar.rows)) == ("garbage_days", "district", days)
    assert all(" " not in row[calendar.columns.index("schedule")] for row in calendar.rows)


def test_the_demo_city_reads_without_a_fault() -> None:
    seen = survey([DEMO])
    readings = [read(path, origin(DEMO)) for path in seen.found]
    ids = [document.id for reading in readings for document in reading.documents]
    ids += [table.id for reading in readings for table in reading.tables]
    assert len(ids) == len(set(ids)) >= len(seen.found)
    assert {table.kind for reading in readings for table in reading.tables} >= {"garbage_items", "fees", "hours"}
    assert not [warning for reading in readings for warning in reading.warnings]
