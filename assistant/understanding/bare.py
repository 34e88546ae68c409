"""A question that is one bare word, with or without a wish around it: 証明書がほしい, tax, 'I need a certificate'.

It names a thing and not what is wanted of it, so what it ties with is asked back.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from assistant.language.folding import fold, tighten, unaccented, view
from assistant.understanding.around import Around, around
from assistant.understanding.facets import facets

_PARTS = re.compile("(?<=.)[でをのにとはが](?=.)")  # 郵送で住民票: two things, so it says what is wanted
_MARKS: Final = " 。、？?！!.,…।။၊¿¡"
_FEW: Final = 60  # characters that a word and the wish around it may have


def bare_word(question: str, language: str) -> str:
    """The word, folded; "" when the question says more than one, or asks for a fact of it."""
    if len(question) > _FEW:
        return ""
    known = around(language)
    if known is None or not known.tight:
        word = _spaced(fold(question).text.strip(_MARKS), known)
    else:
        word = _tight(question, language, known)
    return "" if word and facets(question, language) else word


def _spaced(text: str, known: Around | None) -> str:
    """The word between the wishes, where words have spaces between them."""
    if known is None:
        return "" if " " in text else text
    plain = unaccented(text)
    start = found.end() if (found := known.before.match(plain)) else 0
    end = found.start() if (found := known.after.search(plain)) else len(plain)
    word = text[start:end].strip(_MARKS)
    return "" if " " in word else word


def _tight(question: str, language: str, known: Around) -> str:
    """The same where words have none, or may have none: the letters are counted, their marks not."""
    forms = view(question)
    text = (forms.simplified if language.startswith("zh") else tighten(fold(question))).text.strip(_MARKS)
    japanese = language.startswith("ja")
    if japanese and _letters(text) <= known.longest:
        return text
    word = known.before.sub("", text, count=1) or text
    word = (known.after.sub("", word, count=1) or word).strip(_MARKS)
    if _letters(word) > known.longest or (japanese and _PARTS.search(word)):
        return ""
    return word


def _letters(text: str) -> int:
    return sum(not unicodedata.category(letter).startswith("M") for letter in text)
