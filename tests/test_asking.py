"""A question becomes slots: its own words, then what guides may call the same; nothing that is typed breaks it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.bootstrap import System
from knowledge.asking import MOST_ALTERNATIVES, Asking
from knowledge.glossary import LANGUAGES
from knowledge.phrasebook import PhraseBook
from knowledge.search import Query
from knowledge.thesaurus import Link, Relation
from tests.conftest import DEMO
from tests.strategies import any_text

CODES = ["ja", "ja-x-easy", *LANGUAGES, "zh-TW", "fr", "x-none", ""]
ASKING = Asking()


def said(*links: tuple[str, str, Relation, float]) -> Asking:
    held = [Link(said=a, official=b, relation=relation, weight=weight) for a, b, relation, weight in links]
    return Asking(PhraseBook(glossary=(), lexicon=()), held, glossary=())


def words(asking: Asking, text: str, language: str = "ja") -> set[str]:
    slots = asking.asked(text, language).slots
    return {word for slot in slots for option in slot.alternatives for word in option.words}


@settings(max_examples=200, deadline=None)
@given(text=any_text, language=st.sampled_from(CODES))
def test_any_text_in_any_language_becomes_slots(text: str, language: str) -> None:
    asked = ASKING.asked(text, language)
    assert 0 <= asked.known <= 1
    assert len(asked.texts) in (1, 2)
    for slot in asked.slots:
        assert slot.alternatives
        assert all(option.words and 0 < option.weight <= 2.5 for option in slot.alternatives)
        assert len(slot.alternatives) <= 1 + max(MOST_ALTERNATIVES, 40)


def test_a_residents_word_brings_the_official_one_and_not_the_other_way_round() -> None:
    asking = said(("ひっこし", "転居届", Relation.MEANS, 1.0))
    official = words(asking, "転居届")
    assert official <= words(asking, "ひっこし")
    assert not words(said(), "ひっこし") <= official


@pytest.mark.parametrize("relation", [Relation.SAME, Relation.NEAR])
def test_equal_words_bring_each_other(relation: Relation) -> None:
    asking = said(("保育園", "保育所", relation, 1.0))
    assert words(asking, "保育園") == words(asking, "保育所")


def test_words_that_are_kept_apart_never_meet() -> None:
    link = ("転入届", "転出届", Relation.SAME, 1.0)
    assert words(said(link), "転入届") > words(said(), "転入届")
    assert words(said(link, ("転出届", "転入届", Relation.NOT, 1.0)), "転入届") == words(said(), "転入届")


def test_the_longest_phrase_that_is_known_is_one_idea() -> None:
    asking = said(("粗大ごみ", "大型廃棄物", Relation.SAME, 1.0))
    parts = said().asked("粗大ごみの予約", "ja").slots
    whole = asking.asked("粗大ごみの予約", "ja").slots
    assert len(whole) < len(parts)
    assert whole[0].alternatives[0].words == tuple(slot.alternatives[0].words[0] for slot in parts[:-1])


def test_what_is_asked_weighs_most_and_alternatives_are_few() -> None:
    asking = said(*((("ごみ"), f"廃棄{n}", Relation.SAME, n / 20) for n in range(1, 20)))
    slot = asking.asked("ごみ", "ja").slots[0]
    assert slot.alternatives[0].words == ("ごみ",)
    weights = [option.weight for option in slot.alternatives]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 1 + MOST_ALTERNATIVES


def test_an_article_with_its_law_is_a_slot_of_its_own() -> None:
    slots = ASKING.asked("住基法22条の届出はいつまでですか", "ja").slots
    assert slots[0].alternatives[0].words == ("§住民基本台帳法#22",)
    assert slots[0].alternatives[0].weight > max(s.alternatives[0].weight for s in slots[1:])


def test_another_language_is_compared_by_its_meaning_too() -> None:
    asked = ASKING.asked("juminhyo", "en")
    assert asked.known == 1
    assert "住民票" in asked.texts[1]


def test_a_language_without_entries_is_searched_by_its_own_words() -> None:
    asked = ASKING.asked("Où payer?", "x-none")
    assert asked.known == 0
    assert asked.texts == ("Où payer?",)
    assert "payer" in words(ASKING, "Où payer?", "x-none")


def test_many_threads_ask_a_new_one_alike() -> None:
    texts = [("保育園に入りたい", "ja"), ("sodai gomi", "en"), ("じゅうみんひょう", "ja"), ("住基法22条", "ja")] * 8
    wanted = [ASKING.asked(*each) for each in texts]
    fresh = Asking()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda each: fresh.asked(*each), texts)) == wanted


@pytest.mark.parametrize(
    ("text", "right"),
    [("juminhyo", "住民票"), ("じゅうみんひょう", "住民票"),
     ("ほいくえん", "保育"), ("hoikuen", "保育"), ("sodai gomi", "粗大ごみ"),
     ("そだいごみ", "粗大ごみ"), ("zyuuminhyou", "住民票")],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ja", "en", "fil"])
def test_who_types_no_kanji_finds_the_text(system: System, text: str, right: str, language: str) -> None:
    owners = system.town(DEMO).owners
    found = system.library.search(Query(text=text, language=language, owners=owners, day=system.clock().date()))
    best = [system.library.passage(owners, hit.passage.key, "ja") for hit in found.hits[:3]]
    assert any(right in passage.title for passage in best if passage), [passage.title for passage in best if passage]
