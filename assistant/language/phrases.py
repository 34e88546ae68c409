"""The names of all words that residents read beside the outcomes, and the placeholders of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from assistant.model import Why

KINDS: Final[dict[Why, tuple[str, ...]]] = {
    Why.GREETING: ("who_are_you", "goodbye"),
    Why.EMERGENCY: ("fire", "medical", "crime", "sea", "disaster"),
    Why.CRISIS: ("suicide", "dv", "child_abuse"),
    Why.ABUSE: ("threat",),
    Why.SWITCHED_OFF: ("silent",),  # plain: a guide or topic is off; silent: all answers, or the channel's
}
"""Outcomes that have words of their own for some kinds, beside the plain ones."""

OUTCOME_PLACEHOLDERS: Final[dict[Why, frozenset[str]]] = {
    Why.GREETING: frozenset({"town"}),
    Why.OUT_OF_SCOPE: frozenset({"town"}),
    Why.OTHER_TOWN: frozenset({"town", "place"}),
    Why.CONFIRM: frozenset({"summary"}),
    Why.DONE: frozenset({"summary"}),
    Why.TOO_LONG: frozenset({"limit"}),
}
"""Placeholders of an outcome; its kinds (except goodbye, which has none) have the same."""


class Phrase(StrEnum):
    """Words that answers, tables, forms and the desk are put together from."""

    # labels of facts
    FEE = "fee"
    BRING = "bring"
    WHERE = "where"
    WHEN = "when"
    DEADLINE = "deadline"
    WHO = "who"
    ONLINE = "online"
    PHONE = "phone"
    LAW = "law"
    HOW = "how"
    SOURCE = "source"
    AS_OF = "as_of"
    DEPARTMENT = "department"
    ADDRESS = "address"
    CATEGORY = "category"
    CLOSED = "closed"
    CAPACITY = "capacity"
    NOTE = "note"
    # whose rule it is
    LAYER_NATION = "layer_nation"
    LAYER_PREFECTURE = "layer_prefecture"
    LAYER_TOWN = "layer_town"
    # sentences of an answer
    INTRO = "intro"
    MORE_IN_GUIDE = "more_in_guide"
    ONLY_IN = "only_in"
    MACHINE_TRANSLATED = "machine_translated"
    RENDERED = "rendered"
    JAPANESE_TEXT = "japanese_text"
    PLAIN_JAPANESE = "plain_japanese"
    NOT_IN_GUIDE = "not_in_guide"
    DATED = "dated"
    MASKED = "masked"
    # choices
    WHICH_ONE = "which_one"
    NONE_OF_THESE = "none_of_these"
    TALK_TO_PERSON = "talk_to_person"
    IN_THIS_TOWN = "in_this_town"
    YES = "yes"
    NO = "no"
    # hand-over to staff
    HANDED_OVER = "handed_over"
    PROMISE_OPEN = "promise_open"
    PROMISE_CLOSED = "promise_closed"
    STAFF_OFFER = "staff_offer"
    # garbage
    ITEM_IS = "item_is"
    HOW_TO = "how_to"
    DAYS_ARE = "days_are"
    NEXT_DAY = "next_day"
    ASK_DISTRICT = "ask_district"
    ASK_DISTRICT_SHELTER = "ask_district_shelter"
    ASK_ITEM = "ask_item"
    NO_ROW = "no_row"
    # fees, hours, places
    FEE_IS = "fee_is"
    OPEN_TODAY = "open_today"
    CLOSED_TODAY = "closed_today"
    OPENS_NEXT = "opens_next"
    HOURS_ON = "hours_on"
    FACILITY_IS = "facility_is"
    SHELTERS_IN = "shelters_in"
    SHELTER_FOR = "shelter_for"
    SHELTER_WARNING = "shelter_warning"
    FLOOD = "flood"
    LANDSLIDE = "landslide"
    STORM_SURGE = "storm_surge"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    LARGE_FIRE = "large_fire"
    # LINE
    TEXT_ONLY = "text_only"
    PHOTO_TOO_LARGE = "photo_too_large"
    PHOTO_UNREADABLE = "photo_unreadable"
    PHOTO_MANY = "photo_many"


PHRASE_PLACEHOLDERS: Final[dict[Phrase, frozenset[str]]] = {
    Phrase.INTRO: frozenset({"title"}),
    Phrase.IN_THIS_TOWN: frozenset({"town"}),
    Phrase.ONLY_IN: frozenset({"name"}),
    Phrase.NOT_IN_GUIDE: frozenset({"fact"}),
    Phrase.DATED: frozenset({"date"}),
    Phrase.HANDED_OVER: frozenset({"desk", "ticket"}),
    Phrase.PROMISE_OPEN: frozenset({"minutes"}),
    Phrase.PROMISE_CLOSED: frozenset({"opens_at"}),
    Phrase.ITEM_IS: frozenset({"item", "category"}),
    Phrase.HOW_TO: frozenset({"how"}),
    Phrase.DAYS_ARE: frozenset({"district", "category", "days"}),
    Phrase.NEXT_DAY: frozenset({"date"}),
    Phrase.NO_ROW: frozenset({"name"}),
    Phrase.FEE_IS: frozenset({"item", "fee"}),
    Phrase.OPEN_TODAY: frozenset({"place", "open", "close"}),
    Phrase.CLOSED_TODAY: frozenset({"place"}),
    Phrase.OPENS_NEXT: frozenset({"date", "open"}),
    Phrase.HOURS_ON: frozenset({"days", "open", "close"}),
    Phrase.FACILITY_IS: frozenset({"name", "address"}),
    Phrase.SHELTERS_IN: frozenset({"district"}),
    Phrase.SHELTER_FOR: frozenset({"name", "hazards"}),
}
"""Placeholders of a phrase; a phrase that is not here has none."""
