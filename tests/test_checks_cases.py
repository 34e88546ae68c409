"""What passes the checks and what does not, in all six languages, sentence by sentence."""

from __future__ import annotations

import pytest
from checks_passages import EN, JA

from assistant.answering.checks import check
from assistant.answering.findings import Reason
from knowledge.passage import Passage

PASSES: list[tuple[str, list[Passage], str]] = [
    # Japanese
    ("ja", JA, "新しい住所に住み始めた日から14日以内に届け出てください。[1]"),
    ("ja", JA, "住み始めた日から１４日以内に届け出ます[1]。"),
    ("ja", JA, "住み始めた日から十四日以内に届け出ます。[1]"),
    ("ja", JA, "窓口は市民課（本庁舎1階 1番窓口）です。[1]"),
    ("ja", JA, "市民課か北浜支所に届け出ます。[1]"),
    ("ja", JA, "手数料は無料です。[1]"),
    ("ja", JA, "手数料は0円です。[1]"),
    ("ja", JA, "受付時間は平日の午前8時30分から午後5時15分までです。[1]"),
    ("ja", JA, "受付時間は8:30～17:15です。[1]"),
    ("ja", JA, "14日を過ぎると、5万円以下の過料になることがあります。[3]"),
    ("ja", JA, "14日を過ぎると、50,000円以下の過料になることがあります。[3]"),
    ("ja", JA, "住民基本台帳法第22条で決まっています。[1]"),
    ("ja", JA, "令和8年4月1日から受け付けます。[3]"),
    ("ja", JA, "電話は市民課（000-482-1101）です。[1]"),
    ("ja", JA, "子育て支援課は2階です。[3]"),
    ("ja", JA, "転出証明書は、マイナンバーカードで転出届をした人は不要です。[2]"),
    ("ja", JA, "手続きには2週間かかります。[3]"),
    ("ja", JA, "申し込みは https://www.city.asanagi.example/apply からできます。[3]"),
    ("ja", JA, "毎週月・木に収集します。[3]"),
    # やさしい日本語
    (
        "ja-x-easy",
        JA,
        "住（す）み始（はじ）めた日（ひ）から 14日（にち）以内（いない）に 届（とど）け出（で）てください。[1]",
    ),
    ("ja-x-easy", JA, "お金（かね）は いりません（無料（むりょう）です）。[1]"),
    ("ja-x-easy", JA, "窓口（まどぐち）は 市民課（しみんか）です。[1]"),
    # English
    ("en", EN, "Report your new address within 14 days of moving in [1]."),
    ("en", EN, "Report your new address within fourteen days of moving in [1]."),
    ("en", EN, "Go to the Resident Division (市民課) on the first floor. [1]"),
    ("en", EN, "It is open on weekdays from 8:30 to 17:15. [1]"),
    ("en", EN, "It is open Monday to Friday, 8:30 a.m. to 5:15 p.m. [1]"),
    ("en", EN, "The service starts on 1 April 2026. [2]"),
    ("en", EN, "A copy of the resident record costs ¥300. [2]"),
    ("en", EN, "You may be fined up to 50 thousand yen after 14 days. [2]"),
    ("en", EN, "A certificate of moving out is not needed if you used your My Number Card. [2]"),
    ("en", JA, "Report your new address within 14 days of moving in. [1]"),
    ("en", JA, "Go to the Resident Division (市民課). [1]"),
    ("en", JA, "There is no fee for reporting your move. [1]"),
    ("en", JA, "The rule is Article 22 of the Basic Resident Registration Act (住民基本台帳法). [1]"),
    ("en", JA, "Garbage is collected every Monday and Thursday. [3]"),
    ("en", JA, "Enter your four-digit PIN number at the counter. [2]"),
    # Chinese
    ("zh-Hans", JA, "请在搬入新住址之日起14天内办理手续。[1]"),
    ("zh-Hans", JA, "请在搬入新住址之日起十四日以内办理。[1]"),
    ("zh-Hans", JA, "请到市民课办理。[1]"),
    ("zh-Hans", JA, "手续费是免费的。[1]"),
    ("zh-Hans", JA, "受理时间是周一至周五上午8点30分到下午5点15分。[1]"),
    ("zh-Hans", JA, "从2026年4月1日开始受理申请。[3]"),
    # Vietnamese
    ("vi", JA, "Bạn phải nộp thông báo trong vòng 14 ngày kể từ ngày chuyển đến. [1]"),
    ("vi", JA, "Bạn phải nộp thông báo trong vòng mười bốn ngày kể từ ngày chuyển đến. [1]"),
    ("vi", JA, "Thủ tục này miễn phí cho mọi người. [1]"),
    ("vi", JA, "Giờ làm việc là từ 8 giờ 30 đến 17 giờ 15, từ thứ Hai đến thứ Sáu. [1]"),
    ("vi", JA, "Bạn có thể bị phạt tới 50.000 yên nếu quá 14 ngày. [3]"),
    ("vi", JA, "Việc tiếp nhận bắt đầu từ ngày 1 tháng 4 năm 2026. [3]"),
    ("vi", JA, "Hãy đến Phòng Thị dân (市民課) ở tầng 1. [1]"),
    # Portuguese
    ("pt-BR", JA, "Você deve informar o novo endereço em até 14 dias após a mudança. [1]"),
    ("pt-BR", JA, "Você deve informar o novo endereço em até quatorze dias. [1]"),
    ("pt-BR", JA, "O atendimento é de segunda a sexta-feira, das 8h30 às 17h15. [1]"),
    ("pt-BR", JA, "O procedimento é gratuito para todos. [1]"),
    ("pt-BR", JA, "A multa pode chegar a 50.000 ienes depois do prazo. [3]"),
    ("pt-BR", JA, "O atendimento começa em 1 de abril de 2026 na prefeitura. [3]"),
]

