"""What tests of plain Japanese share: its text without the explanations in brackets."""

from __future__ import annotations

import re

from assistant.language.plain.rewriting import plain

ASIDE = re.compile("（＝[^（）]*）")


def bare(text: str) -> str:
    """The plain text without explanations."""
    return ASIDE.sub("", plain(text).text)
