"""Small words that tell the languages in Latin letters apart, and the terms of offices that appear in all of them.

Written from knowledge, without accents, as people type them. "und" are the small words of French, German, Italian,
Turkish, Uzbek and romanised Hindi, whose speakers must not be taken for speakers of a neighbouring language.
"""

from __future__ import annotations

from functools import lru_cache

_WORDS: dict[str, str] = {
    "en": "the a an is are do does did i my me you your to for how what where when which who can could should would if "
          "it in on of and with from at have has need want get please there we our will be this that or about by much "
          "many tell not no any i'm don't it's hello hi thanks thank okay yes was were been am as but they he she his "
          "her their them so after before why because also just still without lost says say mean does doesn't can't "
          "i've i'd what's where's help know live moved open closed its into than then out up may must said had "
          "who's ok day today tomorrow",
    "vi": "toi em minh anh chi la cua cho khong co bao nhieu nhu the nao lam gi o dau duoc muon can phai thi va voi "
          "nha chuyen giay to dang ky tien rac den khi nay mat con bi hay xin chao cam on vay a roi chua tu nguoi "
          "thu tuc phi hoi biet gio ngay thang nam dong bao lau nhan bang tieng viet ban may sao lay nhung mot trong "
          "nhieu cac ve ra len di lai gia han mai ho kia day do cung rat neu hoac boi sau truoc vut nop luc qua cai "
          "thue ai oi nhe ko dc",
    "pt-BR": "o os um uma de do da dos das em no na nos nas para pra por como que qual quais quando onde quanto custa "
             "eu meu minha voce vc preciso quero queria posso pode fazer tem tenho nao sim e com ao se mais ou isso "
             "este esta obrigado obrigada ola oi bom dia lixo prefeitura filho filha aqui ja sao sobre ate ser foi "
             "vou a as aos pelo pela mas muito tambem ele ela eles seu sua meus minhas gostaria perdi pagar tirar "
             "quem porque depois antes ainda sem nem num numa estou esta gente dele dela boa tarde noite era",
    "es": "el los las un una de del en para por como que cual cuales cuando donde cuanto cuesta yo mi mis usted "
          "necesito quiero quisiera puedo puede hacer hay tengo no si y con al se mas o esto este esta gracias hola "
          "buenos buenas basura ayuntamiento municipalidad hijo hija aqui ya son sobre hasta ser fue voy me lo la su "
          "es a le les sus pero muy tambien esa ese eso perdi pagar sacar quien porque despues antes sin estoy "
          "nos ha he han era dia significa tirar dijo ella ellos",
    "id": "saya aku anda kamu apa apakah bagaimana gimana di mana dimana kapan berapa yang untuk dari ke dan dengan "
          "tidak bisa boleh harus mau ingin ini itu ada adalah cara kalau anak rumah sampah kota tolong terima kasih "
          "gak ga nggak sudah belum jam hari biaya punya atau juga dalam pada karena lewat aja ya buat minta artinya "
          "urus buang bayar daftar hilang oleh akan telah lebih kami kita mereka dia sama bukan saja nya kartu "
          "sedang agar seperti siapa kenapa mengapa tentang setelah sebelum selamat pagi siang malam kak mas mbak nak",
    "fil": "ako ko mo ka ba po ang ng mga sa na ay ano anong paano saan san kailan kelan magkano gusto kailangan pwede "
           "puwede kong kung para may meron wala hindi di oo opo salamat akin namin natin yung iyon ito dito rin din "
           "nang ni kay siya sila kami anak bahay basura lungsod magandang kumusta pong bang nasa lang naman ibig "
           "sabihin nawala kasi pero niya nila ninyo kayo tayo atin sino bakit yun yan iyan dun doon pag kapag upang "
           "dahil bago tapos pala muna pa nga si sina at isang wala umaga gabi hapon magbayad",
    "ja": "desu desuka masu masuka masen mashita shimashita shimasu deshita kudasai hoshii shitai tai wa wo ga ni de "
          "mo kara made doko itsu ikura nani nan dou douyatte doushite doshite dono dare watashi boku onegai "
          "onegaishimasu arimasu arimasuka imasu dekimasu dekimasuka shiritai oshiete ikitai suru shite konnichiwa "
          "arigatou arigato gozaimasu sumimasen ohayou hai iie yo ne ka no dashitai tsukuritai moraitai iru aru nai "
          "okane hitsuyou hitsuyo hikkoshi hikkoshita mochimono basho jikan toritai ikimasu wakarimasen wakaranai "
          "nakushita nakushimashita koshin kado yoyaku moshikomi itsumade hitsuyo denwa tetsudai kaeritai kau uru",
    "ne": "malai mero mera hamro hami tapai tapaiko timro kati kaha kahile kasari kina ke ko ho hoina cha chha chaina "
          "chhaina chan hunchha huncha hudaina garne garnu garna garnus garnuhos garchu garchha garera parcha parchha "
          "parne chahiyo chahincha chahinchha chahanchu lagi laagi lai bata sanga ra pani yo tyo haru harayo haraye "
          "maile mailey bhayo bhako bhayeko thiyo thiye thiyen milcha milchha paincha painchha paune dinus dinuhos "
          "namaste dhanyabad kagaj fohor falne tirne tirna jane jana aune liyera line lina bachha bachhako sakchu "
          "sakincha sakinchha hola hajur didi dai ani tara ki ma euta kasle kun kaam ghar thegana sodhna kripaya hunu "
          "bhane paisa din aaja bholi hijo khulcha banda dherai thorai aayo aucha gayo gaye sareko sakyo sakiyo kura "
          "kehi sabai naya purano thulo sano paryo bhanne bhannu bujhina lagcha lagyo yaha yahaa tyaha kaile firta",
    "und": "le les des du et est dans pour qui une pas sur avec vous nous je il elle au aux ce cette mais ou ils ont "
           "quand combien bonjour merci puis faut etes s'il plait mon ma ses son leur tout fait comment sont ete plus "
           "j'ai c'est n'est qu'il votre notre faire bien l'on d'une d'un où "
           "der die das und ist nicht ich ein eine einen einem mit fur auf wo wie wann kann muss wir sie zu den dem "
           "von bei nach aus auch oder bitte danke mein meine haben werden wird sind hat im am zum "
           "il lo gli di che non per una del della dei delle dove quando quanto posso ho sono buongiorno grazie con "
           "come piu anche mio mia nel nella e questo cosa devo vorrei "
           "bir bu ve ne icin nasil nerede zaman kac var yok mi mu ben benim bana nereye degil ama gibi cok daha "
           "olan olarak ile kadar sonra "
           "va uchun bilan bu qanday qayerda qachon qancha kerak men mening bor emas yoki nima ham edi uning deb "
           "bo'yicha bo'lgan qilish haqida "
           "hai hain mujhe mera kaise kahan kya nahi chahiye karna kab aur mein hota kar raha gaya",
}  # fmt: skip

_TERMS = (
    "juminhyo juuminhyou gomi sodai moeru moenai mainamba mainanba hoken nenkin kokumin kenko koseki inkan toroku "
    "touroku tenyu tennyu tenshutsu tenkyo todoke shiyakusho kuyakusho yakusho hoikuen yochien jido teate zei juminzei "
    "shimin zeikin shomeisho shoumeisho shinsei tetsuzuki tetsuduki madoguchi koen toshokan kominkan hinanjo seikatsu "
    "hogo kaigo shussei kekkon rikon gentsuki kosodate boshi techo shiei jutaku zairyu hokensho jitsuin"
)


@lru_cache(maxsize=1)
def small_words() -> dict[str, tuple[str, ...]]:
    """Small word → the languages that have it."""
    owners: dict[str, tuple[str, ...]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            owners[word] = (*owners.get(word, ()), language)
    return owners


@lru_cache(maxsize=1)
def office_terms() -> frozenset[str]:
    """Japanese words that appear in every language; they say Japanese only when nothing else speaks."""
    return frozenset(_TERMS.split())
