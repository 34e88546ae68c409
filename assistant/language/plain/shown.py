"""ふりがなを上に: readings that a text carries in brackets, as spans for pages, which show them over their kanji.

引（ひ）っ越（こ）す, 在留カード（ざいりゅうカード＝…）; the chat does the same (assistant/web/static/widget/ruby.js).
"""

from __future__ import annotations

import re

from assistant.language.plain.ruby import Span, parted

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_SIGNS = f"{_HAN}0-9０-９A-Za-z"
_READING = re.compile(f"（([{_KANA}・ \u3000]+)(＝[^（）]*)?）")
_RUN = re.compile(f"[{_SIGNS}{_KANA}]+$")
_PARTS = re.compile(f"[{_SIGNS}]+|[{_KANA}]+")
_STARTS = re.compile(
    f"(?<![{_SIGNS}])[{_HAN}]|(?<![0-9０-９A-Za-z])[0-9０-９A-Za-z]|"
    f"(?<![\u30a1-\u30fa\u30fc])[\u30a1-\u30fa]|(?<=[0-9０-９])[{_HAN}]"
)
_IS_HAN = re.compile(f"[{_HAN}]")
_IS_KANA = re.compile(f"[{_KANA}]+")
# Words in brackets behind a kanji that are no reading.
_WORDS = frozenset(
    "など または もしくは および ただし のみ だけ まで から ほか あり なし いずれか どちらか うち".split()
)
_LONGEST = 24  # letters of a word
_LONGEST_READING = 40
_MOST_RUNS = 4  # of kanji in a word, so that no text makes the search for their readings long
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | dict.fromkeys(map(ord, " \u3000・"), None)


def shown(text: str) -> tuple[Span, ...]:
    """The text in spans, brackets with readings taken away; what such a bracket explains stays in one of its own.

    A text without them is one span. Arbitrary text never raises.
    """
    spans: list[Span] = []
    at = 0
    for match in _READING.finditer(text):
        found = _spans(text[at : match.start()], match[1].strip())
        if found is None:
            continue
        spans += [Span(text[at : match.start() - sum(len(span.text) for span in found)]), *found]
        if match[2]:
            spans.append(Span(f"（{match[2][1:]}）"))
        at = match.end()
    return tuple(span for span in (*spans, Span(text[at:])) if span.text)


def _spans(before: str, reading: str) -> tuple[Span, ...] | None:
    """The word at the end of the text that is read so; None where there is none."""
    run = _RUN.search(before)
    if run is None or reading in _WORDS or len(reading) > _LONGEST_READING:
        return None
    word = run[0][-_LONGEST:]
    starts = (start.start() for start in _STARTS.finditer(word))
    return next((found for start in starts if (found := _aligned(word[start:], reading))), None)


def _aligned(word: str, reading: str) -> tuple[Span, ...] | None:
    runs = [(part, _IS_KANA.fullmatch(part) is None) for part in _PARTS.findall(word)]
    if not 0 < sum(read for _, read in runs) <= _MOST_RUNS:
        return None
    spans = parted(runs, reading.translate(_TO_HIRAGANA))
    return spans if spans is not None and all(_fits(span) for span in spans) else None


def _fits(span: Span) -> bool:
    """True when so many kana can be the reading of so many signs."""
    if span.reading is None:
        return True
    signs = len(_IS_HAN.findall(span.text))
    least = 1.3 * signs if signs > 2 else signs
    if not signs or not least <= len(span.reading) <= 4 * len(span.text):
        return False
    # 1階（かい）: the reading of the kanji alone; 4桁（よんけた）: of both.
    return signs == len(span.text) or len(span.reading) > 3 * signs
