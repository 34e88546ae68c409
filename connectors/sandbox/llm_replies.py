"""What the stand-in for a language model says: sentences of the prompt's own passages, spoilt as a behaviour wants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_BLOCK = re.compile(r"^=== (passage|question)(?: (\d+))? / (\w+) ===\n(.*?)\n=== end \1(?: \2)? / \3 ===$", re.M | re.S)
_SENTENCE = re.compile(r"[^。\n]+?(?:。|[.!?](?=\s|$)|$)", re.M)
_HUGE_CHARS = 200_000


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


def compose(behaviour: Behaviour, asked: Asked) -> str:
    """What the model says: three cited sentences of the passages, spoilt as the behaviour wants."""
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