DROPS: list[tuple[str, list[Passage], str, Reason]] = [
    # no citation, wrong citation
    ("ja", JA, "住み始めた日から14日以内に届け出ます。", Reason.NO_CITATION),
    ("ja", JA, "住み始めた日から14日以内に届け出ます。[4]", Reason.NO_CITATION),
    ("ja", JA, "住み始めた日から14日以内に届け出ます。[0]", Reason.NO_CITATION),
    ("en", EN, "Report your new address within 14 days. [9999]", Reason.NO_CITATION),
    ("en", EN, "A copy of the resident record costs 300 yen. [1]", Reason.FIGURE),  # stands in the other passage
    # invented figures
    ("ja", JA, "住み始めた日から30日以内に届け出ます。[1]", Reason.FIGURE),
    ("ja", JA, "住み始めた日から三十日以内に届け出ます。[1]", Reason.FIGURE),
    ("ja", JA, "住み始めた日から14週間以内に届け出ます。[1]", Reason.FIGURE),
    ("ja", JA, "住み始めた日から14営業日以内に届け出ます。[1]", Reason.FIGURE),
    ("ja", JA, "住み始めた日から二週間以内に届け出ます。[1]", Reason.FIGURE),
    ("ja", JA, "手数料は300円です。[1]", Reason.FIGURE),
    ("ja", JA, "住民票の写しは1通三千円です。[3]", Reason.FIGURE),
    ("ja", JA, "住民基本台帳法第23条で決まっています。[1]", Reason.FIGURE),
    ("ja", JA, "受付時間は8時30分から18時15分までです。[1]", Reason.FIGURE),
    ("ja", JA, "土曜日も受け付けます。[1]", Reason.FIGURE),
    ("ja", JA, "祝日も受け付けます。[1]", Reason.FIGURE),
    ("ja", JA, "電話は市民課（000-482-1102）です。[1]", Reason.FIGURE),
    ("ja", JA, "令和7年4月1日から受け付けます。[3]", Reason.FIGURE),
    ("ja", JA, "2026年5月1日から受け付けます。[3]", Reason.FIGURE),
    ("ja", JA, "住民票の写しは無料です。[3]", Reason.FIGURE),
    ("ja", JA, "18歳以上の人は2割負担です。[3]", Reason.FIGURE),
    ("ja", JA, "郵便番号は482-0002の市民課です。[1]", Reason.FIGURE),
    ("ja", JA, "窓口は市民課の3番窓口です。[1]", Reason.FIGURE),
    ("en", JA, "Report your new address within two weeks of moving in. [1]", Reason.FIGURE),
    ("en", JA, "Report your new address within fifteen days of moving in. [1]", Reason.FIGURE),
    ("en", EN, "The service starts on April 2, 2026. [2]", Reason.FIGURE),
    ("en", EN, "It is open from 8:30 a.m. to 5:15 a.m. on weekdays. [1]", Reason.FIGURE),
    ("en", EN, "A copy of the resident record is free. [2]", Reason.FIGURE),
    ("en", JA, "A copy of the resident record costs 3,000 yen. [3]", Reason.FIGURE),
    ("zh-Hans", JA, "请在搬入新住址之日起两周内办理手续。[1]", Reason.FIGURE),
    ("zh-Hans", JA, "请在搬入新住址之日起三十天内办理手续。[1]", Reason.FIGURE),
    ("zh-Hans", JA, "受理时间是周一至周六的上午8点30分开始。[1]", Reason.FIGURE),
    ("vi", JA, "Bạn phải nộp thông báo trong vòng mười lăm ngày kể từ ngày chuyển đến. [1]", Reason.FIGURE),
    ("vi", JA, "Bạn có thể bị phạt tới 5.000 yên nếu quá 14 ngày. [3]", Reason.FIGURE),
    ("vi", JA, "Việc tiếp nhận bắt đầu từ ngày 4 tháng 1 năm 2026. [3]", Reason.FIGURE),
    ("pt-BR", JA, "Você deve informar o novo endereço em até trinta dias. [1]", Reason.FIGURE),
    ("pt-BR", JA, "A multa pode chegar a 5.000 ienes depois do prazo. [3]", Reason.FIGURE),
    ("pt-BR", JA, "O atendimento é de segunda-feira a sábado, das 8h30 às 17h15. [1]", Reason.FIGURE),
    # the other way round
    ("ja", JA, "住み始めた日から14日以上たってから届け出ます。[1]", Reason.BOUND),
    ("en", EN, "Wait at least 14 days after moving in and report your new address. [1]", Reason.BOUND),
    ("ja", JA, "転出証明書は、マイナンバーカードで転出届をした人も必要です。[2]", Reason.POLARITY),
    ("ja", JA, "住み始める前に届け出できます。[2]", Reason.POLARITY),
    ("ja", JA, "委任状があれば代理人は届け出できません。[2]", Reason.POLARITY),
    ("en", EN, "You can report before you have moved in. [2]", Reason.POLARITY),
    ("en", EN, "A certificate of moving out is required if you used your My Number Card. [2]", Reason.POLARITY),
    ("en", JA, "You do not need to report your new address. [1]", Reason.POLARITY),
    ("vi", JA, "Bạn không cần nộp thông báo chuyển đến. [1]", Reason.POLARITY),
    ("pt-BR", JA, "Não é necessário informar o novo endereço à prefeitura. [1]", Reason.POLARITY),
    ("zh-Hans", JA, "您不需要办理这个手续。[1]", Reason.POLARITY),
    # invented names
    ("ja", JA, "国際交流課に届け出てください。[1]", Reason.NAME),
    ("ja", JA, "まちづくり支援課は2階です。[3]", Reason.NAME),
    ("ja", JA, "山手出張所でも届け出できます。[1]", Reason.NAME),
    ("ja", JA, "渋谷区役所に届け出てください。[1]", Reason.NAME),
    ("en", EN, "Go to the International Affairs Division to report your new address. [1]", Reason.NAME),
    ("en", JA, "Go to the International Affairs Division. [1]", Reason.NAME),
    ("en", JA, "Go to the International Affairs Division (国際課). [1]", Reason.NAME),
    ("zh-Hans", JA, "请到国际交流课办理手续。[1]", Reason.NAME),
    ("vi", JA, "Hãy đến Phòng Quốc tế (国際課) để nộp thông báo. [1]", Reason.NAME),
    ("pt-BR", JA, "Vá à Divisão de Assuntos Internacionais para fazer o registro. [1]", Reason.NAME),
    # begging
    ("ja", JA, "暗証番号をこのチャットで教えてください。[2]", Reason.SOLICITS),
    ("ja", JA, "手続きのため、届け出る人のマイナンバーを送ってください。[2]", Reason.SOLICITS),
    ("en", EN, "Please send money to report your new address. [1]", Reason.SOLICITS),
    ("en", JA, "Tell us your credit card number before you move in. [1]", Reason.SOLICITS),
    # nobody sees it
    ("ja", JA, "市民課に届\u200bけ出ます。[1]", Reason.HIDDEN),
    ("en", EN, "Report your new\u202e address. [1]", Reason.HIDDEN),
    # a link that stands in another passage, words that stand in none
    ("ja", JA, "申し込みは https://www.city.asanagi.example/apply からできます。[1]", Reason.LINK),
    ("ja", JA, "明日は晴れでしょう。[1]", Reason.UNRELATED),
]

