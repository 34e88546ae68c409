"""Laws: every 条, 項 and 号 of 法令標準XML can be cited, from a file and from e-Gov's API over a real socket."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sandbox.egov import EgovSandbox, Mode
from knowledge.errors import MalformedSource, NoTextInSource, SourceError, UnsupportedSource
from knowledge.passage import NATION, Document, Kind, Layer
from knowledge.sources.egov import LawNotFound, LawServiceDown, fetch_law, get
from knowledge.sources.files import read
from knowledge.sources.law_text import kanji, ordinal
from knowledge.sources.reading import Origin

LAW = """<?xml version="1.0" encoding="UTF-8"?>
<Law Era="Showa" Lang="ja" LawType="Act" Num="081" Year="42"><LawNum>昭和四十二年法律第八十一号</LawNum>
<LawBody>
<LawTitle>住民試験法</LawTitle><TOC><TOCLabel>目次</TOCLabel></TOC>
<EnactStatement>ここに定める。</EnactStatement>
<MainProvision><Part Num="1"><PartTitle>第一編　総則</PartTitle><Chapter Num="4">
<ChapterTitle>第四章　届出</ChapterTitle>
<Section Num="1"><SectionTitle>第一節　転入</SectionTitle><Subsection Num="1">
<SubsectionTitle>第一款　通則</SubsectionTitle>
<Division Num="1"><DivisionTitle>第一目　細則</DivisionTitle>
<Article Num="22_3"><ArticleCaption>（転入届）</ArticleCaption><ArticleTitle>第二十二条の三</ArticleTitle>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence>転入をした者は、<Ruby>届<Rt>とど</Rt>
</Ruby>け出る。</Sentence>
<Sentence>ただし、次を除く。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence><Column><Sentence>氏名</Sentence></Column>
<Column><Sentence>戸籍の名をいう。</Sentence></Column></ItemSentence>
<Subitem1 Num="1"><Subitem1Title>イ</Subitem1Title><Subitem1Sentence><Sentence>通称</Sentence>
</Subitem1Sentence>
<Subitem2 Num="1"><Subitem2Title>（１）</Subitem2Title><Subitem2Sentence><Sentence>登録</Sentence>
</Subitem2Sentence></Subitem2>
</Subitem1></Item></Paragraph>
<Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence><Sentence>期間は表による。</Sentence>
</ParagraphSentence>
<TableStruct><Table><TableRow><TableColumn><Sentence>転入</Sentence></TableColumn><TableColumn>
<Sentence>十四日</Sentence>
</TableColumn></TableRow></Table></TableStruct></Paragraph></Article></Division></Subsection></Section>
</Chapter></Part>
<Part Num="2"><PartTitle>第二編　罰則</PartTitle><Article Num="38:40">
<ArticleTitle>第三十八条から第四十条まで</ArticleTitle>
<Paragraph Num="1"><ParagraphSentence><Sentence>削除</Sentence></ParagraphSentence></Paragraph></Article></Part>
</MainProvision>
<SupplProvision><SupplProvisionLabel>附則</SupplProvisionLabel><Paragraph Num="1"><ParagraphSentence>
<Sentence>公布の日から施行する。</Sentence></ParagraphSentence></Paragraph></SupplProvision>
<SupplProvision AmendLawNum="令和五年法律第一号"><SupplProvisionLabel>附則</SupplProvisionLabel>
<Article Num="1">
<ArticleCaption>（施行期日）</ArticleCaption><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1">
<ParagraphSentence>
<Sentence>令和六年から施行する。</Sentence></ParagraphSentence></Paragraph></Article></SupplProvision>
<AppdxTable Num="1"><AppdxTableTitle>別表第一</AppdxTableTitle><TableStruct><Table><TableRow><TableColumn>
<Sentence>市</Sentence>
</TableColumn><TableColumn><Sentence>区</Sentence></TableColumn></TableRow></Table></TableStruct></AppdxTable></LawBody></Law>"""
LAW_ID = "342AC0000000081"
OLD, NEW = f"{LAW_ID}_20240401_504AC0100000052", f"{LAW_ID}_20260401_507AC0100000001"


def origin(root: Path) -> Origin:
    return Origin(owner=NATION, layer=Layer.NATION, root=root)


@pytest.fixture
def law(tmp_path: Path) -> dict[str, Document]:
    path = tmp_path / f"{OLD}.xml"
    path.write_text(LAW, encoding="utf-8")
    return {document.id: document for document in read(path, origin(tmp_path)).documents}


def test_an_article_has_its_whole_path_and_its_items_in_its_paragraph(law: dict[str, Document]) -> None:
    article = law[f"law:{LAW_ID}#22_3"]
    place = ("第一編　総則", "第四章　届出", "第一節　転入", "第一款　通則", "第一目　細則", "第二十二条の三（転入届）")
    assert (article.kind, article.title, article.layer) == (Kind.LAW, "住民試験法 第二十二条の三", Layer.NATION)
    assert article.url == f"https://laws.e-gov.go.jp/law/{LAW_ID}#Mp-At_22_3"
    assert article.valid_from == date(2024, 4, 1)
    assert [(one.path, one.text) for one in article.sections] == [
        (
            (*place, "第一項"),
            "転入をした者は、届け出る。ただし、次を除く。\n一　氏名　戸籍の名をいう。\n　イ　通称\n　　（１）　登録",
        ),
        ((*place, "第二項"), "期間は表による。\n転入 | 十四日"),
    ]


def test_a_paragraph_that_stands_alone_is_cited_by_its_article(law: dict[str, Document]) -> None:
    assert law[f"law:{LAW_ID}#38:40"].sections[0].path == ("第二編　罰則", "第三十八条から第四十条まで")


def test_supplements_and_tables_are_documents_of_their_own(law: dict[str, Document]) -> None:
    assert list(law) == [f"law:{LAW_ID}#{part}" for part in (
        "EnactStatement", "22_3", "38:40", "suppl", "suppl:令和五年法律第一号", "AppdxTable1")]  # fmt: skip
    amending = law[f"law:{LAW_ID}#suppl:令和五年法律第一号"]
    assert amending.title == "住民試験法 附則（令和五年法律第一号）"
    assert amending.sections[0].path == ("附則（令和五年法律第一号）", "第一条（施行期日）")
    assert law[f"law:{LAW_ID}#AppdxTable1"].sections[0].text == "別表第一\n市 | 区"


def test_an_ordinance_takes_its_name_from_the_file_and_has_no_address_at_e_gov(tmp_path: Path) -> None:
    path = tmp_path / "seal.xml"
    path.write_bytes(LAW.replace("UTF-8", "Shift_JIS").encode("cp932"))
    document = next(one for one in read(path, origin(tmp_path)).documents if "#22_3" in one.id)
    assert (document.id, document.url, document.valid_from) == ("law:seal#22_3", "", None)
    assert "届け出る" in document.sections[0].text


@pytest.mark.parametrize(
    ("xml", "error", "told"),
    [
        ('<!DOCTYPE Law [<!ENTITY x SYSTEM "file:///etc/passwd">]><Law>&x;</Law>', MalformedSource, "DTD or entities"),
        ('<!DOCTYPE Law SYSTEM "http://127.0.0.1:9/x.dtd"><Law/>', MalformedSource, "DTD or entities"),
        ("<Law><LawBody></Law>", MalformedSource, "broken (line 1)"),
        ("<a>" * 2000 + "</a>" * 2000, MalformedSource, "nested too deeply"),
        ("<OCRDATASET/>", UnsupportedSource, "not 法令標準XML"),
        ("<Law><LawBody><LawTitle>空</LawTitle></LawBody></Law>", NoTextInSource, "no article"),
    ],
)
def test_other_xml_is_refused_by_name(tmp_path: Path, xml: str, error: type[SourceError], told: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(xml, encoding="utf-8")
    with pytest.raises(error, match=r"^x\.xml: ") as caught:
        read(path, origin(tmp_path))
    assert told in str(caught.value)


@given(st.integers(1, 9999))
def test_kanji_numbers_can_be_read_back(number: int) -> None:
    total = digit = 0
    for sign in kanji(number):
        if sign in "十百千":
            total += max(digit, 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = "〇一二三四五六七八九".index(sign)
    assert total + digit == number


def test_ordinals_are_written_as_laws_write_them() -> None:
    assert ordinal("22_3", "条") == "第二十二条の三" and ordinal("110", "項") == "第百十項"
    assert ordinal("38:84", "条") == "第三十八条から第八十四条まで" and ordinal("", "条") == "条"


@pytest.fixture
def egov(tmp_path: Path) -> Iterator[EgovSandbox]:
    files = [tmp_path / f"{OLD}.xml", tmp_path / f"{NEW}.xml"]
    files[0].write_text(LAW, encoding="utf-8")
    files[1].write_text(LAW.replace("十四日", "七日"), encoding="utf-8")
    with EgovSandbox(files, delay_s=3) as sandbox:
        yield sandbox


def period(documents: tuple[Document, ...]) -> str:
    return next(one for one in documents if one.id.endswith("#22_3")).sections[1].text.split(" | ")[1]


def test_the_law_is_fetched_as_it_stood_on_the_day(egov: EgovSandbox) -> None:
    before = fetch_law(LAW_ID, date(2025, 1, 1), base=egov.base)
    after = fetch_law(LAW_ID, date(2026, 4, 1), lambda url: httpx.get(url).content, egov.base)
    assert (period(before.documents), period(after.documents)) == ("十四日", "七日")
    assert (before.documents[1].valid_from, after.documents[1].valid_from) == (date(2024, 4, 1), date(2026, 4, 1))
    assert (after.documents[1].owner, after.documents[1].as_of) == (NATION, date(2026, 4, 1))
    assert egov.asked[0] == f"/api/2/law_data/{LAW_ID}?law_full_text_format=xml&asof=2025-01-01"
    assert period(fetch_law(OLD, base=egov.base).documents) == "十四日"


def test_both_envelopes_give_the_same_law_as_the_file(egov: EgovSandbox, law: dict[str, Document]) -> None:
    day = date(2025, 1, 1)
    as_json = fetch_law(LAW_ID, day, base=egov.base)
    as_xml = fetch_law(LAW_ID, day, lambda url: get(f"{url}&response_format=xml"), egov.base)
    assert as_json == as_xml
    assert [replace(one, as_of=None) for one in as_json.documents] == list(law.values())


def test_a_law_that_is_not_there_is_told_from_a_service_that_is_down(egov: EgovSandbox) -> None:
    with pytest.raises(LawNotFound, match=r"^law:999AC0000000000: e-Gov holds no such law"):
        fetch_law("999AC0000000000", base=egov.base)
    with pytest.raises(LawNotFound):
        fetch_law(LAW_ID, date(2000, 1, 1), base=egov.base)
    with pytest.raises(MalformedSource, match="15 signs"):
        fetch_law("../../etc/passwd", base=egov.base)
    for mode, error in (
        (Mode.TORN, LawServiceDown), (Mode.DOWN, LawServiceDown), (Mode.BROKEN, MalformedSource),
    ):  # fmt: skip
        egov.mode = mode
        with pytest.raises(error):
            fetch_law(LAW_ID, base=egov.base)
    egov.mode = Mode.SLOW
    with pytest.raises(LawServiceDown):
        fetch_law(LAW_ID, fetch=lambda url: get(url, timeout_s=0.2), base=egov.base)


def test_nobody_at_the_address_is_a_service_that_is_down() -> None:
    with pytest.raises(LawServiceDown):
        fetch_law(LAW_ID, base="http://127.0.0.1:9/api/2")


def test_refusals_have_the_published_form(egov: EgovSandbox) -> None:
    for target, status in ((f"{LAW_ID}?asof=tomorrow", 400), ("999AC0000000000", 404), ("x", 400)):
        answer = httpx.get(f"{egov.base}/law_data/{target}")
        assert answer.status_code == status
        assert set(answer.json()) == {"code", "message"} and answer.json()["code"].startswith(str(status))
    with pytest.raises(MalformedSource, match="refused the id or the date"):
        fetch_law(LAW_ID, fetch=lambda url: get(f"{url}&asof=tomorrow"), base=egov.base)
    with urllib.request.urlopen(f"{egov.base}/law_data/{LAW_ID}") as envelope:
        assert {"law_info", "revision_info", "law_full_text"} <= set(json.load(envelope))
