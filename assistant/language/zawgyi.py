"""Burmese typed with a Zawgyi font: it looks right on the writer's screen, and is other letters in Unicode.

Nothing that is written so can be searched for, and a rule that turns it into Unicode errs on mixed texts, so whoever
writes it is asked for Unicode, in words that both fonts show well enough to read.
"""

from __future__ import annotations

import re
from typing import Final

# What Unicode never has (The Unicode Standard 16, 16.3 Myanmar): a virama (U+1039) with no consonant behind it, the
# vowel E (U+1031) or a medial where no consonant stands before, and Zawgyi's own places for stacked letters.
_SIGNS = re.compile(
    "\u1039(?![\u1000-\u1021])|(?<![\u1000-\u102a\u103b-\u103f\u104e\u1075-\u1081\ua9e0-\uaa7f])\u1031"
    "|(?<![\u1000-\u102a\u1039-\u103f\u1075-\u1081\ua9e0-\uaa7f])[\u103b-\u103d]|[\u1033\u1034]"
)
_LETTER = re.compile("[\u1000-\u109f]")
_PER_LETTERS: Final = 20  # one such sign in so many letters; less is a slip of the finger

NOTICE: Final = (
    "Zawgyi ဖြင့်ရေးထားသောစာကို ဖတ်၍မရပါ။ Unicode ဖြင့် ထပ်ရေးပေးပါ။\n"
    "This message is in Zawgyi. Please type it again in Unicode, or in another language."
)
"""What is said to somebody who writes Zawgyi."""


def is_zawgyi(text: str) -> bool:
    """True for Burmese in Zawgyi's encoding; False for Burmese in Unicode and for any other text."""
    signs = len(_SIGNS.findall(text))
    return signs > 0 and signs * _PER_LETTERS >= len(_LETTER.findall(text))
