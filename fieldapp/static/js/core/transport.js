// @ts-check
/**
 * The only fetch to the server's API. Whatever happens becomes one of a closed set of outcomes; nothing throws.
 *
 * ok · signed_out (401; `ended`: a person ended this access, see session.js) · too_large (413) · update (409) · slow_down (429) · refused (another 4xx that is ours) ·
 * unavailable (5xx) · network · timeout · not_ours (an answer from somebody else: captive portal, proxy)
 */

import { emit } from "./bus.js";
import { elapsed } from "./elapsed.js";

/**
 * @typedef {{kind: 'ok'|'signed_out'|'too_large'|'update'|'slow_down'|'refused'|'unavailable'|'network'|'timeout'|'not_ours',
 *   status?: number, data?: any, code?: string, message?: string, retryAfterMs?: number, rttMs?: number, receivedMs?: number, ended?: boolean, asked?: string | null}} Outcome
 */

/** Given up after so long without a byte coming; not for taking long, or a first sync would never end on a poor network. */
const SILENCE_MS = 15_000;
/** Nothing is heard while a body goes up, so each kilobyte gives it more time: 32 kbit/s. */
const UP_BYTES_PER_MS = 4;
/** Somebody in between who lets a byte through now and then is not listened to for ever. */
const LONGEST_MS = 300_000;

/** Outcomes by status that need our own JSON to be believed, since a portal or proxy may answer in our place. */
const OURS = { 401: "signed_out", 409: "update" };
/** Outcomes by status that are believed whoever says so: they only make the phone wait or send less. */
const ANYONES = { 413: "too_large", 429: "slow_down" };
/** Done and on its way: these have no body to judge by. */
const EMPTY = new Set([202, 204]);

/** The whole text; `heard` is called for every piece. Throws when the connection breaks. @param {Response} response @param {() => void} heard */
async function textOf(response, heard) {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  for (let text = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    heard();
    text += decoder.decode(value, { stream: true });
  }
}

/** The object in the answer, null when it holds none. @param {Response} response @param {() => void} heard */
async function bodyOf(response, heard) {
  if (!response.headers.get("content-type")?.includes("application/json")) return null;
  const text = await textOf(response, heard);
  try {
    const data = JSON.parse(text);
    return data && typeof data === "object" ? data : null;
  } catch {
    return null;
  }
}

/** Aborts when nothing is heard for `firstMs`, then for SILENCE_MS, and in any case after LONGEST_MS. @param {number} firstMs */
function watchdog(firstMs) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const last = setTimeout(abort, LONGEST_MS);
  let timer = setTimeout(abort, firstMs);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, SILENCE_MS);
  };
  const end = () => {
    clearTimeout(timer);
    clearTimeout(last);
  };
  return { signal: stop.signal, heard, end };
}

const USUAL_WAIT_MS = 30_000;
/** Whoever asks for more has a wrong clock. */
const LONGEST_WAIT_MS = 900_000;

/** Seconds or a date, as RFC 9110 allows; a date by the clock of whoever wrote it. @param {Headers} headers */
function waitMs(headers) {
  const value = headers.get("retry-after") ?? "";
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : USUAL_WAIT_MS;
}

/** @param {number} status @param {any} data @returns {Outcome['kind']} */
function kindOf(status, data) {
  if (status >= 500) return "unavailable";
  const anyones = /** @type {any} */ (ANYONES)[status];
  if (anyones) return anyones;
  if (EMPTY.has(status) || (status >= 200 && status < 300 && data)) return "ok";
  if (status >= 400 && typeof data?.code === "string") return /** @type {any} */ (OURS)[status] ?? "refused";
  return "not_ours";
}

/** @param {Response} response @param {() => void} heard @returns {Promise<Outcome>} */
async function outcomeOf(response, heard) {
  const data = await bodyOf(response, heard);
  const kind = kindOf(response.status, data);
  const outcome = { kind, status: response.status, data, code: data?.code, message: data?.message };
  if (kind === "signed_out" && data.ended === true) return { ...outcome, ended: true };
  if (kind !== "slow_down" && kind !== "unavailable") return outcome;
  const asks = kind === "slow_down" || response.headers.has("retry-after");
  return asks ? { ...outcome, retryAfterMs: waitMs(response.headers) } : outcome;
}

/**
 * @param {string} method @param {string} path @param {unknown} [body] sent as JSON, bytes as they are
 * @param {{withSession?: boolean, keepalive?: boolean, timeoutMs?: number, headers?: Record<string, string>}} [how]
 * @returns {Promise<Outcome>}
 */
export async function send(method, path, body, how = {}) {
  const started = elapsed.now();
  const isBytes = body instanceof Uint8Array;
  const text =
    body === undefined ? undefined : isBytes ? /** @type {Uint8Array<ArrayBuffer>} */ (body) : JSON.stringify(body);
  const type = isBytes ? "application/octet-stream" : "application/json";
  const { signal, heard, end } = watchdog((how.timeoutMs ?? SILENCE_MS) + (text?.length ?? 0) / UP_BYTES_PER_MS);
  try {
    const response = await fetch(path, {
      method,
      signal,
      redirect: "error", // our API never redirects; who does is a portal
      cache: "no-store",
      credentials: how.withSession === false ? "omit" : "same-origin",
      keepalive: how.keepalive ?? false,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": type }), ...how.headers },
      body: text,
    });
    heard();
    const outcome = await outcomeOf(response, heard);
    if (outcome.ended && how.withSession !== false) emit("ended", { staffId: outcome.data.staff_id });
    return { ...outcome, receivedMs: Date.now(), rttMs: elapsed.now() - started };
  } catch {
    return { kind: signal.aborted ? "timeout" : "network" };
  } finally {
    end();
  }
}
