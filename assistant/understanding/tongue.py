"""A wish for another language of the conversation: 'English please', 日本語でお願いします, 'tiếng Việt được không'.

The message must be nothing else: the name of one of our languages, in any of them, and words of the wish around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

import yaml

from assistant.language.errors import PatternsInvalid
from assistant.language.folding import fold, tighten, unaccented
from assistant.model import LANGUAGES
from assistant.understanding.around import load_around
from knowledge.chinese import simplified

_MOST: Final = 60  # characters of such a wish
_BETWEEN = re.compile(r"[\s.,!?;:…、。？！，¿¡|।။၊\"'()（）「」~〜・/-]+")
_KANA = re.compile("[ぁ-ヿ]")
_EITHER_CHINESE: Final = "zh"  # 中文: simplified or traditional, as the wish itself is written


def wants_language(text: str) -> str | None:
    """The language (one of LANGUAGES) that a message wishes for and says nothing else; None for any other message."""
    if len(text) > _MOST:
        return None
    plain = unaccented(fold(text).text)
    found = {name for match in _pattern().finditer(plain) if (name := match[0])}
    wanted = {_names()[_known(name)] for name in found}
    if len(wanted) != 1 or not _is_wish(_pattern().sub(" ", plain)):
        return None
    (language,) = wanted
    if language != _EITHER_CHINESE:
        return language
    return "zh-Hans" if _KANA.search(text) or simplified(text) == text else "zh-Hant"


def _is_wish(rest: str) -> bool:
    """True when only words of the wish are left, of whatever language: 'español please'."""
    for code, known in load_around().items():
        rest = simplified(rest) if code == "zh" else rest
        if known.tight:
            rest = known.tongue.sub(" ", tighten(fold(rest)).text if _unspaced(rest) else rest)
    words = [word for word in _BETWEEN.split(rest) if any(map(str.isalnum, word))]
    spaced = [known.tongue for known in load_around().values() if not known.tight]
    return all(any(pattern.fullmatch(word) for pattern in spaced) for word in words)


def _unspaced(text: str) -> bool:
    return not re.search("[a-z\u0900-\u097f]", text)


def _known(name: str) -> str:
    return re.sub(r"\s+", " ", name)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Any name; one in Latin letters is a whole word. The longest first: やさしい日本語 before 日本語."""
    names = sorted(_names(), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(n)}(?!\w)" if n.isascii() else re.escape(n) for n in names))


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Folded name → language. Raises PatternsInvalid when a language has none, or two have the same."""
    parsed: object = yaml.safe_load((files("assistant.understanding") / "tongues.yaml").read_text(encoding="utf-8"))
    held = parsed if isinstance(parsed, dict) else {}
    if set(held) != {*LANGUAGES, _EITHER_CHINESE}:
        raise PatternsInvalid(f"tongues.yaml must name exactly {', '.join(LANGUAGES)} and {_EITHER_CHINESE}")
    names: dict[str, str] = {}
    for code, listed in held.items():
        for name in listed:
            folded = unaccented(fold(str(name)).text)
            if names.setdefault(folded, code) != code:
                raise PatternsInvalid(f"tongues.yaml: {name} is the name of {names[folded]} and of {code}")
    return names
