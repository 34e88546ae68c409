"""Our own texts by language, as the table of letter runs is made from them.

The glossary, the lexicon, the questions of residents and the demo city's guides, and what follows from them: texts
without accents, Japanese in romaji, Nepali in Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.language.devanagari import romanised
from assistant.language.folding import fold, unaccented
from knowledge import glossary, japanese, lexicon
from knowledge.embedding.guides import read_guides
from knowledge.embedding.terms import ASKED, CHAT
from knowledge.glossary import LANGUAGES, forms, rows
from knowledge.romaji import romaji

GUIDES = Path(__file__).parents[2] / "knowledge" / "demo_city" / "guides"
Texts = list[tuple[str, str]]
"""(language, text)"""

_LATIN_LETTERS = ("en", "vi", "pt-BR", "es", "id", "fil")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_HAN_RUN = re.compile("[\u3400-\u9fff々]{2,}")
_CHUNK = re.compile("[\u3400-\u9fff々ァ-ヶーa-zA-Z0-9]*[ぁ-ん]*")
_SPLIT_OFF = re.compile("(?<=.)(は|を|が|に|で|へ|の|と|も|から|まで|です|ですか|ください|か)$")
_SPOKEN = {"は": "wa", "を": "wo", "へ": "e"}


def latin_texts() -> Texts:
    """Texts in Latin letters, with the languages of `FAMILIES["latin"]`; accents fall away in a second copy."""
    found: Texts = []
    for language, text in written():
        if language in _LATIN_LETTERS:
            found.append((language, text))
            if unaccented(text) != text:
                found.append((language, unaccented(text)))
        elif language.startswith("ja") and text.isascii():
            found.append(("ja", text))
        elif language == "ne":
            found += [("ne", spelled) for spelled in romanised(text)]
        elif language == "ja":
            found += [("ja", spelled) for spelled in _romaji(text)]
    return found


def han_texts() -> Texts:
    """Texts in Chinese characters: Chinese ones, and the runs of kanji of Japanese ones."""
    found: Texts = []
    for language, text in written():
        if language == "ja":
            found += [("ja", run) for run in _HAN_RUN.findall(text)]
        elif language in ("zh-Hans", "zh-Hant"):
            found += [(language, part) for part in re.findall("[\u3400-\u9fff]+", text)]
    return found


def written() -> Iterator[tuple[str, str]]:
    """Everything that we wrote, sentence by sentence, with its language."""
    for language, text in _all_texts():
        for sentence in _SENTENCE.split(fold(text).text):
            if sentence.strip():
                yield language, sentence.strip()


def _all_texts() -> Iterator[tuple[str, str]]:
    for term in glossary.terms():
        yield from (("ja", form) for form in (*term.ja, term.meaning))
        yield from _local(term.local)
    for idea in lexicon.everyday():
        yield from (("ja", form) for form in idea.ja)
        yield from _local(idea.local)
    for name in ASKED:
        for row in rows(CHAT.parent / name, ("official", "ja", *LANGUAGES)):
            yield "ja", row["official"]
            yield from ((code, form) for code in ("ja", *LANGUAGES) for form in forms(row[code]))
    for guide in read_guides(GUIDES):
        texts = (guide.title, *guide.questions, guide.summary, guide.facts, *guide.sections)
        yield from ((guide.language, text) for text in texts)


def _local(local: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    return ((language, form) for language, held in local for form in held)


def _romaji(text: str) -> Iterator[str]:
    """A Japanese sentence in Latin letters as people type it, with long vowels and without."""
    words: list[str] = []
    for chunk in filter(None, _CHUNK.findall(text)):
        words += [part for part in _SPLIT_OFF.split(japanese.reading(chunk)) if part]
    spelled = " ".join(_SPOKEN.get(word) or romaji(word) for word in words)
    spelled = re.sub("[^a-z' ]", "", spelled)
    if len(spelled) > 2:
        yield spelled
        short = re.sub("(?<=[aiueo])-|(?<=o)[ou]|(?<=u)u", "", spelled)
        if short != spelled:
            yield short
