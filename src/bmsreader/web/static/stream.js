// Server-sent events by fetch. EventSource hides the comments that the server sends as a sign of life, and the status
// of a refusal; both are needed to tell a quiet battery from a dead connection.

import { ApiError } from "./api.js";

/**
 * Read an event stream until it ends. `heard` is called for whatever arrives, comments too; `take(name, data)` for
 * each event. Throws ApiError when the server refuses, or the connection breaks.
 */
export async function readStream(path, { signal, heard, take }) {
  const response = await open(path, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await chunk(reader);
    if (done) return;
    heard();
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) emit(block, take);
  }
}

async function open(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, cache: "no-store", headers: { Accept: "text/event-stream" } });
  } catch (error) {
    throw error.name === "AbortError" ? error : new ApiError(0);
  }
  if (!response.ok) throw new ApiError(response.status);
  return response;
}

async function chunk(reader) {
  try {
    return await reader.read();
  } catch (error) {
    throw error.name === "AbortError" ? error : new ApiError(0);
  }
}

function emit(block, take) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [field, value] = split(line);
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  if (data.length) take(name, JSON.parse(data.join("\n")));
}

function split(line) {
  const at = line.indexOf(":");
  if (at < 0) return [line, ""];
  return [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
}
