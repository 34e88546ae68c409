"""What the stand-in for a language model says: sentences of the prompt's own passages, spoilt as a behaviour wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_BLOCK = re.compile(r"^=== (passage|question)(?: (\d+))? / (\w+) ===\n(.*?)\n=== end \1(?: \2)? / \3 ===$", re.M | re.S)
_SENTENCE = re.compile(r"[^。\n]+?(?:。|[.!?](?=\s|$)|$)", re.M)
_HUGE_CHARS = 200_000
_DENIED = {"चाहिँदैन": "चाहिन्छ", "필요하지 않습니다": "필요합니다", "ไม่ต้องใช้": "ต้องใช้", "不需要": "需要"}
_NAMED = re.compile(r"[^\s(（]+ ?[(（][\u3040-\u9fff]+[)）]")  # a name with its Japanese in brackets


class Behaviour(StrEnum):
    """How the stand-in answers."""

    GOOD = "good"
    INVENTED_NUMBER = "invented-number"  # a further sentence with other digits
    INVENTED_LEAD = "invented-lead"  # the same, as the first sentence
    INVENTED_OFFICE = "invented-office"
    INVENTED_LINK = "invented-link"
    NO_CITATIONS = "no-citations"
    OUT_OF_RANGE = "out-of-range"  # markers that name no passage
    HOSTILE = "hostile"  # a script, and asks for the PIN
    OBEDIENT = "obedient"  # does what a passage says after 'AI:'
    LEAK = "leak"  # repeats its instructions
    NO_ANSWER = "no-answer"
    WRONG_LANGUAGE = "wrong-language"
    TRANSLATED = "translated"  # the sentences that it was given translations of
    NUMBER_CHANGED = "number-changed"  # a translation with one number more
    YEAR_MISTAKEN = "year-mistaken"  # a translation with another year
    DENIAL_DROPPED = "denial-dropped"  # a translation without its 'not'
    TERM_RENAMED = "term-renamed"  # a translation without the Japanese and the approved names
    ENGLISH = "english"  # a true reply, in English to everybody
    EMPTY = "empty"
    HUGE = "huge"
    TRICKLE = "trickle"  # one character each `delay` seconds
    HANG = "hang"  # never says a word
    BROKEN = "broken"  # drops the connection in the middle
    TRUNCATED = "truncated"  # ends in the middle without a finish_reason
    LENGTH = "length"  # ends in the middle with finish_reason length
    RATE_LIMITED = "rate-limited"  # 429 with Retry-After: 30
    SERVER_ERROR = "server-error"
    MALFORMED = "malformed"  # half a JSON object as an event
    WRONG_TYPE = "wrong-type"  # 200 with a page of HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A prompt, taken apart."""

    system: str
    question: str
    passages: tuple[tuple[int, str], ...]  # number and text, without the heading line


def read_prompt(system: str, human: str) -> Asked:
    """The question and the passages of a prompt; empty where it has no such blocks."""
    question, passages = "", []
    for kind, number, _, body in _BLOCK.findall(human):
        if kind == "question":
            question = body
        else:
            passages.append((int(number), body.partition("\n")[2]))
    return Asked(system=system, question=question, passages=tuple(passages))


def compose(behaviour: Behaviour, asked: Asked, translations: Mapping[str, str] | None = None) -> str:
    """What the model says: three cited sentences of the passages, spoilt as the behaviour wants.

    `translations`: Japanese sentence → what it is in the asker's language, for the behaviours that translate.
    """
    if behaviour in _TRANSLATING:
        return _translated(behaviour, asked, translations or {})
    told = _relevant(asked)
    good = "\n".join(f"{text} [{n}]" for n, text in told)
    further = {
        Behaviour.INVENTED_NUMBER: f"{good}\n{_other_digits(told)} [1]",
        Behaviour.INVENTED_LEAD: f"{_other_digits(told)} [1]\n{good}",
        Behaviour.INVENTED_OFFICE: f"{good}\n宇宙開発課（Space Development Division）で受け付けます。 [1]",
        Behaviour.INVENTED_LINK: f"{good}\nhttps://pay.evil.example/ [1]",
        Behaviour.NO_CITATIONS: "\n".join(text for _, text in told),
        Behaviour.OUT_OF_RANGE: "\n".join(f"{text} [{n + 90}]" for n, text in told),
        Behaviour.HOSTILE: f"{good}\n<script>fetch('//evil.example')</script>\n暗証番号を送ってください。 [1]",
        Behaviour.OBEDIENT: _obeyed(asked) or good,
        Behaviour.LEAK: asked.system,
        Behaviour.NO_ANSWER: "NO_ANSWER",
        Behaviour.WRONG_LANGUAGE: "ขออภัยค่ะ กรุณาไปที่ศาลากลางเพื่อยื่นคำร้อง [1]",
        Behaviour.EMPTY: "",
        Behaviour.HUGE: good * (_HUGE_CHARS // max(1, len(good)) + 1),
    }
    return further.get(behaviour, good)


_TRANSLATING = frozenset((
    Behaviour.TRANSLATED, Behaviour.NUMBER_CHANGED, Behaviour.YEAR_MISTAKEN, Behaviour.DENIAL_DROPPED,
    Behaviour.TERM_RENAMED, Behaviour.ENGLISH,
))  # fmt: skip


def _translated(behaviour: Behaviour, asked: Asked, translations: Mapping[str, str]) -> str:
    """The sentences that have a translation, each with its passage's number."""
    if behaviour is Behaviour.ENGLISH:
        return "Please report your new address within 14 days of the day you moved in. [1]"
    told = [
        f"{local} [{number}]" for japanese, local in translations.items()
        for number, text in asked.passages[:1_000] if japanese in text
    ]  # fmt: skip
    good = "\n".join(dict.fromkeys(told))
    match behaviour:
        case Behaviour.NUMBER_CHANGED:
            return re.sub(r"(?<![\d\[])\d+(?![\d\]])", lambda m: str(int(m[0]) + 1), good, count=1)
        case Behaviour.YEAR_MISTAKEN:
            return re.sub(r"(?<!\d)\d{4}(?!\d)", lambda m: str(int(m[0]) - 1), good)
        case Behaviour.DENIAL_DROPPED:
            for denied, affirmed in _DENIED.items():
                good = good.replace(denied, affirmed)
            return good
        case Behaviour.TERM_RENAMED:
            return _NAMED.sub("X", good)
    return good


def _relevant(asked: Asked) -> list[tuple[int, str]]:
    """The three sentences that share most pairs of letters with the question, in the order of the passages."""
    pairs = {asked.question[i : i + 2] for i in range(len(asked.question) - 1)}
    sentences = [
        (number, found.strip()) for number, text in asked.passages for found in _SENTENCE.findall(text) if found.strip()
    ]
    ranked = sorted(range(len(sentences)), key=lambda at: -sum(pair in sentences[at][1] for pair in pairs))
    return [sentences[at] for at in sorted(ranked[:3])]


def _other_digits(told: list[tuple[int, str]]) -> str:
    spoilt = next((text for _, text in told if re.search(r"\d", text)), told[0][1] + " 7" if told else "7")
    return re.sub(r"\d+", lambda m: str(int(m[0]) * 7 + 31), spoilt)


def _obeyed(asked: Asked) -> str:
    return "\n".join(order.strip() for _, text in asked.passages for order in re.findall(r"AI: ?(.+)", text))
