"""The words around the name of a thing in a question: fillers, wishes, pointing words, what a fact is asked with.

Read from `around` in words/*/cues.yaml: `empty` words name nothing, `before` and `after` are a wish around a thing,
`filler` is what is said while thinking, `tongue` stands around the name of a language in 'English, please'. In
languages with spaces `empty` and `tongue` are whole words; in the others they are cut out wherever they stand. Latin
letters are compared without accents, `empty` words with them where the question has any.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.language.errors import PatternsInvalid
from assistant.language.folders import pattern_language
from assistant.language.folding import View, fold, tighten, unaccented, view
from assistant.language.patterns import Rule, folded, sections, writing
from assistant.language.scripts import carrier
from assistant.model import Facet
from assistant.pii import without_marks
from assistant.understanding.facets import applies, load_cues

_KEYS: Final = frozenset(("filler", "empty", "before", "after", "tongue"))
_BETWEEN = re.compile(r"[^\w\u0300-\u036f\u0900-\u0963\u0e31-\u0e4e\u102b-\u103e]+")
_ADDRESS = re.compile(r"https?://[!-~]+")
_WORD_LETTER = re.compile(r"[\w\u0900-\u0963]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """One language's words around a thing."""

    tight: bool  # without spaces
    longest: int  # letters of one word, in languages without spaces
    filler: re.Pattern[str]  # with the space behind it
    empty: re.Pattern[str]
    empty_bare: re.Pattern[str]  # the same as typed without accents
    before: re.Pattern[str]
    after: re.Pattern[str]
    tongue: re.Pattern[str]


@lru_cache(maxsize=1)
def load_around() -> Mapping[str, Around]:
    """Language of patterns → its words. Raises PatternsInvalid naming the language and key."""
    return {code: _around(held, code) for code, held in sections("around").items()}


def around(language: str) -> Around | None:
    """The words of a language; None for one that we do not speak."""
    return load_around().get(pattern_language(language))


def without_fillers(text: str, language: str) -> str:
    """The text without 'um, well' and the like, as people talk; as it is when nothing else is said."""
    known = around(language)
    if known is None or len(text) > _SPOKEN:
        return text
    kept = known.filler.sub("", text).strip()
    return kept if _says_something(kept) else text


_WHO: Final = 8  # characters: 'who' is asked around what is to be done, 外国人でも印鑑登録でき
_SPOKEN: Final = 300  # characters; what is longer was written with care


def says_nothing(text: str) -> bool:
    """True without letters to speak of: emoji, faces, figures, addresses of pages, and marks of hidden data alone."""
    return carrier(unicodedata.normalize("NFKC", _ADDRESS.sub(" ", without_marks(text)))).script == ""


def unnamed(text: str, language: str) -> bool:
    """True when nothing is left of a question without the facts asked for and the words that name nothing."""
    return not _says_something(_left(without_marks(text), language))


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _left(text: str, language: str) -> str:
    """What a question names, folded: 'and how much is the passport?' → 'passport'."""
    own = pattern_language(language)
    asked = _asked(text, language)
    rest = "".join(" " if place in asked else letter for place, letter in enumerate(text))
    for code in dict.fromkeys((own, "ja", "en")):
        known = load_around().get(code)
        if known is not None:
            rest = _without(known, rest, code)
    return rest


def _without(known: Around, text: str, code: str) -> str:
    """The text without words that name nothing: thẻ (card) is not thế (so), unless nothing has accents."""
    forms = view(text)
    if known.tight:
        return known.empty.sub("", forms.simplified.text if code == "zh" else forms.tight.text)
    empty = known.empty if forms.accented else known.empty_bare
    return " ".join(word for word in _BETWEEN.split(forms.spaced.text) if word and not empty.fullmatch(word))


def _asked(text: str, language: str) -> set[int]:
    """The places in the text of all words that ask for facts."""
    forms, own = view(text), pattern_language(language)
    found: set[int] = set()
    for facet in Facet:
        for rule in load_cues()["facets"][facet.value]:
            if applies(rule.language, own):
                spans = [span for span in _spans(rule, forms) if facet is not Facet.WHO or span[1] - span[0] <= _WHO]
                found.update(place for start, end in spans for place in range(start, end))
    return found


def _spans(rule: Rule, forms: View) -> Iterable[tuple[int, int]]:
    """Where a rule finds its words, each to the end of its word, in the unfolded text."""
    form = forms.simplified if rule.language == "zh" else forms.tight if rule.writing.tight else forms.spaced
    bare = rule.writing.accents_dropped and not forms.accented
    for match in (rule.bare if bare else rule.accented).find.finditer(form.text):
        end = match.end()
        while not rule.writing.tight and 0 < end < len(form.text) and _WORD_LETTER.match(form.text[end]):
            if not _WORD_LETTER.match(form.text[end - 1]):
                break
            end += 1
        if match.start() < end:
            yield form.span(match.start(), end)


def _around(held: object, code: str) -> Around:
    if not isinstance(held, dict) or not _KEYS <= set(held) <= {*_KEYS, "longest"}:
        raise PatternsInvalid(f"{code}: around must hold " + ", ".join(sorted(_KEYS)) + ", and may hold longest")
    tight = writing(code).tight
    lists = {key: _joined(held[key], f"{code}: around.{key}") for key in _KEYS}
    lists |= {key: unaccented(lists[key]) for key in ("before", "after", "tongue")}
    lists["empty_bare"] = unaccented(lists["empty"])
    if tight:
        lists = {key: pattern if key == "filler" else pattern.replace(" ", "") for key, pattern in lists.items()}
    try:
        made = {key: re.compile(_placed(key, pattern, tight)) for key, pattern in lists.items()}
    except re.error as exc:
        raise PatternsInvalid(f"{code}: around has a pattern that can't be read: {exc}") from exc
    return Around(tight=tight, longest=int(held.get("longest", 6)), **made)


def _placed(key: str, pattern: str, tight: bool) -> str:
    """A wish stands at an end of the question, a filler at its start or, without spaces, apart from other words."""
    start = r"(?:^|(?<=[\s、。,]))" if tight else "^"
    placed = {"before": f"^(?:{pattern})", "after": f"(?:{pattern})$", "filler": f"(?i:{start}(?:{pattern}))"}
    return placed.get(key, f"(?:{pattern})") if pattern else "(?!)"


def _joined(value: object, where: str) -> str:
    patterns = [value] if isinstance(value, str) else value
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        raise PatternsInvalid(f"{where} must be a list of patterns")
    return "|".join(map(folded, patterns))


def tightened(text: str) -> str:
    """The folded text without spaces."""
    return tighten(fold(text)).text
