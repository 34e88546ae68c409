"""What must never reach a resident from a language model: strange addresses, markup, leaks, begging for secrets."""

from __future__ import annotations

import re
import unicodedata

from assistant.answering.stating import spoken_of
from assistant.language.folding import has_hidden_message, strip_hidden

_TLD = (
    "com|net|org|info|biz|jp|io|dev|app|xyz|top|site|online|shop|club|link|click|example|test|invalid|"
    "[a-z]{2}(?=[/:?#]|$|[^a-z0-9.])"
)
LINK = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'「」（）()、。，]+"
    r"|(?<![\w@])//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}[^\s<>\"'「」()、。]*"
    r"|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|(?<![a-z0-9@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TLD})(?![a-z0-9-])(?:[:/?#][^\s<>\"'「」（）()、。，]*)?"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])",
    re.IGNORECASE,
)
"""Web and mail addresses, bare domains and IPv4 addresses in NFKC text."""

_NOT_DOMAINS = re.compile(r"^(?:[a-z]\.){1,3}[a-z]\.?$|^(?:e\.g|i\.e|a\.m|p\.m|etc|no|vs)\b", re.IGNORECASE)
_HIDDEN_LINK = re.compile(
    r"[^\x00-\x7f]\.(?:com|net|org|jp|info|xyz|top|site|cn|vn|br)(?![a-z0-9-])"
    r"|\w\s*(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)|\[at\]|\(at\)|。)\s*(?:com|net|org|jp|info|xyz|top|site|io)(?![a-z0-9-])"
    r"|hxxps?:|xn--",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\s*[/!?]?\s*[a-z]|&(?:#x?[0-9a-f]+|lt|gt|quot|amp|nbsp|tab|newline);|\]\(|!\[|\]\s*\[[^\d\s\]][^\]]*\]|^\s*\[[^\]]+\]:\s"
    r"|\b(?:javascript|vbscript)\s*:|\bdata:[a-z]+/|\bon(?:error|load|click|mouseover)\s*=|\{\{|\{%|\$\{",
    re.IGNORECASE | re.MULTILINE,
)
_LEAK = re.compile(
    r"=== ?(?:passage|end|question)|system prompt|my (?:system )?instructions|as an ai (?:language )?model|"
    r"ignore (?:all |the )?(?:previous|above)|システムプロンプト|システム指示|私への指示|以前の指示を無視|"
    r"系统提示|忽略(?:之前|以上)|lời nhắc hệ thống|prompt do sistema|instruções do sistema",
    re.IGNORECASE,
)
_SECRETS = {
    "pin": r"暗証番号|パスワード|\bpins?\b(?! code area)|passwords?|passcodes?|密码|mã pin|mật khẩu|senhas?",
    "number": r"マイナンバー(?!カード)|個人番号(?!カード)|my number(?! cards?)|个人编号(?!卡)|số cá nhân|mã số cá nhân|"
              r"meu número",
    "account": r"クレジットカード|口座番号|キャッシュカード|credit cards?|bank (?:account|card)|"
               r"card number|account number|"
               r"信用卡|银行账号|银行卡|thẻ tín dụng|số tài khoản|cartão de crédito|conta bancária|número do cartão",
    "money": r"お金|現金|電子マネー|ギフトカード|プリペイド|手数料|gift cards?|bitcoin|\bcash\b|\bmoney\b|\bfees?\b|"
             r"现金|钱|手续费|"
             r"\btiền\b|lệ phí|dinheiro|\bpix\b|\btaxas?\b",
}  # fmt: skip
_GIVING = {
    "tell": r"教えて|伝えて|知らせて|言って|\btell\b|\bshare\b|告诉|cho (?:tôi|chúng tôi) biết|\binforme\b|\bdiga\b",
    "send": r"送って|送信|お送り|返信|メールして|\bsend\b|\breply\b|\btext\b|\be-?mail\b|发送|发给|回复|"
            r"(?<!được )\bgửi\b|\benvi[ea]r?\b|"
            r"\bmande\b|\bresponda\b",
    "enter": r"入力|書き込|打ち込|押し|\benter\b|\btype\b|\bprovide\b|输入|填写|nhập|\bđiền\b|"
             r"\bdigit[ea]r?\b|\binsira\b|\bforneça\b",
    "transfer": r"振り込|振込|送金|\btransfer\b|\bwire\b|汇款|转账|chuyển (?:tiền|khoản)|\btransfira\b|"
                r"\bdeposite\b|\btransfer(?:ir|ência)\b",
}  # fmt: skip
_SECRET = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SECRETS.items()}
_GIVE = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _GIVING.items()}


