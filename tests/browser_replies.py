"""What the scripted stand-in answers: one Message for each kind of card, and a hostile one."""

from __future__ import annotations

import secrets

from knowledge.glossary.finding import finder
from knowledge.glossary.meaning import meanings
from knowledge.passage import Facts, Kind, Layer, Passage

TOWN = "482013"
HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> javascript:alert(1) [1] [9] "></textarea>'
Json = dict[str, object]

CITATIONS: list[Json] = [
    {"n": 1, "title": "市外から引っ越してきたとき（転入届）", "url": "https://www.city.asanagi.example/guides/move-in",
     "source": f"/sources/{TOWN}/guide%3Amove-in%40ja?passage=p1&quote=14%E6%97%A5%E4%BB%A5%E5%86%85#quote",
     "path": ["手続きの流れ"], "quote": "朝凪市に住み始めてから14日以内に、市民課か支所・出張所で転入届を出します。",
     "language": "ja", "layer": "town", "as_of": "2026-04-01", "passage": "p1",
     "card": f"/card/{TOWN}?document=guide%3Amove-in%40ja&language=ja"},
    {"n": 2, "title": "住民基本台帳法", "url": "https://laws.e-gov.go.jp/law/342AC0000000081", "source": None,
     "path": ["第四章", "第二十二条"],
     "quote": "転入をした者は、前条第一項の者を除き、転入をした日から十四日以内に、届け出なければならない。",
     "refers": [{"words": "前条第一項", "means": "第21条の4第1項"}],
     "language": "ja", "layer": "nation", "as_of": "2026-01-05", "passage": "p2"},
]  # fmt: skip
WORDS = {
    "ja": "転入届を、住み始めた日から14日以内に出してください。[1][2]\n\n"
          "持ってくるもの\n・転出証明書\n・本人確認書類（運転免許証など）\n"
          "・マイナンバーカード（家族全員の分）\n\n手数料は無料です。わからないときは市民課（000-482-1101）へお電話ください。",
    "ja-x-easy": "新（あたら）しい 家（いえ）に 住（す）んだ日から 14日以内（いない）に、"
                 "役所（やくしょ）で「転入届（てんにゅうとどけ）」を 出（だ）して ください。[1]",
    "en": "Please file a moving-in notification within 14 days of the day you start living here. [1][2]\n\n"
          "What to bring\n"
          "- Moving-out certificate\n- Identification\n\nThere is no fee. Questions: Resident Division (000-482-1101).",
    "zh-Hans": "请在开始居住之日起14天内提交迁入申报（转入届）。[1]\n\n"
               "需要携带：\n・迁出证明书\n・身份证件\n\n免手续费。",
    "vi": "Hãy nộp giấy báo chuyển đến trong vòng 14 ngày kể từ ngày bắt đầu sống tại đây. [1][2]\n\nCần mang theo:\n"
          "- Giấy chứng nhận chuyển đi\n- Giấy tờ tùy thân\n\nMiễn phí.",
    "pt-BR": "Entregue a notificação de entrada em até 14 dias após começar a morar aqui. [1][2]\n\nO que levar:\n"
             "- Certificado de saída\n- Documento de identidade\n\nNão há taxa.",
    "zh-Hant": "請在開始居住之日起14天內提交遷入申報（転入届）。[1]\n\n・遷出證明書\n・身分證件",
    "ko": "살기 시작한 날부터 14일 이내에 전입신고(転入届)를 해 주세요. [1]\n\n- 전출증명서\n- 신분증",
    "es": "Presente el aviso de mudanza de entrada en un plazo de 14 días. [1]\n\n- Certificado de salida\n- Documento",
    "fil": "Isumite ang abiso ng paglipat sa loob ng 14 na araw. [1]\n\n- Sertipiko ng pag-alis\n- ID",
    "id": "Serahkan pemberitahuan pindah masuk dalam 14 hari. [1]\n\n- Surat keterangan pindah\n- Kartu identitas",
    "ne": "बस्न थालेको १४ दिनभित्र बसाइँ सरी आएको सूचना दिनुहोस्। [1]\n\n- प्रमाणपत्र\n- परिचयपत्र",
    "th": "โปรดแจ้งย้ายเข้าภายใน 14 วันนับจากวันที่เริ่มอยู่อาศัย [1]\n\n- ใบรับรองการย้ายออก\n- บัตรประจำตัว",
    "my": "စတင်နေထိုင်သည့်နေ့မှ ၁၄ ရက်အတွင်း ပြောင်းရွှေ့ဝင်ရောက်ကြောင်း အကြောင်းကြားပါ။ [1]\n\n- ထောက်ခံစာ\n- သက်သေခံကတ်",
}  # fmt: skip
GUIDE = Passage(
    id="guide:move-in@ja#0", document="guide:move-in@ja", key="guide:move-in", title=str(CITATIONS[0]["title"]),
    path=(), text="転入届", language="ja", layer=Layer.TOWN, kind=Kind.GUIDE, url=str(CITATIONS[0]["url"]),
    facts=Facts(where=("市民課（本庁舎1階 1番窓口）", "北浜支所"), bring=("転出証明書", "本人確認書類（免許証など）")),
)  # fmt: skip
TERMS = {form: term for form, term in finder().find("転入届の転出証明書")}


