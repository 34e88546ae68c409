"""A town's promise holds, is stricter where little is known, and is used from the next question on."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from assistant.bootstrap import System, build
from assistant.calibration import NEVER, Calibration, Judged, Limit, binomial_tail, calibrate, threshold
from assistant.cli import main
from assistant.errors import SettingsError
from assistant.store import tables as t
from assistant.store.calibration import Calibrations, judged_answers
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

QUESTIONS = {
    "犬を飼い始めたときの登録はどうしますか": "guide:dog-registration",
    "市外から引っ越してきたので転入届を出したい": "guide:move-in",
    "市外へ引っ越すので転出届を出したい": "guide:move-out",
    "赤ちゃんが生まれたので出生届を出したい": "guide:birth-registration",
    "印鑑登録をしたいのですが何が必要ですか": "guide:seal-registration",
    "国民健康保険に加入する手続きを教えてください": "guide:nhi-join",
    "国民健康保険をやめる手続きを教えてください": "guide:nhi-leave",
    "粗大ごみを出したいのですがどうすればいいですか": "guide:bulky-waste",
    "結婚したので婚姻届を出したい": "guide:marriage-registration",
    "離婚届の出し方を教えてください": "guide:divorce-registration",
    "妊娠したので妊娠届を出したい": "guide:pregnancy-notification",
    "児童手当の申請のしかたを教えてください": "guide:child-allowance",
    "罹災証明書がほしいのですがどうすればいいですか": "guide:disaster-certificate",
    "図書館の利用カードの作り方を教えてください": "guide:library-card",
    "原付バイクを廃車にしたい": "guide:moped-scrap",
    "水道の使用をやめたいので手続きを教えて": "guide:water-stop",
    "期日前投票のしかたを教えてください": "guide:election-early",
    "保育園に入りたいので申し込み方を教えてください": "guide:nursery-apply",
}


def case(confidence: float, right: bool = True, language: str = "ja", topic: str = "") -> Judged:
    return Judged(confidence=confidence, right=right, language=language, topic=topic)


# --- the test itself


@pytest.mark.parametrize(("alpha", "delta", "n"), [(0.1, 0.1, 400), (0.2, 0.1, 120), (0.3, 0.3, 40)])
def test_in_simulated_towns_the_promise_holds_as_often_as_it_says(alpha: float, delta: float, n: int) -> None:
    """Confidence is uniform and an answer of confidence c wrong with 0.6 (1 - c): from t on 0.3 (1 - t) are wrong."""
    limit, broken, proven = Limit(alpha=alpha, delta=delta), 0, 0
    for town in range(300):
        chance = random.Random(town)
        drawn = [chance.random() for _ in range(n)]
        found = threshold([case(c, chance.random() >= 0.6 * (1 - c)) for c in drawn], limit)
        proven += found < NEVER
        broken += found < NEVER and 0.3 * (1 - found) > alpha
    assert broken <= delta * 300
    assert proven >= 150, "a promise that is never given proves nothing"


def test_without_the_test_the_promise_would_break() -> None:
    """The simulated towns are hard enough: taking the share of wrong ones seen at its word breaks it too often."""
    broken = 0
    for town in range(300):
        chance = random.Random(town)
        drawn = sorted((chance.random() for _ in range(120)), reverse=True)
        wrong, naive = 0, NEVER
        for n, confidence in enumerate(drawn, 1):
            wrong += chance.random() < 0.6 * (1 - confidence)
            naive = confidence if wrong / n <= 0.2 else naive
        broken += naive < NEVER and 0.3 * (1 - naive) > 0.2
    assert broken > 0.1 * 300


@given(st.integers(0, 30), st.integers(1, 30), st.floats(0.01, 0.99))
def test_the_binomial_tail_is_exact(k: int, n: int, p: float) -> None:
    probability = [1.0]  # of 0 … n wrong ones, built up one case at a time
    for _ in range(n):
        probability = [
            (probability[i] if i < len(probability) else 0) * (1 - p) + (probability[i - 1] * p if i else 0)
            for i in range(len(probability) + 1)
        ]
    assert binomial_tail(k, n, p) == pytest.approx(min(1.0, sum(probability[: k + 1])), abs=1e-9)


judged = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), max_size=60)


@given(judged)
def test_what_is_answered_has_passed_the_test_itself(values: list[tuple[float, bool]]) -> None:
    cases, limit = [case(c, r) for c, r in values], Limit(alpha=0.3, delta=0.3)
    found = threshold(cases, limit)
    answered = [c for c in cases if c.confidence >= found]
    assert found == NEVER or found in {c.confidence for c in cases}
    if found < NEVER:
        assert len(answered) >= limit.least
        assert binomial_tail(sum(not c.right for c in answered), len(answered), limit.alpha) <= limit.delta


@given(judged, st.integers(0, 59))
def test_a_case_found_wrong_never_lowers_the_threshold(values: list[tuple[float, bool]], at: int) -> None:
    cases = [case(c, r) for c, r in values]
    spoilt = [replace(c, right=False) if n == at else c for n, c in enumerate(cases)]
    limit = Limit(alpha=0.2, delta=0.2)
    assert threshold(spoilt, limit) >= threshold(cases, limit)


def test_equal_confidences_are_answered_together() -> None:
    limit = Limit(alpha=0.3, delta=0.3)
    assert threshold([case(0.9)] * 4 + [case(0.9, right=False)] * 4, limit) == NEVER
    assert threshold([case(0.9)] * 4 + [case(0.8, right=False)] * 4, limit) == 0.9


def test_nothing_is_proven_by_too_few_by_wrong_ones_or_by_none() -> None:
    limit = Limit()
    assert limit.least == 45  # 0.95^45 < 0.1 < 0.95^44
    assert threshold([case(0.9)] * 44, limit) == NEVER and threshold([case(0.9)] * 45, limit) == 0.9
    assert threshold([case(0.9, right=False)] * 500, limit) == NEVER
    never = calibrate([], limit)
    assert never.answer == never.cautious == NEVER and never.threshold("ja", "") == NEVER


@pytest.mark.parametrize(("alpha", "delta"), [(0, 0.1), (1, 0.1), (0.1, 0), (0.1, 1), (float("nan"), 0.1)])
def test_limits_that_mean_nothing_are_refused(alpha: float, delta: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Limit(alpha=alpha, delta=delta)


def test_a_language_that_was_judged_too_little_is_stricter() -> None:
    limit = Limit(alpha=0.3, delta=0.3)
    many = [case(0.6 + n / 100) for n in range(30)]
    found = calibrate([*many, case(0.9, language="vi"), case(0.8, language="vi")], limit)
    assert found.answer == found.threshold("ja", "") == 0.6
    assert found.threshold("vi", "") == found.threshold("en", "") == found.cautious == pytest.approx(0.8)


def test_a_language_of_its_own_has_its_own_threshold() -> None:
    limit = Limit(alpha=0.3, delta=0.3)
    japanese = [case(0.5 + n / 100) for n in range(40)]
    vietnamese = [case(0.5 + n / 100, right=n >= 20, language="vi") for n in range(40)]
    found = calibrate([*japanese, *vietnamese], limit)
    assert found.threshold("ja", "") == 0.5 < found.threshold("vi", "")


def test_a_topic_may_only_be_stricter() -> None:
    limit = Limit(alpha=0.3, delta=0.3)
    fine = [case(0.5 + n / 100, topic="moving") for n in range(40)]
    poor = [case(0.5 + n / 200, right=False, topic="tax") for n in range(20)]
    few = [case(0.9, right=False, topic="dogs")] * 2
    found = calibrate([*fine, *poor, *few], limit)
    assert found.threshold("ja", "tax") == NEVER
    assert found.threshold("ja", "moving") == found.threshold("ja", "dogs") == found.threshold("ja", "")
    assert dict(found.topics).keys() == {"moving", "tax"}


# --- the file


def test_a_calibration_is_read_as_it_was_put(tmp_path: Path) -> None:
    store, other = Calibrations(tmp_path / "c"), Calibrations(tmp_path / "c")  # two processes
    assert store.of(DEMO) is None and store.in_force(DEMO) is None
    first = Calibration(answer=0.7, cautious=0.85, languages=(("ja", 0.7),), topics=(("tax", NEVER),), judged=50)
    store.put(DEMO, first)
    assert store.of(DEMO) == other.of(DEMO) == first and store.of("999999") is None
    for n in range(20):  # quicker than some clocks tick
        fresh = replace(first, answer=0.6 + n / 100)
        store.put(DEMO, fresh)
        assert other.of(DEMO) == other.in_force(DEMO) == fresh
    assert [file.name for file in (tmp_path / "c").iterdir()] == [f"{DEMO}.json"]
    store.drop(DEMO)
    store.drop(DEMO)
    assert other.of(DEMO) is None


GOOD = {"answer": 0.5, "cautious": 0.75, "languages": [["ja", 0.5]], "topics": [], "alpha": 0.05, "delta": 0.1,
        "judged": 9}  # fmt: skip
GARBAGE = [
    b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"[" * 100_000,
    json.dumps(GOOD).encode()[:-20],
    *(json.dumps({**GOOD, **change}).encode() for change in (
        {"answer": "high"}, {"answer": None}, {"answer": float("nan")}, {"answer": -0.1}, {"cautious": 2},
        {"languages": 1}, {"languages": [["ja"]]}, {"languages": [["ja", float("nan")]]}, {"topics": [["x", 7]]},
        {"judged": "many"}, {"more": 1},
    )),
    json.dumps({name: value for name, value in GOOD.items() if name != "answer"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_a_torn_file_names_its_cure_and_nothing_is_answered(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / f"{DEMO}.json").write_text(json.dumps(GOOD))
    store = Calibrations(tmp_path)
    assert store.of(DEMO) == Calibration(answer=0.5, cautious=0.75, languages=(("ja", 0.5),), judged=9)
    (tmp_path / f"{DEMO}.json").write_bytes(content)
    for _ in range(2):
        with pytest.raises(SettingsError, match=f"{DEMO}.json can't be read. Run `madoguchi calibrate` again"):
            store.of(DEMO)
        found = store.in_force(DEMO)
        assert found is not None and found.threshold("ja", "") == NEVER
    assert store.state() == {"calibration": f"damaged: {DEMO}"}
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1, "said once, not at each question"
    store.put(DEMO, Calibration(answer=0.6, cautious=0.8))
    assert store.in_force(DEMO) == store.of(DEMO) != None and store.state() == {}  # noqa: E711


# --- the command, through the doors


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """A system that serves while commands run beside it on the same home."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    built = build(settings_for(home))
    yield built
    built.close()


