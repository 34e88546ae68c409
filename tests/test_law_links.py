"""前条, 同項 and 法第九条 lead to the articles that they mean, and a search follows them."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from knowledge import building
from knowledge.citing import resolved
from knowledge.dense import load_encoder
from knowledge.law_links import linked
from knowledge.passage import NATION, Cited, Document, Hit, Kind, Layer, Passage, Section
from knowledge.search import Library, Query
from knowledge.split import passages

ACT, ORDER = "朝顔の保護に関する法律", "朝顔栽培に関する内閣府令"
LETTERS = "第前次同二三22_条項号法令の及び、（）()以下「」という。届"
BEFORE = {
    f"{ACT} 第一条": "朝顔を守る。", f"{ACT} 第一条の二": "朝顔とは、ひるがお科の草をいう。",
    f"{ACT} 第二条": "朝顔を育てようとする者は、知事に届け出なければならない。",
    f"{ORDER} 第一条": f"この府令は、{ACT}（平成二年法律第九号。以下「法」という。）を施行する。",
}  # fmt: skip


def article(title: str, text: str, *paragraphs: str) -> Document:
    """A law's article; its paragraphs stand in sections of their own, as the importer makes them."""
    name = title.split(" ")[1]
    pieces = [((name,), text)] if not paragraphs else [
        ((name, f"第{n}項"), each) for n, each in zip("一二三四", (text, *paragraphs), strict=False)
    ]  # fmt: skip
    return Document(
        id=f"law:{title}", key=f"law:{title}", owner=NATION, layer=Layer.NATION, kind=Kind.LAW, title=title,
        language="ja", url="", sections=tuple(Section(path=path, text=words) for path, words in pieces),
    )  # fmt: skip


def cites(title: str, text: str, *paragraphs: str) -> list[tuple[str, str, str, int]]:
    """What the last paragraph of an article cites, beside the articles of BEFORE."""
    held = [article(name, words) for name, words in BEFORE.items()] + [article(title, text, *paragraphs)]
    *_, last = linked([piece for document in held for piece in passages(document)])
    return [(c.words, c.law, c.article, c.paragraph) for c in last.cites]


def test_the_article_before_is_told_with_branches_counted() -> None:
    assert cites(f"{ACT} 第三条", "前条の届出をした者") == [("前条", ACT, "2", 0)]
    assert cites(f"{ACT} 第三条", "前二条の場合") == [("前二条", ACT, "1_2", 0), ("前二条", ACT, "2", 0)]
    assert cites(f"{ACT} 第一条の三", "次条の届出") == [("次条", ACT, "2", 0)]
    assert cites(f"{ACT} 第零条", "前条の届出") == [], "an article without a number has no neighbours"


def test_there_is_nothing_before_the_first_article() -> None:
    assert next(linked(passages(article(f"{ACT} 第一条", "前条の届出")))).cites == ()


def test_paragraphs_are_told_by_the_one_that_says_them() -> None:
    assert cites(f"{ACT} 第三条", "届け出る。", "前項の届出は、文書による。") == [("前項", ACT, "3", 1)]
    assert cites(f"{ACT} 第三条", "一", "二", "前二項の届出") == [("前二項", ACT, "3", 1), ("前二項", ACT, "3", 2)]
    assert cites(f"{ACT} 第三条", "前項の届出") == [], "an article of one paragraph has none before"
    same = cites(f"{ACT} 第四条", "第二条第一項の届出をした者は、同項の知事に知らせ、同条第二項の証を返す。")
    assert same == [("第二条第一項", ACT, "2", 1), ("同項", ACT, "2", 1), ("同条第二項", ACT, "2", 2)]


def test_the_law_in_an_order_is_the_one_that_the_order_says() -> None:
    assert cites(f"{ORDER} 第二条", "法第二条の届出は、様式による。") == [("法第二条", ACT, "2", 0)]
    assert cites("住民基本台帳法施行令 第三条", "法第九条第二項の規定による通知") == [
        ("法第九条第二項", "住民基本台帳法", "9", 2)
    ]
    assert cites("住民基本台帳法施行規則 第三条", "令第十三条の通知") == [
        ("令第十三条", "住民基本台帳法施行令", "13", 0)
    ]
    assert cites("名も無き規則 第三条", "法第九条の通知") == [], "no law is guessed"


