// Requests to the gateway. Every path is relative to the page, so that it works below a reverse proxy's path too.

import { t } from "./texts.js";

/** What went wrong: `status` (0 = not reached), a sentence, an advice, and for settings the problems by key. */
export class ApiError extends Error {
  constructor(status, body = {}) {
    super(body.error || (status ? t("api.refused", { status }) : t("api.unreachable")));
    this.status = status;
    this.advice = body.advice ?? "";
    this.problems = body.problems ?? [];
  }

  /** Whether nobody is there: the network is down, or a proxy stands before a gateway that is gone. */
  get gone() {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

let csrf = "";

/** The session as the server last told it; also where the token for changes comes from. */
export async function session() {
  const answer = await get("api/v1/session");
  csrf = answer.csrf ?? "";
  return answer;
}

export async function get(path, params = {}, options = {}) {
  const early = globalThis.bmsEarly?.[path];
  if (early) {
    delete globalThis.bmsEarly[path];
    const answer = await early;
    if (answer) return answer;
  }
  return request(address(path, params), { headers: { Accept: "application/json" }, ...options });
}

/** Send a change. The token is asked for anew, once, when the server does not know it any more (it was restarted). */
export async function send(method, path, body = undefined) {
  if (!csrf) await session();
  try {
    return await change(method, path, body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    const before = csrf;
    await session();
    if (csrf === before) throw error;
    return change(method, path, body);
  }
}

export async function login(password) {
  const answer = await send("POST", "api/v1/login", { password });
  csrf = answer.csrf ?? csrf;
  return answer;
}

export async function logout() {
  await send("POST", "api/v1/logout");
  csrf = "";
}

export function address(path, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return query ? `${path}?${query}` : path;
}

export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function change(method, path, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return request(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0);
  }
  const body = await parsed(response);
  if (response.ok) return body;
  if (response.status === 401 && !path.startsWith("api/v1/login")) document.dispatchEvent(new CustomEvent("bms-login"));
  throw new ApiError(response.status, body);
}

async function parsed(response) {
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return {};
  try {
    return await response.json();
  } catch {
    throw new ApiError(0); // cut off in the middle
  }
}
