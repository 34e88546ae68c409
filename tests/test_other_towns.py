"""A question for another municipality is not answered with this town's rules, in any interface language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import System
from assistant.language.errors import PatternsInvalid
from assistant.model import LANGUAGES, Channel, Conversation, Outcome, Reply, Turn, Why
from assistant.understanding.elsewhere import OwnPlaces, _names, elsewhere, own_places
from knowledge.passage import Layer
from knowledge.sources.guides import read_guide
from knowledge.sources.reading import Origin
from tests.conftest import DEMO, shared_data

CITY = Path(__file__).parents[1] / "knowledge" / "demo_city"

ASKED = [
    ("ja", "札幌市のごみの出し方は？", "札幌市"),
    ("ja", "札幌の粗大ごみはいくらですか", "札幌市"),
    ("ja", "横浜市では保育園の申し込みはいつですか", "横浜市"),
    ("ja", "北広島市の図書館の開館時間を教えて", "北広島市"),
    ("ja", "今治市の国民健康保険の手続き", "今治市"),
    ("ja", "石狩郡当別町のごみの日", "石狩郡当別町"),
    ("ja-x-easy", "札幌市（さっぽろし）の ごみは いつ だしますか", "札幌市"),
    ("en", "How do I sort garbage in Sapporo?", "Sapporo"),
    ("en", "What are Yokohama City's nursery fees?", "Yokohama"),
    ("zh-Hans", "札幌市的垃圾怎么扔？", "札幌市"),
    ("zh-Hans", "在横滨怎么扔大型垃圾？", "横滨市"),
    ("vi", "Phân loại rác ở Sapporo như thế nào?", "Sapporo"),
    ("vi", "phan loai rac o thanh pho Kobe nhu the nao", "Kobe"),
    ("pt-BR", "Como é a coleta de lixo em Tóquio?", "Tóquio"),
    ("ja", "札幌市北区の燃えるごみの日は何曜日ですか", "札幌市"),
    ("en", "What days is garbage collected in Kita Ward, Sapporo?", "Sapporo"),
    ("zh-Hant", "橫濱市的大型垃圾怎麼丟？", "橫濱市"),
    ("es", "¿Cómo se separa la basura en Sapporo?", "Sapporo"),
    ("fil", "Paano itapon ang basura sa Sapporo?", "Sapporo"),
    ("id", "Bagaimana cara membuang sampah di kota Kobe?", "Kobe"),
    ("ko", "Sapporo에서 쓰레기는 어떻게 버려요?", "Sapporo"),
    ("th", "ที่ Sapporo ทิ้งขยะยังไง", "Sapporo"),
    ("ne", "Sapporo मा फोहोर कसरी फाल्ने?", "Sapporo"),
    ("my", "Sapporo မှာ အမှိုက် ဘယ်လိုပစ်ရမလဲ", "Sapporo"),
]
OURS = [
    ("ja", "札幌市から引っ越してきました"),
    ("ja", "大阪市に引っ越します。何をすればいいですか"),
    ("ja", "京都市に本籍があります。戸籍を取れますか"),
    ("ja", "大阪市の病院で予防接種を受けたい"),
    ("ja", "朝凪市のごみの出し方は？札幌市では燃えるごみでした"),
    ("ja", "山口の印鑑を登録したい"),
    ("ja", "港町の避難所はどこですか"),
    ("ja", "海原県の県営住宅に入りたい"),
    ("ja", "他市の図書館の本は借りられますか"),
    ("ja", "政令指定都市の制度"),
    ("en", "I moved from Osaka. What do I do?"),
    ("en", "My parents live in Kobe. Can I get a certificate for them?"),
    ("en", "garbage days in Asanagi, not in Sapporo"),
    ("zh-Hans", "我从大阪搬来，需要办什么手续？"),
    ("vi", "Tôi chuyển từ Tokyo đến đây"),
    ("pt-BR", "Mudei de Nagoia para cá"),
    ("es", "Me mudé de Osaka, ¿qué tengo que hacer?"),
    ("fil", "Lumipat ako galing Osaka, ano ang gagawin?"),
    ("id", "Saya pindah dari Osaka"),
    ("zh-Hant", "我從大阪搬來，要辦什麼手續"),
    ("ko", "Osaka에서 이사 왔어요"),
    ("th", "ย้ายมาจาก Osaka ต้องทำอะไร"),
    ("ne", "Osaka बाट सरेर आएँ"),
    ("my", "Osaka ကနေ ပြောင်းလာတာ"),
]


@lru_cache(maxsize=1)
def asanagi() -> OwnPlaces:
    profile = yaml.safe_load((CITY / "town.yaml").read_text(encoding="utf-8"))
    return own_places(profile, (CITY / "tables" / "facilities.csv").read_text(encoding="utf-8").splitlines())


def respond(system: System, text: str, language: str) -> Outcome:
    turn = Turn(
        id="t", conversation="c", town=DEMO, text=text, language=language, channel=Channel.WEB, at=system.clock()
    )  # fmt: skip
    return system.respond(turn, Conversation(id="c", town=DEMO))


@pytest.mark.parametrize(("language", "text", "place"), ASKED)
def test_the_other_place_is_named_and_the_same_question_offered_for_this_town(
    system: System, language: str, text: str, place: str
) -> None:
    decision = respond(system, text, language).decision
    assert isinstance(decision, Reply) and decision.why is Why.OTHER_TOWN and decision.answer is None
    assert place in decision.text and system.town(DEMO).name(language) in decision.text
    (choice,) = decision.choices
    assert place not in choice.text
    assert respond(system, choice.text, language).decision.why not in (Why.OTHER_TOWN, Why.OUT_OF_SCOPE)


@pytest.mark.parametrize(("language", "text"), OURS)
def test_who_comes_goes_or_has_papers_there_is_served_here(system: System, language: str, text: str) -> None:
    assert elsewhere(text, language, asanagi()) is None
    assert respond(system, text, language).decision.why is not Why.OTHER_TOWN


def test_what_no_town_hall_answers_stays_out_of_scope(system: System) -> None:
    assert elsewhere("豊岡市の過去最高気温は？", "ja", asanagi()) is not None
    assert respond(system, "豊岡市の過去最高気温は？", "ja").decision.why is Why.OUT_OF_SCOPE


def test_a_place_that_the_towns_own_texts_speak_of_is_answered_from_them(system: System) -> None:
    """A town whose guides name the place, such as a neighbour that it shares an incinerator with."""
    from assistant import pipeline

    searched = pipeline._search

    def spoken_of(understanding: object, town: object, parts: object) -> object:
        found = searched(understanding, town, parts)  # type: ignore[arg-type]
        first, *rest = found.hits
        told = replace(
            first, passage=replace(first.passage, text=f"{first.passage.text}札幌市の施設でも受け付けます。")
        )
        return replace(found, hits=(told, *rest))

    assert respond(system, "札幌市のごみの出し方は？", "ja").decision.why is Why.OTHER_TOWN
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "_search", spoken_of)
        assert respond(system, "札幌市のごみの出し方は？", "ja").decision.why is not Why.OTHER_TOWN


def test_none_of_the_demo_citys_own_questions_is_taken_for_another_towns() -> None:
    origin, asked = Origin(owner=DEMO, layer=Layer.TOWN, root=CITY / "guides", language="ja"), 0
    for path in sorted((CITY / "guides").glob("*/*.md")):
        for guide in read_guide(path, origin).documents:
            for question in (*guide.questions, guide.title):
                asked += 1
                assert elsewhere(question, guide.language, asanagi()) is None, question
    assert asked > 3000


def test_of_questions_to_another_town_hall_only_those_that_name_it_are_taken_for_another_towns() -> None:
    rows = (shared_data("localgovfaq") / "queries.dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [str(json.loads(row)["text"]) for row in rows]
    taken = [text for text in texts if elsewhere(text, "ja", asanagi())]
    assert taken and all("尼崎市" in text for text in taken)
    amagasaki = own_places({"name": {"ja": "尼崎市", "en": "Amagasaki City"}, "prefecture_name": "兵庫県"})
    assert [text for text in texts if elsewhere(text, "ja", amagasaki)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_listed_name_is_recognised_and_said_in_every_language(code: str) -> None:
    language = code.split("-")[0]
    for japanese, said in _names().said.items():
        form = {"ja": f"{japanese}のごみ", "zh": f"{said['zh']}的垃圾"}.get(language)
        if form is not None:
            found = elsewhere(form, code, OwnPlaces())
            assert found is not None and found.japanese == japanese, form
            assert found.place == said.get(language, japanese)


def test_a_listed_city_is_not_another_town_for_itself() -> None:
    for japanese, said in _names().said.items():
        own = own_places({"name": {"ja": japanese, "en": said["en"], "zh-Hans": said["zh"]}})
        assert elsewhere(f"{japanese}のごみの出し方", "ja", own) is None
        assert elsewhere(f"How is garbage sorted in {said['en']}?", "en", own) is None


@given(text=st.text(max_size=80), language=st.sampled_from([*LANGUAGES, "ko", "und"]))
def test_any_text_can_be_read_and_the_rest_is_part_of_it(text: str, language: str) -> None:
    found = elsewhere(text, language, asanagi())
    assert found is None or len(found.rest) < len(text)


@given(
    st.sampled_from(["札幌市の", "横浜市では", "在大阪市的"]),
    st.text(alphabet="ごみの出し方料金を教えて？", max_size=12),
)
def test_what_stands_around_the_name_is_kept(name: str, rest: str) -> None:
    found = elsewhere(name + rest, "ja", asanagi())
    assert found is not None and found.rest == rest


@pytest.fixture
def emptied() -> Iterator[None]:
    _names.cache_clear()
    yield
    _names.cache_clear()


def test_an_entry_without_a_latin_spelling_is_refused(emptied: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yaml.safe_load", lambda _: {"札幌市": ["札幌市"]})
    with pytest.raises(PatternsInvalid, match="札幌市"):
        elsewhere("札幌市のごみ", "ja", OwnPlaces())