def links(text: str) -> tuple[str, ...]:
    """The addresses of a text in one form: lower case, without scheme, `www.` stays, no closing punctuation."""
    found = (match[0].rstrip(".,;:!?'\")]*_") for match in LINK.finditer(unicodedata.normalize("NFKC", text)))
    return tuple(_address(link) for link in found if not _NOT_DOMAINS.match(link))


def has_disguised_link(text: str) -> bool:
    """True for example[.]com, 例.jp, xn-- names and the like, which no passage needs."""
    return bool(_HIDDEN_LINK.search(unicodedata.normalize("NFKC", text)))


def link_is_stated(link: str, stated: frozenset[str]) -> bool:
    """True when the address, or as a bare domain its host, is one of the stated ones."""
    if link in stated:
        return True
    hosts = {held.split("/", 1)[0] for held in stated if "@" not in held}
    return "/" not in link and "@" not in link and link in hosts


def has_markup(text: str) -> bool:
    """True when the text holds HTML, an entity, a script, an image, a template or a Markdown link."""
    return bool(_MARKUP.search(text) or _MARKUP.search(unicodedata.normalize("NFKC", text).replace("](", "] (")))


def leaks(text: str) -> bool:
    """True when the text speaks of its instructions or shows the marks of the prompt."""
    return bool(_LEAK.search(unicodedata.normalize("NFKC", text)))


def repeats(text: str, secret: str, *, run: int = 40) -> bool:
    """True when `run` characters of `secret` stand in the text, spaces apart."""
    body, held = "".join(text.split()).casefold(), "".join(secret.split()).casefold()
    return any(held[at : at + run] in body for at in range(0, max(1, len(held) - run + 1), 5)) if held else False


def hides_characters(text: str) -> bool:
    """True when the text has characters that nobody sees (zero-width, bidi controls, tags, lone surrogates)."""
    return has_hidden_message(text) or strip_hidden(text) != unicodedata.normalize("NFC", text)


def solicitations(text: str) -> frozenset[tuple[str, str]]:
    """What secret or money the text speaks of giving and how, such as ("pin", "tell"); empty when it does not."""
    plain = unicodedata.normalize("NFKC", text)
    secrets = _named(plain, _SECRET, "secrets")
    ways = _named(plain, _GIVE, "giving") if secrets else []
    # Money is not entered: 'nhập viện' is to go to hospital.
    return frozenset((s, way) for s in secrets for way in ways if (s, way) != ("money", "enter"))


def _named(text: str, own: dict[str, re.Pattern[str]], kind: str) -> list[str]:
    more = spoken_of(kind)  # what languages with a words/CODE/checks.yaml say
    return [name for name, held in own.items() if held.search(text) or (name in more and more[name].search(text))]


def begs(text: str, allowed: frozenset[tuple[str, str]]) -> bool:
    """True when the text asks to give a secret or money in a way that `allowed` (of the cited passages) does not have.

    To tell or send a PIN, the individual number or an account is never allowed, whoever wrote the passage.
    """
    asked = solicitations(text)
    return not asked <= allowed or any(secret != "money" and way in ("tell", "send") for secret, way in asked)


def _address(link: str) -> str:
    bare = re.sub(r"^(?:https?:)?//", "", link.casefold())
    return bare.rstrip("/")
