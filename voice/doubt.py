"""Doubt about what a recogniser says it heard: Whisper invents words on noise, and no invented word may pass."""

from __future__ import annotations

import re
import unicodedata
import zlib

from voice.speech import Unheard

NO_SPEECH = 0.6  # above: the model itself holds that nobody speaks (openai-whisper's own limit)
SURE = -0.25  # mean log probability above which words outweigh NO_SPEECH
UNSURE = -1.0  # mean log probability below which words are guesses (openai-whisper's own limit)
COMPRESSION = 2.4  # zlib ratio above which text repeats itself (openai-whisper's own limit)
ASK_AGAIN = 0.6  # confidence below which a spoken door asks again instead of answering what it may have misheard
SHORT = 4  # letters or kana of words such as はい and no, whose confidence is low even when they are right
ASK_AGAIN_SHORT = 0.35
RUN = re.compile(r"(.{2,20}?)\1{3,}")  # the same piece four times in a row
DENSEST = 28  # characters a second; quick Japanese has about 10 kana, English about 20 letters
FOLD = re.compile(r"[\W_]+")

# Subtitles' last words, which Whisper learned from films and says into silence; nobody says them to a counter.
INVENTIONS = tuple(
    FOLD.sub("", unicodedata.normalize("NFKC", phrase).casefold())
    for phrase in (
        "ご視聴ありがとうございました", "ご視聴ありがとうございます", "ご清聴ありがとうございました",
        "最後までご視聴いただきありがとうございます", "チャンネル登録をお願いします", "チャンネル登録お願いします",
        "高評価とチャンネル登録をお願いします", "字幕視聴ありがとうございました", "次回もお楽しみに",
        "次の動画でお会いしましょう", "おやすみなさい", "字幕作成者", "Thanks for watching", "Thank you for watching",
        "Please subscribe", "Please subscribe to my channel", "Like and subscribe",
        "Subtitles by the Amara.org community",
        "Transcription by CastingWords", "See you in the next video", "请不吝点赞订阅转发打赏支持明镜与点点栏目",
        "字幕由Amara.org社区提供", "谢谢观看", "感谢观看",
        "Hãy subscribe cho kênh Ghiền Mì Gõ Để không bỏ lỡ những video hấp dẫn", "Cảm ơn các bạn đã theo dõi",
        "Legendas pela comunidade Amara.org", "Obrigado por assistir", "Inscreva-se no canal",
    )
)  # fmt: skip


def doubt(text: str, avg_logprob: float, no_speech: float, seconds: float) -> Unheard | None:
    """Why this text is not to be believed; None when it may be.

    `avg_logprob` is the mean natural log of the tokens' probabilities, `no_speech` 0-1, `seconds` the sound's length.
    """
    folded = FOLD.sub("", unicodedata.normalize("NFKC", text).casefold())
    if not folded:
        return Unheard.NOT_SPEECH
    if no_speech > NO_SPEECH and avg_logprob < SURE:
        return Unheard.NOT_SPEECH
    if avg_logprob < UNSURE or avg_logprob != avg_logprob:
        return Unheard.UNSURE
    if any(folded == known or (len(known) > 9 and known in folded) for known in INVENTIONS):
        return Unheard.KNOWN_INVENTION
    if repeats(text, folded):
        return Unheard.REPEATING
    if len(text) > 12 and len(text) / max(seconds, 0.1) > DENSEST:
        return Unheard.TOO_DENSE
    return None


def sure_enough(text: str, confidence: float) -> bool:
    """Whether a door may act on this; else it asks again, which costs the speaker less than a wrong answer."""
    return confidence >= (ASK_AGAIN_SHORT if len(FOLD.sub("", text)) <= SHORT else ASK_AGAIN)


def repeats(text: str, folded: str) -> bool:
    """Whether the text goes round in circles."""
    data = text.encode()
    if len(data) > 60 and len(data) / len(zlib.compress(data)) > COMPRESSION:
        return True
    run = RUN.search(folded)
    return run is not None and not run.group(1).isdigit() and len(run.group(0)) > 0.6 * len(folded)
