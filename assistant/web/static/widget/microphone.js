/** Runs in the audio thread: hands on the microphone's sound as 16-bit PCM of 16 kHz, 40 ms at a time. */

const TARGET = 16000;
const PIECE = 640;

class Microphone extends AudioWorkletProcessor {
  /** Input samples for one output sample. */
  #ratio = sampleRate / TARGET;
  /** Where the next output sample ends, in input samples from the beginning of the block. */
  #next = this.#ratio;
  #sum = 0;
  #count = 0;
  #piece = new Int16Array(PIECE);
  #filled = 0;

  /** @param {Float32Array[][]} inputs */
  process([[samples] = []]) {
    if (!samples) return true;
    for (let at = 0; at < samples.length; at += 1) {
      this.#sum += samples[at];
      this.#count += 1;
      // The mean of the samples in between: enough of a low-pass for speech, which has little above 8 kHz.
      if (at + 1 >= this.#next) {
        this.#put(this.#sum / this.#count);
        this.#sum = 0;
        this.#count = 0;
        this.#next += this.#ratio;
      }
    }
    this.#next -= samples.length;
    return true;
  }

  /** @param {number} sample */
  #put(sample) {
    this.#piece[this.#filled] = Math.max(-32768, Math.min(32767, Math.round(sample * 32767)));
    this.#filled += 1;
    if (this.#filled < PIECE) return;
    this.port.postMessage(this.#piece.buffer, [this.#piece.buffer]);
    this.#piece = new Int16Array(PIECE);
    this.#filled = 0;
  }
}

registerProcessor("madoguchi-microphone", Microphone);
