/** One open microphone: sound to the server, captions, messages and speech back. No elements here. */

const RATE = 16000;

/**
 * @typedef {{state: (state: string) => void, heard: (text: string, turn: number) => void,
 *   message: (message: import("./api.js").Message) => void, missed: () => void, ended: (lost: boolean) => void}} Told
 */

/** A voice session in a conversation. */
export class Talk {
  #told;
  #socket;
  #context;
  /** @type {MediaStream} */
  #stream;
  /** True while sound goes to the server. */
  #sending;
  /** When the speech that is queued ends, in the audio clock's seconds. */
  #until = 0;
  /** @type {Set<AudioBufferSourceNode>} */
  #playing = new Set();
  #over = false;
  /** Kept when the connection stands. */
  #ready;

  /**
   * Asks for the microphone and connects. Throws when the resident or the browser refuses.
   * @param {{base: URL, key: import("./api.js").Key, language: string, free: boolean}} where free: hands-free
   * @param {Told} told @returns {Promise<Talk>}
   */
  static async open(where, told) {
    const wish = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wish });
    try {
      const context = new AudioContext();
      await context.audioWorklet.addModule(new URL("static/widget/microphone.js", where.base));
      await context.resume();
      const talk = new Talk(where, told, stream, context);
      await talk.#ready;
      return talk;
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  /** @param {{base: URL, key: import("./api.js").Key, language: string, free: boolean}} where @param {Told} told
   * @param {MediaStream} stream @param {AudioContext} context */
  constructor(where, told, stream, context) {
    this.#told = told;
    this.#stream = stream;
    this.#context = context;
    this.#sending = where.free;
    const address = new URL(`api/v1/conversations/${encodeURIComponent(where.key.id)}/voice`, where.base);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => {
      this.#tell({ type: "start", token: where.key.token, language: where.language });
      this.#listen();
    });
    // Listens after the one above: `start` must be the first word, also when the button is down already.
    this.#ready = new Promise((resolve, reject) => {
      this.#socket.addEventListener("open", resolve);
      this.#socket.addEventListener("close", reject);
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("close", () => this.#end(true));
  }

  #listen() {
    const source = this.#context.createMediaStreamSource(this.#stream);
    const microphone = new AudioWorkletNode(this.#context, "madoguchi-microphone", { numberOfOutputs: 0 });
    microphone.port.onmessage = ({ data }) => {
      if (this.#sending && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
    };
    source.connect(microphone);
  }

  /** Push-to-talk: from now on what is said counts, and our own speech stops. */
  press() {
    this.#sending = true;
    this.#quiet();
    this.#tell({ type: "press" });
  }

  /** Push-to-talk: what was said is complete. */
  release() {
    if (!this.#sending) return;
    this.#sending = false;
    this.#tell({ type: "release" });
  }

  /** The microphone is off. */
  close() {
    this.#tell({ type: "stop" });
    this.#end(false);
  }

  /** @param {object} message */
  #tell(message) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (this.#over) return;
    if (typeof data !== "string") return this.#play(data);
    const event = JSON.parse(data);
    if (event.type === "state") this.#told.state(event.state);
    if (event.type === "transcript") this.#told.heard(event.text, event.turn);
    if (event.type === "message") this.#told.message(event.message);
    if (event.type === "speech" && event.cue) this.#told.missed();
    if (event.type === "clear") this.#quiet();
    if (event.type === "mark") this.#mark(event.mark);
    if (event.type === "error" || event.type === "end") this.#end(event.type === "error");
  }

  /** @param {ArrayBuffer} data 16-bit PCM */
  #play(data) {
    const values = new Int16Array(data);
    const buffer = this.#context.createBuffer(1, Math.max(1, values.length), RATE);
    const channel = buffer.getChannelData(0);
    for (let at = 0; at < values.length; at += 1) channel[at] = values[at] / 32768;
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    this.#until = Math.max(this.#until, this.#context.currentTime);
    source.start(this.#until);
    this.#until += buffer.duration;
    this.#playing.add(source);
    source.addEventListener("ended", () => this.#playing.delete(source));
  }

  /** The server hears of the mark when everything before it has sounded. @param {number} mark */
  #mark(mark) {
    const wait = Math.max(0, this.#until - this.#context.currentTime) * 1000;
    setTimeout(() => this.#tell({ type: "played", mark }), wait);
  }

  #quiet() {
    for (const source of this.#playing) source.stop();
    this.#playing.clear();
    this.#until = 0;
  }

  /** @param {boolean} lost */
  #end(lost) {
    if (this.#over) return;
    this.#over = true;
    this.#quiet();
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
    this.#socket.close();
    this.#told.ended(lost);
  }
}
