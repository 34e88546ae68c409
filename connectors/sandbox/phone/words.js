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
};
