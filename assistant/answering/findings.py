"""Why a sentence of a language model's reply was left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What a check found. Words for staff and for counting; residents never see them."""

    NO_CITATION = "no_citation"  # no marker that names a passage
    FIGURE = "figure"  # a number, date, time, amount or article that the cited passages do not state
    LOST = "lost"  # an amount, date, time or number to call of the cited sentence is missing from the whole reply
    TERM = "term"  # an official term of the cited sentence is neither in its approved form nor in Japanese
    BOUND = "bound"  # 'within' where the passage says 'at least', or before for after
    NAME = "name"  # an office or a Japanese name that the cited passages do not hold
    LINK = "link"  # an address that stands in another passage than the cited one
    POLARITY = "polarity"  # required for not required, can for can't
    UNRELATED = "unrelated"  # shares no word with the cited passages, though in their language
    SOLICITS = "solicits"  # asks for a PIN, the individual number or money
    HIDDEN = "hidden"  # characters that nobody sees
    MARKUP = "markup"  # severe: HTML, a script, an image or a Markdown link
    STRANGE_LINK = "strange_link"  # severe: an address that stands in no passage
    LEAK = "leak"  # severe: repeats its instructions
    TOO_LONG = "too_long"  # a sentence beyond reading; severe: a whole reply, or a run of digits, beyond reading
    LANGUAGE = "language"  # severe: not the asker's language
    NO_ANSWER = "no_answer"  # severe: the model says that the passages do not hold it
    BROKEN_LIST = "broken_list"  # an item of a numbered list was left out, so the list is
    LEAD_LOST = "lead_lost"  # severe: the first sentence did not pass, the rest would answer nothing
    TOO_LITTLE = "too_little"  # severe: more than half did not pass
    COURTESY = "courtesy"  # thanks and greetings: left out without harm


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One thing left out: why, and where in the reply. Never the words themselves, which may be personal."""

    reason: Reason
    at: int  # ordinal of the sentence from 0; -1: the whole reply