def terms_in(language: str) -> list[Json]:
    """The official terms of the words above."""
    found = [] if language == "ja" else TERMS.values()
    told = meanings(language)
    return [{"ja": t.ja[0], "reading": t.reading, "romaji": t.romaji, "meaning": told.get(t.ja[0], t.meaning),
             "local": next((forms[0] for code, forms in t.local if code == language), "")} for t in found]  # fmt: skip


QUESTIONS = {  # language → what a guide answers, what a table answers
    "ja": ("引っ越してきました。何をすればいいですか", "住民票の写しはいくらですか"),
    "ja-x-easy": ("あたらしく この まちに すみます。なにを しますか", "じゅうみんひょうは いくらですか"),
    "en": ("I have just moved here. What should I do?", "How much is a copy of my resident record?"),
    "zh-Hans": ("我刚搬到这里，需要办什么手续？", "住民票多少钱？"),
    "zh-Hant": ("我剛搬到這裡，需要辦什麼手續？", "住民票要多少錢？"),
    "ko": ("이사 왔어요. 무엇을 해야 하나요?", "주민표 사본은 얼마예요?"),
    "vi": ("Tôi mới chuyển đến đây. Tôi phải làm gì?", "Bản sao phiếu cư trú giá bao nhiêu?"),
    "pt-BR": ("Acabei de me mudar para cá. O que devo fazer?", "Quanto custa a cópia do registro de residente?"),
    "es": ("¿Cómo presento el aviso de mudanza de entrada?", "¿Cuánto cuesta la copia del registro de residente?"),
    "fil": ("Paano po isumite ang tennyu todoke (abiso ng paglipat)?", "Magkano ang kopya ng resident record?"),
    "id": ("Bagaimana cara menyerahkan pemberitahuan pindah masuk?", "Berapa biaya salinan catatan penduduk?"),
    "ne": ("म भर्खरै यहाँ सरेको हुँ। के गर्नुपर्छ?", "बसोबास प्रमाणपत्रको कति शुल्क लाग्छ?"),
    "th": ("เพิ่งย้ายมาที่นี่ ต้องทำอะไรบ้าง", "สำเนาทะเบียนบ้านราคาเท่าไร"),
    "my": ("ဒီကို အခုမှ ပြောင်းလာတာပါ။ ဘာလုပ်ရမလဲ။", "နေထိုင်သူမှတ်တမ်း မိတ္တူ ဘယ်လောက်လဲ။"),
}  # fmt: skip
SUGGESTIONS = {
    "ja": ["引っ越してきました。何をすればいいですか", "ごみの収集日を知りたい",
           "住民票の写しがほしい", "子どもが生まれました"],
    "en": ["I have just moved here. What should I do?", "When is garbage collected?",
           "I need a copy of my resident record"],
}  # fmt: skip


def cited(language: str) -> list[Json]:
    """The citations, with the card in that language."""
    return [{**CITATIONS[0], "card": f"/card/{TOWN}?document=guide%3Amove-in%40ja&language={language}"}, *CITATIONS[1:]]


def message_for(text: str, language: str, conversation: str) -> Json:
    """The Message that the script has for a question; the first word decides."""
    message: Json = {
        "id": secrets.token_hex(8), "conversation": conversation, "in_reply_to": "", "decision": "reply",
        "why": "answered", "text": WORDS.get(language, WORDS["ja"]), "language": language, "confidence": 0.93,
        "spaced": None, "citations": cited(language), "choices": [], "handoff": None, "machine_translated": False,
        "terms": terms_in(language), "at": "2026-11-20T00:00:00Z",
    }  # fmt: skip
    bare: Json = {"citations": [], "terms": []}
    if text.startswith("choose"):
        choices = [{"label": name, "text": f"{name}のこと"} for name in ("住民票の写し", "印鑑登録証明書")]
        message |= {**bare, "decision": "ask", "why": "choose", "text": "どちらの証明書ですか。", "choices": choices}
    elif text.startswith("staff"):
        handoff = {"ticket": "A-2048", "desk": "市民課", "promise": "次の開庁日の正午までにご連絡します。",
                   "opens_at": "2026-11-23T23:30:00Z"}  # fmt: skip
        words = "担当の職員におつなぎします。"
        message |= {**bare, "decision": "handoff", "why": "requested", "text": words, "handoff": handoff}
    elif text.startswith("fire"):
        words = "すぐに119に電話してください。警察は110です。NET119も使えます。救急車を呼ぶか迷うときは#7119へ。"
        message |= {**bare, "why": "emergency", "text": words}
    elif text.startswith("hostile"):
        first = {**CITATIONS[0], "title": HOSTILE, "url": "javascript:window.hit=1",
                 "source": "javascript:window.hit=1", "path": [HOSTILE], "quote": HOSTILE,
                 "refers": [{"words": HOSTILE, "means": HOSTILE}]}  # fmt: skip
        words = f"{HOSTILE}\nhttps://example.jp/?q=<b>x</b>\ndata:text/html,<script>window.hit=1</script>"
        message |= {"text": words, "citations": [first], "choices": [{"label": HOSTILE, "text": HOSTILE}],
                    "terms": [{"ja": HOSTILE, "reading": HOSTILE, "local": HOSTILE}]}  # fmt: skip
    elif text.startswith("read"):
        words = "市外（しがい）から引（ひ）っ越（こ）した国（など）\n- 14日（じゅうよっか）以内（いない＝14日まで）"
        spaced = words.replace("引", " 引")
        message |= {**bare, "text": words, "spaced": spaced}
    elif text.startswith("long"):
        message |= {"text": "\n\n".join([str(message["text"])] * 6)}
    return message
