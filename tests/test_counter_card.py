"""The card for the counter: a polite Japanese sentence from any title, the same in the resident's language, a code."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.counter_card import Wish, counter_card, request
from assistant.web.qr import qr_code
from knowledge.passage import Facts, Kind, Layer, Passage

ADDRESS = "https://www.city.asanagi.example/guides/move-in"


def guide(title: str, language: str = "ja", **facts: tuple[str, ...]) -> Passage:
    return Passage(
        id="g#0", document="g", key="g", title=title, path=(), text=title, language=language, layer=Layer.TOWN,
        kind=Kind.GUIDE, url=ADDRESS, facts=Facts(**facts),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "sentence", "wish"),
    [
        ("市外から引っ越してきたとき（転入届）", "転入届を出したいです。", Wish.SUBMIT),
        ("家族が亡くなったとき（死亡届・火葬の許可）", "死亡届を出したいです。", Wish.SUBMIT),
        ("海外へ引っ越すとき(国外への転出届)", "国外への転出届を出したいです。", Wish.SUBMIT),
        ("転居届", "転居届を出したいです。", Wish.SUBMIT),
        ("住民票の写しをとるとき", "住民票の写しをとりたいです。", Wish.DO),
        ("戸籍の証明書（戸籍謄本・抄本）をとるとき", "戸籍の証明書をとりたいです。", Wish.DO),
        ("水道を使い始めるとき（使用開始の届出）", "水道を使い始めたいです。", Wish.DO),
        ("国民年金に入るとき（第1号被保険者の届出）", "国民年金に入りたいです。", Wish.DO),
        ("図書館の利用カードを作る", "図書館の利用カードを作りたいです。", Wish.DO),
        ("妊娠したとき（妊娠の届出・母子健康手帳）", "妊娠の届出をしたいです。", Wish.DO),
        ("市営住宅の申込み", "市営住宅の申込みをしたいです。", Wish.DO),
        ("罹災証明書（災害で家が壊れたとき）", "罹災証明書がほしいです。", Wish.DO),
        ("カードをなくしたとき（利用停止・再交付）", "カードをなくしたときの手続きを教えてください。", Wish.ASK),
        ("水漏れ・断水・水が濁るとき", "水漏れ・断水・水が濁るときの手続きを教えてください。", Wish.ASK),
        ("75歳になるとき", "75歳になるときの手続きを教えてください。", Wish.ASK),
        ("農地を売る・買う・借りる（農地法第3条）", "農地を売る・買う・借りるときの手続きを教えてください。", Wish.ASK),
        ("休日・夜間の急病のとき", "休日・夜間の急病のときのことを教えてください。", Wish.ASK),
        ("粗大ごみの出し方（申込み・処理券）", "粗大ごみの出し方を教えてください。", Wish.ASK),
        ("児童手当", "児童手当について教えてください。", Wish.ASK),
        ("いつまでに出せばいいですか", "この手続きについて教えてください：いつまでに出せばいいですか", Wish.ASK),
        ("", "手続きについて教えてください。", Wish.ASK),
    ],
)
def test_the_sentence_of_a_title(title: str, sentence: str, wish: Wish) -> None:
    found = request(title)
    assert (found.sentence, found.wish) == (sentence, wish)


@given(st.text(max_size=60))
def test_any_title_gives_a_polite_sentence(title: str) -> None:
    said = request(title).sentence
    assert re.search("(?:です|ください)。$|教えてください：", said)
    assert "\n" not in said


def test_every_guide_of_the_demo_city_gives_a_speakable_sentence() -> None:
    folder = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides" / "ja"
    for file in folder.glob("*.md"):
        title = re.search(r"^title: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert title
        said = request(title[1]).sentence
        assert not re.search("[（）：]|をを|がが|のの|するに", said), said


def test_lines_stand_in_both_languages() -> None:
    japanese = guide("市外から引っ越してきたとき（転入届）", bring=("転出証明書", "印鑑"), where=("市民課（1階）",))
    own = guide("Chuyển đến", "vi", bring=("Giấy chứng nhận chuyển đi", "Con dấu"), where=("Phòng Công dân",))
    card = counter_card(japanese, own, "vi", lambda text: None)
    assert [(line.ja, line.local) for line in card.bring] == [
        ("転出証明書", "Giấy chứng nhận chuyển đi"), ("印鑑", "Con dấu")]  # fmt: skip
    assert card.where[0].local == "Phòng Công dân"
    assert card.thing and card.thing != "転入届"  # the glossary's Vietnamese name
    assert card.title.local == "Chuyển đến" and card.url == ADDRESS


def test_lines_that_do_not_match_are_rendered_or_named_by_their_terms() -> None:
    japanese = guide("住民票の写しをとるとき", bring=("在留カード（原本）", "手数料"))
    own = guide("Getting a copy", "ne", bring=("one line only",))
    card = counter_card(japanese, own, "ne", {"手数料": "शुल्क"}.get)
    assert [line.local for line in card.bring][1] == "शुल्क"
    assert card.bring[0].local and "one line" not in card.bring[0].local


def test_readers_of_japanese_get_it_once() -> None:
    card = counter_card(guide("転入届", bring=("転出証明書",)), None, "ja", lambda text: "never")
    assert card.title.local == "" and [line.local for line in card.bring] == [""]


def test_plain_japanese_names_the_paper_with_its_reading() -> None:
    card = counter_card(guide("引っ越したとき（転入届）"), None, "ja-x-easy", lambda text: None)
    assert card.thing == "転入届（てんにゅうとどけ）"


def test_a_code_is_square_with_its_quiet_zone() -> None:
    code = qr_code(ADDRESS)
    assert code is not None
    assert (code.side - 17 - 8) % 4 == 0  # 17 + 4 × version modules, and 4 of white on each side
    corners = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1", code.path)]
    assert min(x for x, _, _ in corners) == min(y for _, y, _ in corners) == 4
    assert (4, 4, 7) in corners  # the upper edge of the finder pattern
    assert max(x + length for x, _, length in corners) == code.side - 4


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "/guides/move-in", "https://a.example/" + "x" * 600])
def test_only_web_addresses_of_a_readable_length_get_a_code(address: str) -> None:
    assert qr_code(address) is None
