"""The default answer leads with the fact that was asked for and quotes what it says."""

import random
import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.extractive import Material, extract, law_key
from assistant.bootstrap import System
from assistant.demo import DEMO_CITY
from assistant.model import Answer, Channel, Conversation, Facet, HandOff, Reply, Turn
from knowledge.passage import Document, Facts, Kind, LawRef, Passage
from knowledge.split import passages
from tests.conftest import DEMO
from tests.strategies import documents, guide

FACTS = Facts(
    summary="犬を市に登録する手続きです。", who="犬の飼い主", deadline="飼い始めた日から30日以内",
    where=("環境課", "北浜支所"),
    bring=("登録申請書",), fee=("登録 3,000円", "再交付 1,600円"), phone="000-482-1127",
    laws=(LawRef(title="狂犬病予防法", article="第四条", law_id="325AC0000000247"),),
)  # fmt: skip
BODY = "飼い主が手続きをします。動物病院で注射を受けたときは注射済証を持ってきてください。鑑札は首輪に付けます。"
DOG = guide("dog", "犬の登録", text=BODY, facts=FACTS)


def not_stated(*, fact: str) -> str:
    return f"NOT STATED {fact}"


def material(document: Document, question: str, *facets: Facet, law: Passage | None = None) -> Material:
    pieces = tuple(passages(document))
    laws = document.facts.laws if document.facts else ()
    return Material(
        question=question, language=document.language, facets=facets, best=pieces[0], document=pieces,
        laws=tuple((ref, law) for ref in laws), confidence=0.8, not_stated=not_stated,
    )  # fmt: skip


def lines(answer: Answer) -> list[str]:
    return answer.text.split("\n")


def checked(answer: Answer) -> None:
    """Every marker counts a citation, every citation has a marker, every quote is in its passage."""
    markers = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}
    assert markers == set(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        assert citation.quote in citation.passage.text


@pytest.mark.parametrize(
    ("facet", "fact"),
    [
        (Facet.FEE, "登録 3,000円"), (Facet.BRING, "登録申請書"), (Facet.WHERE, "環境課"), (Facet.DEADLINE, "30日以内"),
        (Facet.WHO, "犬の飼い主"), (Facet.PHONE, "000-482-1127"), (Facet.LAW, "狂犬病予防法第4条"),
    ],
)  # fmt: skip
def test_the_fact_asked_for_comes_right_below_the_title(facet: Facet, fact: str) -> None:
    answer = extract(material(DOG, "犬の登録", facet))
    checked(answer)
    assert lines(answer)[0] == "犬の登録"
    assert fact in "\n".join(lines(answer)[1:3])


def test_two_facts_asked_for_come_in_the_order_of_the_question() -> None:
    text = extract(material(DOG, "犬の登録の持ち物と手数料", Facet.BRING, Facet.FEE)).text
    assert text.index("登録申請書") < text.index("3,000円") < text.index("30日以内")


def test_all_values_of_a_fact_are_given() -> None:
    text = extract(material(DOG, "犬の登録の手数料", Facet.FEE)).text
    assert "登録 3,000円" in text and "再交付 1,600円" in text


def test_a_fact_that_the_guide_does_not_state_is_said_not_to_stand_there() -> None:
    answer = extract(material(DOG, "犬の登録は何時から", Facet.WHEN))
    checked(answer)
    assert lines(answer)[1].startswith("NOT STATED ")


def test_no_remark_when_one_of_two_facts_stands_there() -> None:
    text = extract(material(DOG, "何時から、いくら", Facet.WHEN, Facet.FEE)).text
    assert "NOT STATED" not in text and "3,000円" in text


def test_a_particular_question_gets_the_sentence_that_speaks_of_it() -> None:
    answer = extract(material(DOG, "犬の登録で動物病院の注射を受けたとき"))
    checked(answer)
    assert any("動物病院で注射を受けたときは注射済証" in citation.quote for citation in answer.citations)
    assert lines(answer)[1].startswith("動物病院で注射を受けたときは")


def test_a_law_that_is_held_is_quoted_in_its_own_words() -> None:
    law = passages(
        guide(
            "x", "狂犬病予防法 第四条", kind=Kind.LAW, text="犬の所有者は、三十日以内に、登録を申請しなければならない。"
        )
    )[0]
    answer = extract(material(DOG, "どの法律ですか", Facet.LAW, law=law))
    checked(answer)
    assert any(c.passage is law and c.quote.startswith("犬の所有者は") for c in answer.citations)


def test_without_the_law_the_guide_is_cited_for_it() -> None:
    answer = extract(material(DOG, "どの法律ですか", Facet.LAW))
    checked(answer)
    assert "狂犬病予防法第四条" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("law", "key"),
    [
        (
            LawRef(title="住民基本台帳法", article="第三十条の四十六", law_id="342AC0000000081"),
            "law:342AC0000000081#30_46",
        ),
        (LawRef(title="朝凪市印鑑条例", article="第三条", law_id=None), "law-name:朝凪市印鑑条例第三条"),
        (LawRef(title="朝凪市印鑑条例", article="", law_id=None), ""),
    ],
)
def test_a_legal_basis_leads_to_its_article(law: LawRef, key: str) -> None:
    assert law_key(law) == key


