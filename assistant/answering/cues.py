"""Cue words that say which table a question is for."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

import yaml

from knowledge.tokens import fold


@lru_cache(maxsize=1)
def _cues() -> dict[str, dict[str, list[str]]]:
    file = files("assistant.answering") / "table_cues.yaml"
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def has_cue(cue: str, question: str, language: str) -> bool:
    """True when a word of that cue stands in the question. Raises KeyError for an unknown cue."""
    words = _cues()[cue]
    base = "ja" if language.startswith("ja") else language
    if base in ("ja", "zh-Hans"):
        text = unicodedata.normalize("NFKC", question).lower()
        return any(word in text for word in words.get(base, ()))
    text = fold(question)
    return any(word in text for word in words.get(base, ())) or any(word in question for word in words["ja"])


@lru_cache(maxsize=20_000)
def is_cue(word: str, language: str) -> bool:
    """True when this (folded) word belongs to the cues of any table, as 'jogo' to 'jog'."""
    base = "ja" if language.startswith("ja") else language
    return any(cue in word or word in cue.split() for words in _cues().values() for cue in words.get(base, ()))


def without_cues(text: str, language: str) -> str:
    """The text with every cue word and question word taken out, for languages that part no words."""
    for word in sorted(
        (cue for words in _cues().values() for cue in words.get(language, ())), key=len, reverse=True
    ):  # fmt: skip
        text = text.replace(word, " ")
    for word in _ASKING.get(language, ()):
        text = text.replace(word, " ")
    return text


_ASKING = {"zh-Hans": "请问 怎么 如何 应该 可以 我想 我要 吗 呢 的 了 是 要 把 我".split()}