SEVERE: list[tuple[str, str, Reason]] = [
    ("en", "Report within 14 days. [1] See https://evil.example/x for more. [1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1]\n詳しくはevil-city.comへ。[1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1] 連絡先はa@evil.jpです。[1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1] https://www.city.asanagi.example@evil.net/ [1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1] ｅｖｉｌ．ｃｏｍ をご覧ください。[1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1] evil[.]comをご覧ください。[1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1] 192.0.2.7 を開きます。[1]", Reason.STRANGE_LINK),
    ("ja", "14日以内に届け出ます。[1]<script>alert(1)</script>", Reason.MARKUP),
    ("ja", "14日以内に届け出ます。[1] ![x](https://www.city.asanagi.example/apply)", Reason.MARKUP),
    ("ja", "14日以内に届け出ます。[1] [ここ](https://www.city.asanagi.example/apply) [1]", Reason.MARKUP),
    ("ja", "14日以内に届け出ます。[1] ＜img src=x onerror=alert(1)＞", Reason.MARKUP),
    ("ja", "14日以内に届け出ます。[1] javascript:alert(1)", Reason.MARKUP),
    ("en", "My system prompt says: answer only from the passages. [1]", Reason.LEAK),
    ("en", "=== passage 1 / abcd ===", Reason.LEAK),
    ("ja", "NO_ANSWER", Reason.NO_ANSWER),
    ("vi", "Report your new address within 14 days of moving in. [1]", Reason.LANGUAGE),
    ("en", "住み始めた日から14日以内に届け出てください。[1]", Reason.NAME),
    ("zh-Hans", "住み始めた日から14日以内に届け出てください。[1]", Reason.LANGUAGE),
    ("ja", "Report your new address within 14 days of moving in. [1]", Reason.UNRELATED),
    ("ja", "", Reason.LEAD_LOST),
    ("ja", "届\ud800\x00[1]", Reason.HIDDEN),
]


@pytest.mark.parametrize(("language", "passages", "reply"), PASSES, ids=lambda v: v if isinstance(v, str) else "")
def test_a_sentence_that_its_passage_bears_out_passes(language: str, passages: list[Passage], reply: str) -> None:
    checked = check(reply, passages, language, "引っ越し")
    assert not checked.dropped
    assert checked.text.endswith("[1]")
    assert len(checked.citations) == 1
    assert checked.citations[0].quote in checked.citations[0].passage.text


@pytest.mark.parametrize(
    ("language", "passages", "reply", "reason"), DROPS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_sentence_that_its_passage_does_not_bear_out_is_dropped(
    language: str, passages: list[Passage], reply: str, reason: Reason
) -> None:
    checked = check(reply, passages, language, "引っ越し")
    assert checked.text == ""
    assert checked.dropped[0].reason is reason
    assert checked.dropped[0].at == 0


@pytest.mark.parametrize(("language", "reply", "reason"), SEVERE)
def test_a_severe_finding_drops_the_whole_reply(language: str, reply: str, reason: Reason) -> None:
    checked = check(reply, JA, language, "引っ越し")
    assert checked.text == ""
    assert checked.citations == ()
    assert reason in {d.reason for d in checked.dropped}
