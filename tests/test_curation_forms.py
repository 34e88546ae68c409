"""Guides in the form and back; differences; drafts' steps; switches; gaps: the pure rules of curation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.curation import drafts, guide_form
from assistant.curation.drafts import ChangedMeanwhile, Draft, NotPossibleNow, SamePerson, StaleEdit, State
from assistant.curation.gaps import Unanswered, group
from assistant.curation.guide_form import Fields
from assistant.curation.provenance import sort_out
from assistant.curation.switches import Scope, Switch, Switches
from assistant.curation.versions import as_lines, changed, diff
from assistant.model import Channel
from knowledge.passage import Document, Facts, Kind
from knowledge.sources.guides import read_guide
from knowledge.sources.reading import Origin
from knowledge.sync import Incoming
from tests.strategies import LetterEncoder, documents, guide, passage

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
GUIDES = sorted((Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides").glob("*/*.md"))


def draft(**more: object) -> Draft:
    given_ = {"id": "d", "owner": "482013", "document": guide("kite", "凧揚げ"), "base": "", "author": "hanako",
              "authors": ("hanako",), "at": NOW}  # fmt: skip
    return Draft(**{**given_, **more})  # type: ignore[arg-type]


def test_every_demo_guide_makes_the_round_trip_through_the_form() -> None:
    assert len(GUIDES) > 100
    for file in GUIDES:
        origin = Origin(owner="482013", layer=guide("x", "x").layer, root=file.parents[1], as_of=TODAY)
        document = read_guide(file, origin).documents[0]
        read = guide_form.read(guide_form.fields_of(document), document, TODAY + timedelta(days=9))
        assert read.faults == {}, file.name
        assert read.document == document, file.name


def test_a_browser_changes_line_ends_and_nothing_else() -> None:
    origin = Origin(owner="482013", layer=guide("x", "x").layer, root=GUIDES[0].parents[1], as_of=TODAY)
    document = read_guide(GUIDES[0], origin).documents[0]
    fields = guide_form.fields_of(document)
    sent = Fields(
        values={name: value.replace("\n", "\r\n") for name, value in fields.values.items()},
        sections=tuple((h, t.replace("\n", "\r\n")) for h, t in (*fields.sections, ("", ""))),
    )
    assert guide_form.read(sent, document, TODAY).document == document


FILLED = {"title": "凧揚げ広場", "topic": "park", "summary": "凧を揚げる広場です。", "questions": "凧はどこで\n凧 場所",
          "review_by": "2027-03-31"}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "題名を入れて"),
        ("title", "長" * 151, "150文字まで"),
        ("summary", " \t", "概要を入れて"),
        ("questions", "\n\n", "少なくとも1つ"),
        ("review_by", "", "見直し期限を入れて"),
        ("review_by", "2027-02-30", "日付にして"),
        ("online", "javascript:alert(1)", "https://"),
        ("url", "https://[half", "https://"),
        ("phone", "call me", "数字とハイフン"),
        ("laws", "住民基本台帳法 | 第二十二条 | 342 | x", "法律名 | 条 | 法令ID"),
        ("valid_until", "2020-01-01", "始まりより前"),
    ],
)
def test_each_fault_is_named_in_words_at_its_field(field: str, value: str, words: str) -> None:
    values = {**FILLED, "valid_from": "2026-04-01", field: value}
    read = guide_form.read(Fields(values=values), guide("kite", "凧", facts=Facts()), TODAY)
    assert read.document is None
    assert list(read.faults) == [field] and words in read.faults[field]


def test_a_heading_without_text_is_a_fault_and_an_empty_pair_is_none() -> None:
    before = guide("kite", "凧", facts=Facts())
    wrong = guide_form.read(Fields(values=FILLED, sections=(("流れ", ""), ("", ""))), before, TODAY)
    assert list(wrong.faults) == ["section-0"]
    right = guide_form.read(Fields(values=FILLED, sections=(("", ""), ("流れ", "申し込む。"))), before, TODAY).document
    assert right is not None and [s.path for s in right.sections] == [("流れ",)]
    assert right.as_of == TODAY and right.id == before.id


@given(st.text(max_size=40))
def test_an_id_is_either_refused_or_safe(id_: str) -> None:
    read = guide_form.new_guide(id_, "ja", "482013", TODAY, title="題")
    assert (read.document is None) == ("id" in read.faults)
    if read.document is not None:
        assert read.document.id.isascii() and not set("/@# ?") & set(id_)


@given(documents(), documents())
def test_a_difference_gives_both_texts_back(before: Document, after: Document) -> None:
    lines = diff(before, after)
    assert [line.text for line in lines if line.mark != "+"] == as_lines(before)
    assert [line.text for line in lines if line.mark != "-"] == as_lines(after)
    assert changed(lines) == (as_lines(before) != as_lines(after))


def test_a_draft_goes_its_way_and_no_other() -> None:
    first = draft()
    waiting = drafts.submitted(first, seen=1, at=NOW)
    published = drafts.approved(waiting, seen=1, by="jiro", in_force="", at=NOW)
    assert (waiting.state, published.state, published.reviewer) == (State.IN_REVIEW, State.PUBLISHED, "jiro")
    assert drafts.withdrawn(published, at=NOW).state is State.WITHDRAWN
    for wrong in (
        lambda: drafts.approved(first, seen=1, by="jiro", in_force="", at=NOW),
        lambda: drafts.submitted(waiting, seen=1, at=NOW),
        lambda: drafts.saved(waiting, waiting.document, seen=1, by="hanako", note="", at=NOW),
        lambda: drafts.returned(published, seen=1, by="jiro", note="x", at=NOW),
        lambda: drafts.withdrawn(drafts.withdrawn(first, at=NOW), at=NOW),
        lambda: drafts.rebased(published, "x", seen=1, at=NOW),
    ):
        with pytest.raises(NotPossibleNow):
            wrong()


def test_nobody_reviews_what_they_wrote_even_when_another_saved_last() -> None:
    second = drafts.saved(draft(), guide("kite", "凧2"), seen=1, by="jiro", note="", at=NOW)
    waiting = drafts.submitted(second, seen=2, at=NOW)
    for by in ("hanako", "jiro"):
        with pytest.raises(SamePerson):
            drafts.approved(waiting, seen=2, by=by, in_force="", at=NOW)
    assert drafts.approved(waiting, seen=2, by="saburo", in_force="", at=NOW).reviewer == "saburo"


def test_a_stale_save_and_a_changed_base_are_refused() -> None:
    with pytest.raises(StaleEdit):
        drafts.saved(draft(revision=3), guide("kite", "凧2"), seen=2, by="jiro", note="", at=NOW)
    waiting = draft(state=State.IN_REVIEW, base="old")
    with pytest.raises(ChangedMeanwhile):
        drafts.approved(waiting, seen=1, by="jiro", in_force="new", at=NOW)
    again = drafts.rebased(waiting, "new", seen=1, at=NOW)
    with pytest.raises(StaleEdit):  # the reviewer must look at the page once more
        drafts.approved(again, seen=1, by="jiro", in_force="new", at=NOW)
    assert drafts.approved(again, seen=2, by="jiro", in_force="new", at=NOW).state is State.PUBLISHED


def test_imports_leave_texts_of_staff_alone_and_report_only_news() -> None:
    imported, changed_file = guide("a", "取り込み"), guide("a", "取り込み、変更後")
    free = guide("b", "自由")
    seen, in_force = {"guide:a@ja": imported.digest}, {"guide:a@ja": guide("a", "編集後").digest}

    def incoming(*given_: Document) -> list[Incoming[Document]]:
        return [Incoming(item=d, source="f") for d in given_]

    calm = sort_out(incoming(imported, free), seen, in_force)
    assert ([e.item for e in calm.free], calm.kept, calm.offered) == ([free], 1, ())
    assert sort_out(incoming(guide("a", "編集後")), seen, in_force).kept == 1
    news = sort_out(incoming(changed_file), seen, in_force)
    assert (news.free, news.kept, [e.item for e in news.offered]) == ((), 0, [changed_file])


def test_switches_reach_what_they_name() -> None:
    kite = replace(passage("本文", id_="guide:kite@vi#0", language="vi"), topic="park")
    row = replace(passage("本文", id_="table:garbage_items#3", kind=Kind.TABLE), key="table:garbage_items")

    def off(scope: Scope, name: str = "") -> Switches:
        return Switches(off=frozenset({Switch(scope=scope, name=name)}))

    assert off(Scope.GUIDE, "guide:kite").hides(kite) and not off(Scope.GUIDE, "guide:kit").hides(kite)
    assert off(Scope.TOPIC, "park").hides(kite) and not off(Scope.TOPIC, "tax").hides(kite)
    assert off(Scope.TOPIC, "garbage").hides(row) and off(Scope.GUIDE, "table:garbage_items").hides(row)
    assert off(Scope.ALL).silences(Channel.LINE) and off(Scope.CHANNEL, "line").silences(Channel.LINE)
    assert not off(Scope.CHANNEL, "line").silences(Channel.WEB) and off(Scope.LLM).llm
    assert not Switches().hides(kite) and not Switches().silences(Channel.WEB)


@pytest.mark.parametrize(("scope", "name"), [("all", "x"), ("llm", "x"), ("topic", ""), ("channel", "fax")])
def test_a_switch_that_means_nothing_can_not_be_built(scope: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"a switch|a channel"):
        Switch(scope=Scope(scope), name=name)


questions = st.lists(
    st.builds(
        Unanswered,
        question=st.sampled_from(["凧はどこで揚げますか", "凧はどこで揚げますか？", "犬の散歩", "kite place", " "]),
        language=st.sampled_from(["ja", "en"]),
        why=st.sampled_from(["no_answer", "unhelpful"]),
        at=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)),
    ),
    max_size=12,
)


@given(questions)
def test_every_question_is_in_exactly_one_group(asked: list[Unanswered]) -> None:
    gaps = group(asked, LetterEncoder().encode_queries)
    wanted = [one for one in asked if one.question.strip()]
    assert sum(gap.count for gap in gaps) == len(wanted)
    assert sum(n for gap in gaps for _, _, n in gap.questions) == len(wanted)
    assert {mark for gap in gaps for mark in gap.marks} == {one.mark for one in wanted}
    assert [gap.count for gap in gaps] == sorted((gap.count for gap in gaps), reverse=True)


def test_near_questions_come_together_and_the_most_frequent_speaks() -> None:
    def vectors(texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "凧" in t else [0.0, 1.0] for t in texts], dtype=np.float32)

    asked = [
        Unanswered(question=q, language="ja", why="no_answer", at=NOW)
        for q in ("凧の場所", "凧を揚げたい", "凧を揚げたい。", "犬")
    ]
    gaps = group(asked, vectors)
    assert [(gap.question.rstrip("。"), gap.count) for gap in gaps] == [("凧を揚げたい", 3), ("犬", 1)]
