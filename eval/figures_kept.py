"""Which numbers of a cited text an answer in another language lost, and which it has that no cited text states."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from assistant.answering.extractive import ORDER, fact_values
from assistant.answering.numerals import plain_numbers
from assistant.language.formats import formats
from assistant.language.numbers import format_date
from assistant.language.phrases import Phrase
from assistant.language.words import load_words
from assistant.model import Answer
from knowledge.glossary.finding import finder
from knowledge.passage import Kind, Passage

_MARK = re.compile(r" \[\d+\]")
_LINK = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?!\d|\.\d)")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]")  # an official term beside its name
_KANA = re.compile("[\u3041-\u3096]")
_SOON = 60  # days of which an answer about opening hours may speak
_LEAST = 10  # smaller ones are also said in words: per copy, each time, eighteen months for 1歳6か月
_JAPANESE_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?(?:万|千)円|\d{1,3}(?:,\d{3})+円")
_MONTH = re.compile(r"(?<!\d)\d{1,2}月(?!\d*分)")  # other languages name it


def lost_figures(text: str, answer: Answer, language: str) -> set[str]:
    """Numbers of the Japanese facts that the answer tells, which do not stand in it."""
    there = stated(text, language)
    head = next((c.passage for c in answer.citations if c.passage.facts is not None), None)
    if head is None or head.facts is None or head.language != "ja" or language.startswith("ja"):
        return set()
    told = [name for name in ORDER if f"\n{load_words().phrase(Phrase(name), language)}:" in f"\n{text}"]
    values = [value for name in told for value in fact_values(head.facts, name)[:8]]
    return {n for value in values for n in japanese_figures(value) if n not in there and float(n) >= _LEAST}


def foreign_figures(text: str, answer: Answer, language: str, today: date) -> set[str]:
    """Numbers and links of the answer that no cited text states: made up, or changed.

    What an official term is called counts as stated (from 75 years on); so do the coming days in an answer by table.
    """
    cited = [citation.passage for citation in answer.citations]
    known: set[str] = set()
    for passage in cited:
        known |= _of_passage(passage) | _of_terms(_whole(passage), language)
    plain = _LINK.sub(" ", _MARK.sub("", text))
    if any(passage.kind is Kind.TABLE for passage in cited):  # which day is open next comes from a calendar
        for day in (today + timedelta(days=n) for n in range(_SOON)):
            plain = plain.replace(format_date(day, language), " ").replace(
                format_date(day, language, weekday=False), " "
            )
    links = {link for link in _LINK.findall(text) if not any(link.rstrip(".,)）") in _whole(p) for p in cited)}
    return {n for n in stated(plain, language) if n not in known} | links


def japanese_figures(text: str) -> set[str]:
    """All numbers that a Japanese text states, as plain digits; years by the Western calendar, 万 written out."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = re.sub(r"午後(\d+)時", lambda m: f"{int(m[1]) % 12 + 12}時", text)
    text = re.sub(r"令和(\d+)年", lambda m: f"{2018 + int(m[1])}年", text)
    text = re.sub(r"(\d+(?:\.\d+)?)万", lambda m: str(round(float(m[1]) * 10_000)), text)
    text = re.sub(r"(\d+)割", lambda m: f"{int(m[1]) * 10}%", text)
    return {_plain(n) for n in _NUMBER.findall(_MONTH.sub("", text))}


def stated(text: str, language: str) -> set[str]:
    """All numbers that a text in that language states, as plain digits."""
    text = unicodedata.normalize("NFKC", text)
    grouping = re.escape(formats(language).texts["grouping"])
    own = re.sub(rf"(?<=\d){grouping}(?=\d{{3}}(?!\d))", "", text)
    if formats(language).texts["grouping"] in ". \u00a0\u202f":
        own = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", own)
    japanese = _JAPANESE_AMOUNT.findall(text)  # a value that is not rendered keeps its own commas
    rest = _JAPANESE_AMOUNT.sub(" ", own)
    unrendered = [line for line in text.split("\n") if _KANA.search(_ASIDE.sub("", line))]
    return {_plain(n) for n in _NUMBER.findall(rest)} | {
        n for part in (*japanese, *unrendered) for n in japanese_figures(part)
    }


def _of_passage(passage: Passage) -> set[str]:
    whole = _whole(passage)
    found = stated(whole, passage.language) | japanese_figures(whole)
    return found | {_plain(n) for n in _NUMBER.findall(plain_numbers(whole, passage.language))} | _months(whole)


def _of_terms(text: str, language: str) -> set[str]:
    """The numbers in what the official terms of a Japanese text are called."""
    names = [name for _, term in finder().find(text) for name in dict(term.local).get(language, ())]
    return {number for name in names for number in stated(name, language)}


def _months(text: str) -> set[str]:
    return set(re.findall(r"(\d{1,2})月", unicodedata.normalize("NFKC", text)))


def _whole(passage: Passage) -> str:
    facts = passage.facts
    told = [value for name in ORDER for value in fact_values(facts, name)] if facts else []
    return "\n".join((passage.title, *passage.path, passage.text, passage.url, *told, str(passage.as_of or "")))


def _plain(number: str) -> str:
    return str(int(number)) if number.isdecimal() else number
