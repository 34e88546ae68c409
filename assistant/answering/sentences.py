"""Which sentences of a text speak of the question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from knowledge.passage import Passage
from knowledge.tokens import tokens

_END = re.compile(r"(?<=[。！？\n])|(?<=[.!?])(?=\s)")
_QUOTE_CHARS = 200
# Words of any procedure: a sentence that shares only these with the question is chance.
_ANY = frozenset(
    (
        "必要 手続き 届け 届け出 申請 申し込み 方法 仕方 期限 窓口 持ち 持ち物 料金 手数料 いくら 何処 何時 市役所"
    ).split()
)
# Japanese content words are cut by Sudachi; other languages' lists of common words are short, so one word is chance.
_AT_LEAST = {"ja": 1, "ja-x-easy": 1}
_NEEDED = 1.0  # rarity-weighted overlap below which a sentence is chance


def sentences(text: str) -> list[str]:
    """The text's sentences and lines; joined they are the text again."""
    return [part for part in _END.split(text) if part]


def leading_sentences(text: str, limit: int) -> str:
    """Whole sentences from the start, at most `limit` characters; the first one cut hard when it is longer."""
    taken = ""
    for sentence in sentences(text):
        if taken and len(taken) + len(sentence) > limit:
            break
        taken += sentence
    return taken[:limit].rstrip()


def best_sentences(
    question: str, head: Passage, sections: Sequence[Passage], *, limit: int = _QUOTE_CHARS
) -> tuple[Passage, str] | None:
    """The passage and a quote of it, at most `limit` characters, that fit the question best; None when none does.

    A word counts the more, the fewer sentences hold it; words of the title do not count, since every sentence is
    about the title. The quote begins at the best sentence and goes on while it stays within the limit.
    """
    language = head.language
    wanted = set(tokens(question, language)) - (set(tokens(head.title, language)) if sections != [head] else set())
    wanted -= _ANY
    if not wanted:
        return None
    split = [(passage, sentences(passage.text)) for passage in sections]
    words = [[_words(part, language) for part in parts] for _, parts in split]
    spread = Counter(word for parts in words for held in parts for word in held & wanted)
    best, place = 0.0, None
    for i, parts in enumerate(words):
        for j, held in enumerate(parts):
            shared = held & wanted
            if len(shared) < _AT_LEAST.get(language, 2):
                continue
            score = sum(1 / spread[word] ** 0.5 for word in shared)
            if score > best:
                best, place = score, (i, j)
    if place is None or best < _NEEDED:
        return None
    passage, said = split[place[0]]
    return passage, leading_sentences(_paragraph(said[place[1] :]), limit)


@lru_cache(maxsize=20_000)
def _words(sentence: str, language: str) -> frozenset[str]:
    return frozenset(tokens(sentence, language))


def _paragraph(said: Sequence[str]) -> str:
    """The sentences up to the end of their line: what follows is another item or paragraph."""
    taken = ""
    for sentence in said:
        taken += sentence
        if sentence.endswith("\n"):
            break
    return taken
