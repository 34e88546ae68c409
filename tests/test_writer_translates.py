"""Japanese passages, answered by a language model in the asker's own language: what is true passes, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from checks_passages import JA

from assistant.answering.findings import Reason
from assistant.answering.langchain_writer import LangChainWriter, build_writer
from assistant.answering.prompt import compose
from assistant.bootstrap import build
from assistant.language.phrases import Phrase
from assistant.language.words import load_words
from assistant.model import LANGUAGES, Channel, Conversation, Reply, Turn
from connectors.sandbox.llm import LanguageModel
from connectors.sandbox.llm_replies import Behaviour
from tests.conftest import DEMO, settings_for

DAYS = "期限: 新しい住所に住み始めた日から14日以内"
STARTS = "2026年4月1日から受け付けます。"
PAPER = "マイナンバーカードで転出届をした人は、転出証明書は不要です。"
SAID = {
    "ko": {DAYS: "새 주소에 살기 시작한 날부터 14일 이내에 신고하세요.",
           PAPER: "마이넘버 카드로 전출신고(転出届)를 한 사람은 전출증명서(転出証明書)가 필요하지 않습니다."},
    "th": {STARTS: "เปิดรับตั้งแต่วันที่ 1 เมษายน พ.ศ. 2569",
           PAPER: "ผู้ที่แจ้งย้ายออก (転出届) ด้วยบัตรมายนัมเบอร์ ไม่ต้องใช้ใบรับรองการย้ายออก (転出証明書)"},
    "ne": {PAPER: "माइनम्बर कार्डबाट सरेर जाने सूचना (転出届) दिएकालाई सरेर गएको प्रमाणपत्र (転出証明書) चाहिँदैन।",
           DAYS: "नयाँ ठेगानामा बस्न थालेको मितिले १४ दिनभित्र दर्ता गर्नुहोस्।"},
    "fil": {"住民票の写しは1通300円です。": "Ang juminhyo (住民票の写し) ay 300 yen bawat kopya."},
}  # fmt: skip
SPOILT = [
    (Behaviour.NUMBER_CHANGED, "ko", Reason.FIGURE),
    (Behaviour.YEAR_MISTAKEN, "th", Reason.FIGURE),
    (Behaviour.DENIAL_DROPPED, "ne", Reason.POLARITY),
    (Behaviour.TERM_RENAMED, "fil", Reason.TERM),
    (Behaviour.ENGLISH, "ko", Reason.LANGUAGE),
]


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


def writer(model: LanguageModel, behaviour: Behaviour) -> LangChainWriter:
    return build_writer(f"openai:{behaviour}", base_url=model.url, api_key="", timeout=20.0)


@pytest.mark.parametrize("language", SAID)
def test_a_true_translation_passes_marked_and_cites_the_japanese(model: LanguageModel, language: str) -> None:
    model.translations = SAID[language]
    tried = writer(model, Behaviour.TRANSLATED).attempt("?", language, JA)
    assert tried.answer is not None, tried.why
    assert tried.dropped == () and tried.answer.machine_translated
    assert {citation.passage.language for citation in tried.answer.citations} == {"ja"}
    assert all(local in tried.answer.text for local in SAID[language].values())


@pytest.mark.parametrize(("behaviour", "language", "reason"), SPOILT)
def test_a_spoilt_translation_gives_no_answer_and_says_why(
    model: LanguageModel, behaviour: Behaviour, language: str, reason: Reason
) -> None:
    model.translations = dict(list(SAID[language].items())[:1])
    tried = writer(model, behaviour).attempt("?", language, JA)
    assert tried.answer is None
    assert reason.value in tried.why


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prompt_names_the_language_and_its_approved_terms(language: str) -> None:
    prompt = compose("?", language, JA)
    assert re.search(r"Write in [A-Za-z ]*[a-z]", prompt.system) and f"Write in {language}." not in prompt.system
    terms = re.findall(r"^(\S+) = .+$", prompt.system, re.M)
    assert ("転出証明書" in terms) is not language.startswith("ja")
    assert len(terms) <= 20


MOVED = "이사 왔는데 전입신고는 며칠 이내에 해야 하나요?"
KOREAN = {
    "新しい住所に住み始めた日から14日以内": "새 주소에 살기 시작한 날부터 14일 이내에 전입신고(転入届)를 해야 합니다.",
    "正当な理由がなく14日を過ぎると": "정당한 이유 없이 14일이 지나면 5만 엔 이하의 과태료를 낼 수 있습니다.",
}


@pytest.mark.parametrize("behaviour", [Behaviour.TRANSLATED, Behaviour.NUMBER_CHANGED, Behaviour.ENGLISH])
def test_a_korean_question_is_answered_in_korean_through_the_whole_pipeline(home: Path, behaviour: Behaviour) -> None:
    with LanguageModel(behaviour=behaviour, translations=KOREAN) as peer:
        system = build(settings_for(home, llm=f"openai:{behaviour}", llm_base_url=peer.url))
        try:
            turn = Turn(id="t", conversation="c", town=DEMO, text=MOVED, language="ko", channel=Channel.WEB,
                        at=datetime(2026, 11, 20, 3, 0, tzinfo=UTC))  # fmt: skip
            outcome = system.respond(turn, Conversation(id="c", town=DEMO))
        finally:
            system.close()
    decision = outcome.decision
    assert isinstance(decision, Reply) and decision.answer is not None and decision.language == "ko"
    assert {citation.passage.language for citation in decision.answer.citations} == {"ja"}
    assert "14" in decision.text and "15" not in decision.text and "Please report" not in decision.text
    good = behaviour is Behaviour.TRANSLATED
    assert decision.answer.machine_translated is good
    assert good == any(local in decision.text for local in KOREAN.values())
    if not good:
        assert load_words().phrase(Phrase.RENDERED, "ko") in decision.text
        assert any(re.search(r"writer .*: (lead_lost|language|too_little)", note) for note in outcome.evidence.notes)
