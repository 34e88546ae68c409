/** The telephone's own words, in the languages that a telephone can be set to. */
export const WORDS = {
  ja: {
    invite: "友だちに追加すると、市役所に書けます。", befriend: "友だちに追加", send: "送信", message: "メッセージ",
    sticker: "スタンプを送る", picture: "写真を送る", writing: "入力中…", quick: "返事の候補", again: "最初から",
    lost: "届きませんでした。市のサーバーが動いているか、確かめてください。", late: "返事がまだ届きません。",
  },
  en: {
    invite: "Add the city as a friend to write to it.", befriend: "Add as friend", send: "Send", message: "Message",
    sticker: "Send a sticker", picture: "Send a picture", writing: "Writing…", quick: "Suggested replies", again: "Start over",
    lost: "Not delivered. Check that the town’s server is running.", late: "No answer has come yet.",
  },
  "zh-Hans": {
    invite: "加为好友后即可向市政府提问。", befriend: "加为好友", send: "发送", message: "消息",
    sticker: "发送表情贴图", picture: "发送照片", writing: "正在输入…", quick: "回复选项", again: "重新开始",
    lost: "未送达。请确认市的服务器正在运行。", late: "尚未收到回复。",
  },
  "zh-Hant": {
    invite: "加為好友後即可向市政府提問。", befriend: "加為好友", send: "傳送", message: "訊息",
    sticker: "傳送貼圖", picture: "傳送照片", writing: "正在輸入…", quick: "回覆選項", again: "重新開始",
    lost: "未送達。請確認市的伺服器正在運作。", late: "尚未收到回覆。",
  },
  ko: {
    invite: "친구로 추가하면 시청에 메시지를 보낼 수 있습니다.", befriend: "친구 추가", send: "보내기", message: "메시지",
    sticker: "스티커 보내기", picture: "사진 보내기", writing: "입력 중…", quick: "답장 선택지", again: "처음부터",
    lost: "전송되지 않았습니다. 시의 서버가 작동하는지 확인하세요.", late: "아직 답장이 오지 않았습니다.",
  },
  vi: {
    invite: "Kết bạn với thành phố để nhắn tin.", befriend: "Kết bạn", send: "Gửi", message: "Tin nhắn",
    sticker: "Gửi nhãn dán", picture: "Gửi ảnh", writing: "Đang trả lời…", quick: "Gợi ý trả lời", again: "Làm lại",
    lost: "Không gửi được. Hãy kiểm tra máy chủ của thành phố.", late: "Chưa có trả lời.",
  },
  "pt-BR": {
    invite: "Adicione a cidade como amigo para escrever.", befriend: "Adicionar", send: "Enviar", message: "Mensagem",
    sticker: "Enviar figurinha", picture: "Enviar foto", writing: "Escrevendo…", quick: "Respostas sugeridas", again: "Recomeçar",
    lost: "Não foi entregue. Verifique se o servidor da cidade está funcionando.", late: "Ainda não chegou resposta.",
  },
  es: {
    invite: "Agregue a la ciudad como amigo para escribirle.", befriend: "Agregar", send: "Enviar", message: "Mensaje",
    sticker: "Enviar un sticker", picture: "Enviar una foto", writing: "Escribiendo…", quick: "Respuestas sugeridas",
    again: "Volver a empezar",
    lost: "No se entregó. Compruebe que el servidor de la ciudad funciona.", late: "Todavía no ha llegado respuesta.",
  },
  fil: {
    invite: "Idagdag ang lungsod bilang kaibigan para makasulat dito.", befriend: "Idagdag", send: "Ipadala", message: "Mensahe",
    sticker: "Magpadala ng sticker", picture: "Magpadala ng larawan", writing: "Nagsusulat…", quick: "Mga mungkahing sagot",
    again: "Ulitin mula sa simula",
    lost: "Hindi naihatid. Tingnan kung gumagana ang server ng lungsod.", late: "Wala pang dumating na sagot.",
  },
  id: {
    invite: "Tambahkan kota sebagai teman untuk mengirim pesan.", befriend: "Tambah teman", send: "Kirim", message: "Pesan",
    sticker: "Kirim stiker", picture: "Kirim foto", writing: "Sedang menulis…", quick: "Saran balasan", again: "Mulai lagi",
    lost: "Tidak terkirim. Periksa apakah server kota berjalan.", late: "Belum ada balasan.",
  },
  ne: {
    invite: "साथीमा थपेपछि नगरपालिकालाई लेख्न सकिन्छ।", befriend: "साथीमा थप्नुहोस्", send: "पठाउनुहोस्", message: "सन्देश",
    sticker: "स्टिकर पठाउनुहोस्", picture: "फोटो पठाउनुहोस्", writing: "लेख्दैछ…", quick: "जवाफका विकल्प", again: "सुरुदेखि",
    lost: "पुगेन। नगरपालिकाको सर्भर चलिरहेको छ कि छैन हेर्नुहोस्।", late: "जवाफ अझै आएको छैन।",
  },
  th: {
    invite: "เพิ่มเมืองเป็นเพื่อนเพื่อส่งข้อความ", befriend: "เพิ่มเพื่อน", send: "ส่ง", message: "ข้อความ",
    sticker: "ส่งสติกเกอร์", picture: "ส่งรูปภาพ", writing: "กำลังพิมพ์…", quick: "ตัวเลือกคำตอบ", again: "เริ่มใหม่",
    lost: "ส่งไม่ถึง กรุณาตรวจสอบว่าเซิร์ฟเวอร์ของเมืองทำงานอยู่", late: "ยังไม่มีคำตอบ",
  },
  my: {
    invite: "သူငယ်ချင်းအဖြစ် ထည့်ပြီးလျှင် မြို့ရုံးသို့ စာရေးနိုင်ပါသည်။", befriend: "သူငယ်ချင်း ထည့်ရန်", send: "ပို့ရန်",
    message: "မက်ဆေ့ချ်", sticker: "စတစ်ကာ ပို့ရန်", picture: "ဓာတ်ပုံ ပို့ရန်", writing: "ရေးနေသည်…",
    quick: "အကြံပြု အဖြေများ", again: "အစမှ ပြန်စရန်",
    lost: "မပို့နိုင်ပါ။ မြို့၏ ဆာဗာ အလုပ်လုပ်နေသလား စစ်ဆေးပါ။", late: "အဖြေ မရောက်သေးပါ။",
  },
};
