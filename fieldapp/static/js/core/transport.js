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
 *   status?: number, data?: any, code?: string, message?: string, retryAfterMs?: number, rttMs?: number, receivedMs?: number, ended?: boolean}} Outcome
 */

const TIMEOUT_MS = 15_000;

/** Outcomes by status that need our own JSON to be believed, since a portal or proxy may answer in our place. */
const OURS = { 401: "signed_out", 409: "update" };
/** Outcomes by status that are believed whoever says so: they only make the phone wait or send less. */
const ANYONES = { 413: "too_large", 429: "slow_down" };
/** Done and on its way: these have no body to judge by. */
const EMPTY = new Set([202, 204]);

/** @param {Response} response */
async function bodyOf(response) {
  if (!response.headers.get("content-type")?.includes("application/json")) return null;
  const data = await response.json();
  return data && typeof data === "object" ? data : null;
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

/** @param {Response} response @returns {Promise<Outcome>} */
async function outcomeOf(response) {
  const data = await bodyOf(response).catch(() => null);
  const kind = kindOf(response.status, data);
  const outcome = { kind, status: response.status, data, code: data?.code, message: data?.message };
  if (kind === "signed_out" && data.ended === true) return { ...outcome, ended: true };
  if (kind !== "slow_down" && kind !== "unavailable") return outcome;
  const asks = kind === "slow_down" || response.headers.has("retry-after");
  return asks ? { ...outcome, retryAfterMs: waitMs(response.headers) } : outcome;
}

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @param {{withSession?: boolean, keepalive?: boolean, timeoutMs?: number}} [how]
 * @returns {Promise<Outcome>}
 */
export async function send(method, path, body, how = {}) {
  const started = elapsed.now();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), how.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method,
      signal: stop.signal,
      redirect: "error", // our API never redirects; who does is a portal
      cache: "no-store",
      credentials: how.withSession === false ? "omit" : "same-origin",
      keepalive: how.keepalive ?? false,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const outcome = await outcomeOf(response);
    if (outcome.ended && how.withSession !== false) emit("ended", { staffId: outcome.data.staff_id });
    return { ...outcome, receivedMs: Date.now(), rttMs: elapsed.now() - started };
  } catch {
    return { kind: stop.signal.aborted ? "timeout" : "network" };
  } finally {
    clearTimeout(timer);
  }
}
