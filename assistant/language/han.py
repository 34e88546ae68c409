"""Text in Chinese characters only: Japanese, simplified or traditional Chinese."""

from __future__ import annotations

from functools import lru_cache

_CHINESE_WORDS = (
    "我", "你", "您", "他们", "吗", "嗎", "呢", "吧", "啊", "的", "了", "哪", "什么", "什麼", "怎么", "怎麼", "多少",
    "请问", "請問", "在哪", "这", "這", "那个", "那個", "没", "沒", "想要", "想问", "想問", "可以", "需要", "和", "跟",
    "还", "還", "几", "幾", "办", "辦", "谢谢", "謝謝", "地址", "孩子", "如何", "怎样", "怎樣", "是", "把", "被", "给",
)  # fmt: skip
# Words of a Japanese city office that a Chinese speaker would not write, though every character is Chinese too.
_JAPANESE_WORDS = (
    "住民", "市役所", "区役所", "役場", "役所", "保育", "幼稚園", "印鑑", "実印", "戸籍", "抄本", "謄本", "手続", "届",
    "申請書", "手当", "給付", "税金", "納税", "納付", "市民税", "固定資産", "軽自動車", "健康保険", "年金", "介護",
    "粗大", "資源", "収集", "回収", "引越", "転入", "転出", "転居", "出生", "婚姻", "離婚", "死亡", "火葬", "助成",
    "補助", "窓口", "料金", "手数料", "受付", "営業", "時間", "場所", "予約", "図書館", "公民館", "体育館", "避難",
    "水道", "下水道", "犬", "猫", "自転車", "原付", "旅券", "在留", "証明", "免許", "障害", "手帳", "学童", "学校",
    "予防接種", "健診", "検診", "選挙", "投票", "相談", "電話番号", "何時", "何曜日", "必要", "方法", "再発行",
    "紛失", "変更",
)  # fmt: skip


def detect_han(text: str, *, prior: str | None) -> tuple[str, float]:
    """("ja" | "zh-Hans" | "zh-Hant", confidence 0-1) of a text that is written in Chinese characters.

    Characters that only one of the three standards has decide first, then Chinese function words, then the terms of
    Japanese offices, then the language of the conversation, then "ja": the office's own language.
    """
    votes = {"ja": 0.0, "zh-Hans": 0.0, "zh-Hant": 0.0}
    for letter in text:
        owner = character_standard(letter)
        if owner:
            votes[owner] += 1.0
    form = "zh-Hant" if _traditional_lead(text) > 0 else "zh-Hans"
    votes[form] += 1.2 * sum(word in text for word in _CHINESE_WORDS)
    votes[form] += 0.5 * sum(_is_unused_in_japan(letter) for letter in text)
    votes["ja"] += 0.8 * sum(word in text for word in _JAPANESE_WORDS)
    if prior in ("ja", "ja-x-easy", "zh-Hans", "zh-Hant"):
        votes["ja" if prior == "ja-x-easy" else prior] += 1.0
    best = max(votes, key=lambda name: votes[name])
    total = sum(votes.values())
    if total == 0:
        return "ja", 0.4
    return best, min(0.99, 0.5 + votes[best] / total / 2)


def character_standard(letter: str) -> str:
    """Whose character it is: "ja", "zh-Hans" or "zh-Hant" when only that country's character set has it, else "".

    Read from the codecs of JIS X 0208, GB 2312 and Big5. JIS level 2 (rows 48 and later) holds old forms that
    Japanese hardly writes now, so it does not count as Japanese.
    """
    simplified, traditional, japanese = _standards(letter)
    if simplified + traditional + japanese != 1:
        return ""
    return "zh-Hans" if simplified else "zh-Hant" if traditional else "ja"


def _traditional_lead(text: str) -> int:
    """How many more characters only Big5 has than only GB 2312, Japan left aside."""
    return sum(traditional - simplified for simplified, traditional, _ in map(_standards, text))


def _is_unused_in_japan(letter: str) -> bool:
    simplified, traditional, japanese = _standards(letter)
    return simplified and traditional and not japanese


@lru_cache(maxsize=8192)
def _standards(letter: str) -> tuple[bool, bool, bool]:
    """(in GB 2312, in Big5, in JIS level 1); all False for what is no Chinese character."""
    if letter < "\u3400":
        return False, False, False
    japanese = _encodable(letter, "euc_jp") and letter.encode("euc_jp")[0] - 0xA0 in range(16, 48)
    return _encodable(letter, "gb2312"), _encodable(letter, "big5"), japanese


def _encodable(letter: str, codec: str) -> bool:
    try:
        letter.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
