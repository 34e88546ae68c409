"""Text files: whatever the encoding, the words arrive whole, clean and under their headings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import MalformedSource, NoTextInSource, SourceTooLarge
from knowledge.passage import Kind, LawRef, Layer
from knowledge.sources import reading
from knowledge.sources.files import read
from knowledge.sources.letters import clean, decode, unify_radicals
from knowledge.sources.markdown import first_heading, sections
from knowledge.sources.reading import Origin
from knowledge.sources.webpage import html_text

SIGNS = "転入届を出す人は市役所へ来てください。ごみの日は月曜日です、①㈱髙﨑"
JAPANESE = st.text(st.sampled_from(SIGNS), min_size=8, max_size=80)
MARKED = st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n#*-|>`_[]()1. ")
GUIDE = """---
id: move-in
title: 引っ越してきたとき（転入届）
topic: moving
layer: town
questions: [転入届の出し方は]
summary: 転入の届出です。
who: 引っ越してきた人
deadline: 14日以内
where: [市民課]
when: 平日
bring: [転出証明書]
fee: [無料]
online: null
department: resident
phone: 000-482-1101
url: https://www.city.example/guides/move-in
law:
  - {title: 住民基本台帳法, article: 第二十二条, law_id: 342AC0000000081}
valid_from: 2026-04-01
review_by: 2027-03-31
related: []
---
## 手続きの流れ
1. 窓口に来ます。
2. 届けを出します。
"""


def origin(root: Path) -> Origin:
    return Origin(owner="482013", layer=Layer.TOWN, root=root)


def saved(root: Path, name: str, content: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


@given(JAPANESE, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"]))
def test_japanese_is_read_in_every_encoding_of_offices(text: str, encoding: str) -> None:
    assert decode(f"A,B\n{text}\n".encode(encoding), "x.csv").text == clean(f"A,B\n{text}\n")


@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp", "cp932"])
def test_old_japanese_encodings_are_recognised_without_a_declaration(encoding: str) -> None:
    text = "住民票の写しは市民課の窓口で受け取れます。手数料は三百円です。\n"
    assert decode(text.encode(encoding), "x").text == text


@pytest.mark.parametrize("declared", ["Shift_JIS", "x-sjis", "EUC-JP", "nonsense", ""])
def test_a_wrong_declaration_does_not_spoil_utf_8(declared: str) -> None:
    assert decode("ごみの収集日".encode(), "x", declared=declared).text == "ごみの収集日"


def test_bytes_that_are_no_text_are_refused_by_name_and_without_their_content() -> None:
    with pytest.raises(MalformedSource, match=r"^docs/x\.md: ") as caught:
        decode(bytes(range(256)) * 20, "docs/x.md")
    assert "Save it again" in str(caught.value)


@given(st.text())
def test_clean_text_has_no_control_or_broken_characters_and_stays_when_cleaned_again(text: str) -> None:
    done = clean(text)
    assert clean(done) == done
    assert not any(ord(char) < 32 and char not in "\n\t" for char in done)
    done.encode("utf-8")


def test_clean_keeps_name_characters_and_takes_hidden_words_away() -> None:
    assert clean("神田 か\u3099") == "神田 が"
    assert clean("市\u200b役\u202e所\ufeff\U000e0041\x00") == "市役所"
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert clean("\ud800") == "\ufffd"


def test_radical_look_alikes_become_the_characters_that_residents_type() -> None:
    assert unify_radicals("⼾籍・⺠⽣・⼊⾦・⿊・⾧") == "戸籍・民生・入金・黒・長"
    assert unify_radicals("ａ㈱①髙") == "ａ㈱①髙"


@given(st.text(MARKED))
def test_markdown_loses_no_letter(text: str) -> None:
    text = clean(text)
    title = first_heading(text)
    kept = title + "".join(part for one in sections(text, title) for part in (*one.path, one.text))
    assert not letters(text) - letters(kept)


def test_markdown_keeps_path_links_lists_and_tables_readable(tmp_path: Path) -> None:
    text = "# 案内\n\n前書き\n\n## 窓口\n### 本庁\n- [市民課](https://x.example/a)\n  - 1階\n\n"
    text += "| 日 | 時 |\n|:-|-|\n| 月 | 9時<br>から |\n\n## 空\n"
    document = read(saved(tmp_path, "a.md", text), origin(tmp_path)).documents[0]
    assert (document.id, document.title, document.kind) == ("page:a.md", "案内", Kind.PAGE)
    assert [(one.path, one.text) for one in document.sections] == [
        ((), "前書き"),
        (("窓口", "本庁"), "- 市民課（https://x.example/a）\n  - 1階\n日 | 時\n月 | 9時\nから"),
        (("空",), "空"),
    ]


def test_a_guide_has_its_language_from_the_folder_and_typed_facts(tmp_path: Path) -> None:
    document = read(saved(tmp_path, "ja/move-in.md", GUIDE), origin(tmp_path)).documents[0]
    assert (document.id, document.key, document.language) == ("guide:move-in@ja", "guide:move-in", "ja")
    assert document.kind is Kind.GUIDE and document.topic == "moving" and document.questions == ("転入届の出し方は",)
    assert document.facts is not None
    assert document.facts.laws == (LawRef(title="住民基本台帳法", article="第二十二条", law_id="342AC0000000081"),)
    assert (document.facts.fee, document.facts.online, document.facts.deadline) == (("無料",), "", "14日以内")
    assert str(document.valid_from) == "2026-04-01" and str(document.review_by) == "2027-03-31"
    assert document.sections[0].path == ("手続きの流れ",)
    assert document.sections[0].text == "1. 窓口に来ます。\n2. 届けを出します。"


def test_a_guide_may_say_its_language_itself(tmp_path: Path) -> None:
    text = GUIDE.replace("topic:", "language: pt-BR\ntranslated: human\ntopic:")
    assert read(saved(tmp_path, "ja/move-in.md", text), origin(tmp_path)).documents[0].id == "guide:move-in@pt-BR"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("fee: [無料]\n", "", "'fee' is missing"),
        ("fee: [無料]", "fee: 無料", "'fee' must be a list"),
        ("title: 引", "titel: 引", "is it 'title'"),
        ("id: move-in", "id: move-out", "'id' must be the file's name"),
        ("layer: town", "layer: city", "'layer' must be town, prefecture or nation"),
        ("valid_from: 2026-04-01", "valid_from: 4月1日", "'valid_from' must be a date"),
        ("phone: 000-482-1101", "phone: 4821101", "'phone' must be text"),
        ("questions: [転入届の出し方は]", "questions: []", "'questions' must be a list"),
        ("article: 第二十二条", "articel: 第二十二条", "'law' must be a list"),
        ("topic: moving", "topic: moving\ntopic: tax", "not YAML (line "),
        ("valid_from: 2026-04-01", "valid_from: 2026-04-01\nvalid_until: 2025-04-01", "lies before"),
    ],
)
def test_a_fault_in_a_guide_is_named_with_its_cure(tmp_path: Path, before: str, after: str, told: str) -> None:
    path = saved(tmp_path, "ja/move-in.md", GUIDE.replace(before, after, 1))
    with pytest.raises(MalformedSource, match=r"^ja/move-in\.md: ") as caught:
        read(path, origin(tmp_path))
    assert told in str(caught.value)
    assert "引っ越してきた人" not in str(caught.value)


def test_html_leaves_furniture_out_and_keeps_tables_lists_and_paths(tmp_path: Path) -> None:
    page = """<!DOCTYPE html><html lang="en"><head><meta charset="Shift_JIS"><title>ごみ | 市</title>
    <link rel="canonical" href="https://x.example/gomi"><style>p{}</style></head><body>
    <header>市のサイト</header><nav>メニュー</nav><div class="topicpath">ホーム &gt; ごみ</div>
    <div id="main"><h1>ごみの出し方</h1><p>朝8時まで。<br>袋は<ruby>指定<rt>してい</rt></ruby>です。</p><h2>料金</h2>
    <table><tr><th rowspan=2>袋</th><td>大</td><td>50円</td></tr><tr><td>小</td><td>20円</td></tr></table>
    <h2>曜日</h2><ul><li>月<ol><li>朝</ol><li>木</ul><script>alert('x')</script></div>
    <footer>電話</footer></body></html>"""
    document = read(saved(tmp_path, "gomi.html", page.encode("cp932")), origin(tmp_path)).documents[0]
    assert (document.title, document.language, document.url) == ("ごみの出し方", "en", "https://x.example/gomi")
    assert [(one.path, one.text) for one in document.sections] == [
        ((), "朝8時まで。\n袋は指定です。"),
        (("料金",), "袋 | 大 | 50円\n袋 | 小 | 20円"),
        (("曜日",), "- 月\n  1. 朝\n- 木"),
    ]


def test_html_of_the_frames_era_is_read_through_layout_tables(tmp_path: Path) -> None:
    page = "<HTML><TITLE>案内</TITLE><BODY><TABLE><TR><TD><TABLE><TR><TD>左</TABLE><TD><H2>窓口</H2>本庁</TABLE></BODY>"
    document = read(saved(tmp_path, "a.htm", page), origin(tmp_path)).documents[0]
    assert [(one.path, one.text) for one in document.sections] == [((), "左"), (("窓口",), "本庁")]


@given(st.text(st.characters(exclude_characters="<&\u00ad", exclude_categories=["C", "Z"]), min_size=1))
def test_html_text_is_the_text_of_a_paragraph(text: str) -> None:
    assert html_text(f"<p>{text}</p>") == text


def test_deeply_nested_html_ends_in_a_reading_or_a_named_error(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.html", "<html>" + "<div>" * 50_000 + "深い")
    try:
        found = read(path, origin(tmp_path)).documents
    except MalformedSource as exc:
        assert "nested too deeply" in str(exc)
    else:
        assert found[0].sections


def test_a_file_without_words_or_with_too_many_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoTextInSource, match=r"^a\.html: "):
        read(saved(tmp_path, "a.html", "<html><nav>x</nav></html>"), origin(tmp_path))
    with pytest.raises(MalformedSource, match="empty"):
        read(saved(tmp_path, "b.md", " \n"), origin(tmp_path))
    monkeypatch.setattr(reading, "MAX_CHARS", 10)
    with pytest.raises(SourceTooLarge):
        read(saved(tmp_path, "c.md", "長い文章をここに書きます。"), origin(tmp_path))
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 5)
    with pytest.raises(SourceTooLarge, match=r"^d\.md: "):
        read(saved(tmp_path, "d.md", "長い文章"), origin(tmp_path))