def test_an_article_after_another_laws_is_its_own_again_unless_the_list_goes_on() -> None:
    found = cites(
        f"{ACT} 第五条",
        "戸籍法（昭和二十二年法律）第六条及び第七条の者は、第二条の届出をし、同法第八条による。",
    )
    assert [(law, number) for _, law, number, _ in found] == [
        ("戸籍法", "6"), ("戸籍法", "7"), (ACT, "2"), ("戸籍法", "8"),
    ]  # fmt: skip


def test_what_a_quotes_references_mean_is_told_as_offices_write_it() -> None:
    held = [article(name, words) for name, words in BEFORE.items()]
    held.append(
        article(f"{ACT} 第三条", "前二条の者は、戸籍法第六条の二第三項の届を添える。同項の届は、第一条による。")
    )
    *_, last = linked([piece for document in held for piece in passages(document)])
    assert resolved(last, last.text) == [("前二条", "第1条の2、第2条"), ("同項", "戸籍法第6条の2第3項")]
    assert resolved(last, "前二条の者は") == [("前二条", "第1条の2、第2条")], "only what the quote says"


def test_a_text_that_is_no_article_is_left_as_it_is() -> None:
    guide = Document(id="g", key="g", owner=NATION, layer=Layer.NATION, kind=Kind.GUIDE, title="戸籍法第六条の届出",
                     language="ja", url="", sections=(Section(path=(), text="前条の届出"),))  # fmt: skip
    assert list(linked(passages(guide))) == passages(guide)


@given(
    st.lists(
        st.text(alphabet="第前次同二三22_条項号法令の及び、（）()以下「」という。届", max_size=60),
        min_size=1,
        max_size=4,
    )
)
def test_no_text_makes_it_fail_or_changes_more_than_the_references(texts: list[str]) -> None:
    held = [
        Passage(id=f"{n}", document=f"{n}", key=f"{n}", title=f"{ACT} 第{n}条", path=(f"第{n}項",), text=text,
                language="ja", layer=Layer.NATION, kind=Kind.LAW, url="")
        for n, text in enumerate(texts, start=1)
    ]  # fmt: skip
    for before, after in zip(held, linked(held), strict=True):
        assert (before.id, before.text, before.path) == (after.id, after.text, after.path)
        assert all(cited.words in after.text and cited.law and cited.article for cited in after.cites)


def test_who_asks_in_the_words_of_an_order_is_led_to_the_article_of_its_law(tmp_path: Path) -> None:
    named = found(tmp_path / "named", "法第二条に規定する様式は、別記第一号の青い用紙とする。")
    alone = found(tmp_path / "alone", "法に規定する様式は、別記第一号の青い用紙とする。")
    act, order = f"{ACT} 第二条", f"{ORDER} 第二条"
    assert next(iter(named)) == next(iter(alone)) == order
    assert alone[act].fit < named[act].fit < named[order].fit, "it gains by being named, and never passes who names it"
    assert list(named).index(act) < list(alone).index(act)
    assert named[order].passage.cites == (Cited(words="法第二条", law=ACT, article="2", paragraph=0),)


def found(folder: Path, text: str) -> dict[str, Hit]:
    """Title → hit, best first, for a question in the words of the order's second article, which has this text."""
    encoder = load_encoder(None)
    held = [article(name, words) for name, words in BEFORE.items()] + [article(f"{ORDER} 第二条", text)]
    held += [article(f"{ORDER} 第{n}条", f"鉢の大きさの特例と水やりの用紙{n}。") for n in "三四五六七八九"]
    building.build(folder, NATION, [piece for document in held for piece in passages(document)], encoder)
    query = Query(text="別記の様式とする用紙", language="ja", owners=(NATION,), day=date(2026, 4, 1), k=20)
    return {hit.passage.title: hit for hit in Library(folder, encoder).search(query).hits}
