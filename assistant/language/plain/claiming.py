"""何をしなければならないか: what a Japanese sentence says must, may, can't or isn't done, counted."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

_SPACE = re.compile(r"\s+")
_NOT = "(?:ません|ない)"
# 可能動詞 that our rules write with ことができる; others stand the same on both sides.
_ABLE = (
    "(?:運び出せ|取り出せ|持ち出せ|読み取れ|持ち帰れ|受け取れ|行え|行なえ|支払え|"
    "持ち込め|払い込め|払い戻せ|引き渡せ|取り外せ|補え|立ち寄れ|取り寄せられ)"
)


class Claim(StrEnum):
    """What a predicate says of its act."""

    PERHAPS = "perhaps"
    MUST = "must"  # also: it is needed
    NEED_NOT = "need not"
    DO_NOT = "don't"
    CANNOT = "can't"
    PLEASE = "please"
    CAN = "can"
    NOT = "not"


# In this order: what one pattern takes, the next ones no longer see.
_PATTERNS: dict[Claim, tuple[str, ...]] = {
    Claim.PERHAPS: (
        "(?:こと|場合)(?:が|も)(?:あり|ある|ござ)",
        "可能性(?:が|も)あ",
        "(?:おそれ|恐れ)(?:が|も)あ",
        f"かもしれ{_NOT}",
    ),
    Claim.NEED_NOT: (
        "必要(?:は|が)?(?:ありません|ない|なく|なし|ございません)",
        "不要|任意",
        "(?:いり|要り)ません",
        "(?:いら|要ら)な[いく]",
        f"(?:を要|必要と)し{_NOT}",
        "なくても?(?:いい|よい|良い|大丈夫|かまいません|構いません)",
    ),
    Claim.MUST: (
        f"な(?:ければ|くては)(?:な(?:りません|らない|らず)|いけ{_NOT})",
        f"ないといけ{_NOT}|ざるを得{_NOT}",
        "ねばな(?:りません|らない)",
        "必要が(?:あ|ござ)|(?<=が)必要な",
        "必要(?=です|であ|とな|にな|とし|とする|$|。|、|で|）)",
        "必須|(?:いり|要り)ます|が(?:いる|要る)|を?要[しす]",
    ),
    Claim.DO_NOT: (
        "(?:遠慮|控え)(?:して)?(?:くだ|下)さい",
        "ないで(?:くだ|下)さい",
        f"いけ{_NOT}|禁止",
    ),
    Claim.CANNOT: (
        "でき(?:ません|ない|なく|ず)",
        f"いただけ{_NOT}|られ{_NOT}|{_ABLE}{_NOT}",
        "不可|しかね|かねます|わけにはいきません",
    ),
    Claim.PLEASE: (
        "(?:くだ|下)さい|ましょう",
        "願い(?:します|いたします|致します|申し上げます)",
    ),
    Claim.CAN: (
        "でき(?!あ|るだけ|る限り)",
        "(?:利用|使用|参加|応募|申請|受講|購入)して(?:いただ|頂)ける",
        "可能(?!性|な限り|な範囲)",
        f"(?:いただ|頂)け(?!れば|る(?:人|方|企業|会社|団体|業者|店))|(?:になれ|{_ABLE})(?:ま|る)",
    ),
    Claim.NOT: (
        "ません|(?<![少危行])ない|なかっ|なけれ",
        "(?<![がはも])なく(?![さしすせそ])|(?<=[がはも])なく(?![さしすせそな])",
        "ずに|おらず|問わず|のみならず|不明|無断",
        "(?<!にも)かかわらず|(?<!にも)関わ(?:らず|りなく)",
        "(?<![ァ-ヺぁ-ゖ])なし(?!ょ)",
    ),
}
_CLAIMS = tuple((claim, re.compile("|".join(patterns))) for claim, patterns in _PATTERNS.items())


def claims(text: str) -> Counter[Claim]:
    """What the text says must, may, can't or isn't done, and how often."""
    rest = _SPACE.sub("", text)
    found: Counter[Claim] = Counter()
    for claim, pattern in _CLAIMS:
        rest, count = pattern.subn("＊", rest)
        found[claim] += count
    return +found