@pytest.fixture
def door(here: System) -> TestClient:
    return TestClient(create_app(here), raise_server_exceptions=False)


class Resident:
    """One conversation through the HTTP API."""

    def __init__(self, door: TestClient) -> None:
        started = door.post("/api/v1/conversations", json={"town": DEMO}).json()
        self._door, self._url = door, f"/api/v1/conversations/{started['id']}"
        self._headers = {"Authorization": f"Bearer {started['token']}"}

    def ask(self, text: str, language: str = "ja") -> dict[str, object]:
        body = {"text": text, "language": language}
        done = self._door.post(f"{self._url}/messages", json=body, headers=self._headers)
        assert done.status_code == 200, done.text
        return dict(done.json())

    def judge(self, message: dict[str, object], helpful: bool) -> None:
        body = {"message": message["id"], "helpful": helpful}
        assert self._door.post(f"{self._url}/feedback", json=body, headers=self._headers).status_code == 204


def test_feedback_alone_calibrates_a_town_from_the_next_question_on(
    here: System, door: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []
    for question in QUESTIONS:
        resident = Resident(door)
        message = resident.ask(question)
        if message["why"] == "answered":
            asked.append((float(str(message["confidence"])), question, resident, message))
    asked.sort(key=lambda row: -row[0])
    assert len(asked) >= 9
    for place, (_, _, resident, message) in enumerate(asked):
        resident.judge(message, helpful=False)
        resident.judge(message, helpful=place < 6)  # the last word counts
    cases = judged_answers(here.engine, DEMO)
    assert [c.right for c in sorted(cases, key=lambda c: -c.confidence)] == [n < 6 for n in range(len(asked))]
    assert {c.language for c in cases} == {"ja"} and all(c.topic for c in cases)

    assert main(["calibrate", "--town", DEMO, "--alpha", "0.3", "--delta", "0.3"]) == 0
    out = capsys.readouterr().out
    assert f"calibrated on {len(asked)} judged answers" in out and "70% certainty" in out and "language ja" in out
    assert Resident(door).ask(asked[0][1])["why"] == "answered"
    unsure = Resident(door).ask(asked[-1][1])
    assert unsure["decision"] in ("handoff", "ask"), "less sure than what was judged helpful"

    assert main(["calibrate", "--town", DEMO, "--reset"]) == 0
    assert Resident(door).ask(asked[-1][1])["why"] == "answered"


def test_the_record_of_an_answer_holds_the_topic_and_the_threshold_that_applied(here: System, door: TestClient) -> None:
    question, key = next(iter(QUESTIONS.items()))
    message = Resident(door).ask(question)
    evidence = here.conversations.evidence(str(message["id"]))
    passage = here.library.passage(here.town(DEMO).owners, key, "ja")
    assert evidence is not None and passage is not None and evidence["topic"] == passage.topic == "animal"
    here.calibrations.put(
        DEMO, Calibration(answer=0.0, cautious=1.0, topics=(("animal", NEVER),), languages=(("ja", 0.0),))
    )
    refused = Resident(door).ask(question)
    assert refused["why"] != "answered", "nothing is proven for this topic"
    evidence = here.conversations.evidence(str(refused["id"]))
    assert evidence is not None and dict(evidence["thresholds"])["answers_from"] == NEVER  # type: ignore[call-overload]


def test_feedback_of_another_town_or_on_other_words_does_not_count(here: System, door: TestClient) -> None:
    for text in ("こんにちは", "家が火事です", "職員と話したい", "住民票の写しはいくらですか"):
        resident = Resident(door)
        resident.judge(resident.ask(text), helpful=True)
    assert judged_answers(here.engine, DEMO) == []
    resident = Resident(door)
    resident.judge(resident.ask(next(iter(QUESTIONS))), helpful=True)
    assert len(judged_answers(here.engine, DEMO)) == 1 and judged_answers(here.engine, "999999") == []


def test_an_answer_that_was_given_in_spite_of_its_confidence_does_not_count(here: System, door: TestClient) -> None:
    resident = Resident(door)
    message = resident.ask(next(iter(QUESTIONS)))
    resident.judge(message, helpful=True)
    confidence = float(str(message["confidence"]))
    for answered_from, counted in ((confidence - 0.01, 1), (confidence + 0.01, 0)):
        evidence = here.conversations.evidence(str(message["id"])) or {}
        evidence["thresholds"] = {"answers_from": answered_from}
        with here.engine.begin() as connection:
            connection.execute(update(t.messages).where(t.messages.c.id == message["id"]).values(evidence=evidence))
        assert len(judged_answers(here.engine, DEMO)) == counted


def write(file: Path, *values: dict[str, object]) -> Path:
    file.write_text("\n".join(json.dumps(value, ensure_ascii=False) for value in values), encoding="utf-8")
    return file


def test_a_labelled_file_calibrates_a_town_from_the_next_question_on(
    here: System, door: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = [{"text": q, "lang": "ja", "expected": f"answer:{key}"} for q, key in QUESTIONS.items()]
    outside = [
        {"text": "京都の市バスは次に何時に来ますか", "lang": "ja", "expected": "refuse_out_of_scope"},
        {"text": "家が火事です", "lang": "ja", "expected": "emergency"},
    ]
    file = write(tmp_path / "town.jsonl", *labelled, *outside)
    assert main(["calibrate", str(file), "--town", DEMO, "--alpha", "0.4", "--delta", "0.3"]) == 0
    out = capsys.readouterr().out
    stored = json.loads((here.settings.home / "calibration" / f"{DEMO}.json").read_text(encoding="utf-8"))
    assert 4 <= stored["judged"] <= len(labelled) + 1 and f"calibrated on {stored['judged']} judged" in out
    message = Resident(door).ask(next(iter(QUESTIONS)))
    evidence = here.conversations.evidence(str(message["id"]))
    assert evidence is not None
    applied = dict(evidence["thresholds"])["answers_from"]  # type: ignore[call-overload]
    assert applied == dict(map(tuple, stored["languages"]))["ja"]
    english = Resident(door).ask("How do I register my dog?", "en")
    evidence = here.conversations.evidence(str(english["id"]))
    assert evidence is not None
    assert dict(evidence["thresholds"])["answers_from"] >= stored["cautious"] > applied  # type: ignore[call-overload]


def test_wrong_labels_prove_nothing_and_nothing_is_changed(
    here: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = Calibration(answer=0.7, cautious=0.85)
    here.calibrations.put(DEMO, held)
    wrong = [{"text": q, "expected": "answer:guide:cemetery"} for q in QUESTIONS]
    file = write(tmp_path / "wrong.jsonl", *wrong)
    for options in (["--alpha", "0.4", "--delta", "0.3"], []):
        assert main(["calibrate", str(file), "--town", DEMO, *options]) == 1
        assert "Nothing was changed. Judge more, or allow more." in capsys.readouterr().err
    assert main(["calibrate", "--town", DEMO]) == 1
    assert "0 judged answers" in capsys.readouterr().err
    assert here.calibrations.of(DEMO) == held


WRONG = [
    ('{"text": "犬", "expected": "answer:guide:dog-registration"}\nnot json', "line 2 is not a JSON object"),
    ('{"text": "犬"}', "line 1 needs a `text` and an `expected`"),
    ('\n{"expected": "answer:guide:move-in"}', "line 2 needs"),
    ('{"text": "転入届を出したいのですが", "expected": "answer:move-in"}', "line 1: the town has no text 'move-in'"),
    ('{"text": "家が火事です", "expected": "emergency"}', "no line that expects answer:KEY"),
    ("", "no line that expects answer:KEY"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), WRONG)
def test_a_wrong_file_is_named_by_its_line(
    here: System, tmp_path: Path, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jsonl").write_text(content, encoding="utf-8")
    assert main(["calibrate", str(tmp_path / "x.jsonl"), "--town", DEMO]) == 2
    err = capsys.readouterr().err
    assert "x.jsonl" in err and said in err


def test_what_the_command_is_given_wrong_is_named(
    here: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"\xff")
    for arguments, said in (
        (["--town", DEMO, "--alpha", "0"], "--alpha 0.03"),
        (["--town", "999999"], "not served here"),
        ([str(tmp_path / "x.jsonl"), "--town", DEMO], "UTF-8"),
        ([str(tmp_path / "gone.jsonl"), "--town", DEMO], "gone.jsonl"),
    ):
        assert main(["calibrate", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_while_the_file_is_torn_every_question_goes_to_a_person(
    here: System, door: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    question = next(iter(QUESTIONS))
    file = here.settings.home / "calibration" / f"{DEMO}.json"
    file.parent.mkdir()
    file.write_text('{"answer": 0.')
    assert Resident(door).ask(question)["decision"] in ("handoff", "ask")
    assert Resident(door).ask("犬の登録・住所変更・死亡の届け出")["why"] != "answered"
    assert Resident(door).ask("転出届")["why"] != "answered", "one word is no way round the promise"
    assert Resident(door).ask("住民票の写しはいくらですか")["why"] == "table", "tables are looked up, not guessed"
    ready = door.get("/readyz")
    assert ready.status_code == 200 and ready.json()["parts"]["calibration"] == f"damaged: {DEMO}"
    assert "madoguchi calibrate" in caplog.text and question not in caplog.text
    assert main(["calibrate", "--town", DEMO, "--reset"]) == 0
    capsys.readouterr()
    assert Resident(door).ask(question)["why"] == "answered"
    assert "calibration" not in door.get("/readyz").json()["parts"]