@given(documents(), st.sets(st.sampled_from(list(Facet)), max_size=3), st.text("転入届手数料何日 dog", max_size=20))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_document_gives_an_answer_whose_quotes_stand_in_it(
    document: Document, facets: set[Facet], question: str
) -> None:
    checked(extract(material(document, question, *sorted(facets))))


LEADING = [
    ("ja", "転入届の期限はいつまでですか", "14日以内"),
    ("ja", "児童手当の手数料はいくらですか", "無料"),
    ("ja", "転入届に必要なものは何ですか", "本人確認書類"),
    ("ja", "転入届の電話番号", "000-482-1101"),
    ("en", "Until when must I register moving in from another municipality?", "14 days"),
    ("zh-Hans", "从其他市区町村搬来，迁入申报截止到什么时候？", "14"),
    ("vi", "Thời hạn thông báo chuyển đến 転入届 tennyū-todoke, từ thành phố khác", "14 ngày"),
    ("pt-BR", "Qual é o prazo da mudança de outra cidade (tennyū-todoke)?", "14 dias"),
]


@pytest.mark.parametrize(("language", "question", "fact"), LEADING)
def test_the_demo_town_leads_with_the_fact_in_the_language(
    system: System, language: str, question: str, fact: str
) -> None:
    decision = asked(system, question, language)
    assert isinstance(decision, Reply) and decision.answer is not None
    assert decision.answer.language == language
    assert fact in "\n".join(lines(decision.answer)[1:4])


def test_a_guide_that_is_only_in_japanese_says_so_first(system: System) -> None:
    translated = {f.stem for f in (DEMO_CITY / "guides" / "en").glob("*.md")}
    only = next(
        f.stem for f in sorted((DEMO_CITY / "guides" / "ja").glob("*.md")) if f.stem not in translated
    )  # fmt: skip
    title = front_matter("ja", only)["title"]
    decision = asked(system, str(title), "en")
    assert not isinstance(decision, HandOff)
    if isinstance(decision, Reply) and decision.answer is not None and decision.answer.language == "ja":
        assert decision.text.partition("\n")[0].isascii(), "the notice is in English"
        assert decision.text.endswith(decision.answer.text)


def test_every_quote_of_answers_to_the_demo_questions_is_in_its_passage(system: System) -> None:
    questions = [
        (folder.name, str(question))
        for folder in sorted((DEMO_CITY / "guides").iterdir())
        for file in sorted(folder.glob("*.md"))
        for question in front_matter(folder.name, file.stem)["questions"]  # type: ignore[attr-defined]
    ]
    answered = 0
    sample = random.Random(300).sample(questions, 300)
    for language, question in sample:
        decision = asked(system, question, language)
        assert decision.text.strip()
        if isinstance(decision, Reply) and decision.answer is not None:
            checked(decision.answer)
            answered += 1
    assert answered > 200, f"{answered} of 300 answered"


def front_matter(language: str, id_: str) -> dict[str, object]:
    text = (DEMO_CITY / "guides" / language / f"{id_}.md").read_text(encoding="utf-8")
    loaded: dict[str, object] = yaml.safe_load(text.split("---")[1])
    return loaded


def asked(system: System, question: str, language: str) -> object:
    turn = Turn(
        id="t", conversation="c", town=DEMO, text=question, language=language, channel=Channel.API, at=system.clock()
    )
    return system.respond(turn, Conversation(id="c", town=DEMO)).decision
