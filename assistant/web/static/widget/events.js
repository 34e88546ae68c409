/** Server-sent events read from a fetch body. EventSource itself can neither POST nor send an Authorization header. */

/**
 * The events of a stream, in order, as they arrive. Comments (keep-alive pings) and retry hints are skipped; an
 * event cut off by the end of the stream is dropped, as the specification says.
 * Source: WHATWG HTML, 9.2.6 "Interpreting an event stream".
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{type: string, data: any, id: string}>} data: parsed JSON; id: the last one that was sent
 */
export async function* readEvents(body) {
  let type = "message";
  /** @type {string[]} */
  let data = [];
  let id = "";
  for await (const line of readLines(body)) {
    if (line === "") {
      if (data.length) yield { type, data: JSON.parse(data.join("\n")), id };
      type = "message";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
}

/**
 * Whole lines of a UTF-8 stream; CRLF, LF and CR end a line, also when a CRLF is split over two chunks.
 * @param {ReadableStream<Uint8Array>} body
 */
async function* readLines(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      // A CR at the very end may be half of a CRLF: wait for the next chunk.
      const held = !done && rest.endsWith("\r") ? "\r" : "";
      const lines = rest.slice(0, rest.length - held.length).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? "") + held;
      yield* lines;
      if (done) return;
    }
  } finally {
    reader.releaseLock();
  }
}
