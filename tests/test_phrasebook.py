"""A question in another language is read phrase by phrase: the longest wins, in any script, from many threads."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.glossary import LANGUAGES, Term, terms
from knowledge.lexicon import Everyday
from knowledge.phrasebook import PhraseBook
from tests.strategies import any_text

CODES = [*LANGUAGES, "ja", "ja-x-easy", "zh-TW", "zh", "fr", "uk", "ar", "x-none", ""]
BOOK = PhraseBook()


def idea(ja: str, **local: str) -> Everyday:
    return Everyday(ja=(ja,), local=tuple((code.replace("_", "-"), (form,)) for code, form in local.items()))


def small(*ideas: Everyday, glossary: tuple[Term, ...] = ()) -> PhraseBook:
    return PhraseBook(glossary=glossary, lexicon=ideas)


def meanings(book: PhraseBook, text: str, language: str) -> list[str]:
    return [found.meanings[0][0] for found in book.read(text, language).found]


@settings(max_examples=200, deadline=None)
@given(text=any_text, language=st.sampled_from(CODES))
def test_any_text_in_any_language_is_read(text: str, language: str) -> None:
    reading = BOOK.read(text, language)
    assert 0 <= reading.known <= 1
    ends = [(found.start, found.end) for found in reading.found]
    assert all(start < end for start, end in ends)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(ends))
    assert all(words for found in reading.found for words in found.meanings)


@pytest.mark.parametrize(
    ("language", "short", "long", "text"),
    [("en", "garbage", "garbage bag", "Where do I buy a garbage bag?"), ("vi", "rác", "túi rác", "túi rác ở đâu"),
     ("fil", "basura", "malaking basura", "saan ang malaking basura"), ("zh-Hans", "垃圾", "大件垃圾", "扔大件垃圾"),
     ("ko", "쓰레기", "쓰레기 봉투", "쓰레기 봉투는 어디서 사요?"), ("th", "ขยะ", "ถุงขยะ", "ซื้อถุงขยะที่ไหน"),
     ("my", "အမှိုက်", "အမှိုက်အိတ်", "အမှိုက်အိတ်ဘယ်မှာဝယ်ရမလဲ"), ("ne", "फोहोर", "फोहोर झोला", "फोहोर झोला कहाँ पाइन्छ")],
)  # fmt: skip
def test_the_longest_phrase_wins(language: str, short: str, long: str, text: str) -> None:
    code = language.replace("-", "_")
    book = small(idea("短い", **{code: short}), idea("長い", **{code: long}))
    assert meanings(book, text, language) == ["長い"]
    assert meanings(book, short, language) == ["短い"]


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from("alpha bravo kilo lima tango zulu".split()), min_size=1, max_size=5))
def test_a_phrase_beats_all_its_parts(words: list[str]) -> None:
    book = small(*(idea(f"語{word}", id=word) for word in words), idea("句", id=" ".join(words)))
    found = book.read("qqq " + " ".join(words) + " qqq", "id").found
    assert [(f.start, f.end) for f in found] == [(1, 1 + len(words))]
    assert ("句",) in found[0].meanings


def test_traditional_and_simplified_characters_meet() -> None:
    book = small(idea("健康保険", zh_Hant="健康保險"))
    assert meanings(book, "健康保险多少钱", "zh-Hans") == meanings(book, "健康保險多少錢", "zh-TW") == ["健康保険"]


def test_a_korean_phrase_begins_a_word_and_may_take_endings() -> None:
    book = small(idea("税", ko="세금"))
    assert meanings(book, "세금을 내야 해요", "ko") == ["税"]
    assert meanings(book, "가세금", "ko") == []


def test_plural_and_singular_meet_in_languages_with_stems() -> None:
    book = small(idea("証明書", en="certificates", es="certificado"))
    assert meanings(book, "one certificate please", "en") == meanings(book, "los certificados", "es") == ["証明書"]


def test_a_language_without_entries_is_read_for_romaji_only() -> None:
    for language in ("fr", "uk", "x-none"):
        assert meanings(BOOK, "juminhyo", language) == ["住民票の写し"], language
    assert BOOK.read("Où puis-je payer ?", "fr").found == ()
    assert BOOK.read("", "fr").known == 0


def test_an_empty_book_knows_nothing() -> None:
    reading = small().read("garbage 垃圾 쓰레기", "en")
    assert (reading.found, reading.known) == ((), 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_approved_form_is_found_as_a_whole(language: str) -> None:
    for term in terms()[::23]:
        form = dict(term.local)[language][0]
        found = BOOK.read(form, language).found
        assert any(term.ja in f.meanings for f in found), (term.ja[0], form)


def test_many_threads_read_a_new_book_alike() -> None:
    asked = [("how do I pay residence tax", "en"), ("como pago os impostos", "pt-BR"), ("怎么扔大件垃圾", "zh-Hans"),
             ("¿dónde pago el impuesto?", "es"), ("세금은 어디서 내요", "ko"), ("juminhyo", "fil")] * 8  # fmt: skip
    wanted = [BOOK.read(text, language) for text, language in asked]
    for _ in range(3):
        fresh = PhraseBook()
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda a: fresh.read(*a), asked)) == wanted  # noqa: B023
