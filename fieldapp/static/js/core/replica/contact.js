// @ts-check
/** Which degree of contact an entry gives (sync/PROTOCOL.md, sync/vectors/contacts.json). Mirrors the server's rule; pure. */
import { correctedMs } from "./clock.js";
import { toMs } from "../time.js";

/** @typedef {'seen'|'heard'|'reported'|'attempt'|'none'|'dead'} Degree */

/** @type {Record<string, (body: any, entry: any) => Degree>} */
const RULES = {
  __proto__: /** @type {any} */ (null),
  visit_logged: ({ outcome, contact }) => {
    if (outcome === "declined") return contact ?? "heard";
    if (outcome === "cancelled") return contact ?? "none";
    return outcome === "seen" || outcome === "heard" ? outcome : "attempt";
  },
  street_contact_logged: (_body, { client_id }) => (client_id ? "seen" : "none"),
  call_logged: ({ with: who = "client", outcome, direction }) => {
    if (who !== "client") return "none";
    return outcome === "spoke" || (outcome === "message" && direction === "in") ? "heard" : "attempt";
  },
  sighting_reported: ({ what = "seen" }) => (what === "seen" ? "reported" : "none"),
  home_entered: ({ found }) => (found === "nobody" ? "attempt" : found === "dead" ? "dead" : "seen"),
  crisis_closed: ({ outcome }) => (outcome === "not_found" ? "attempt" : outcome === "died" ? "dead" : "seen"),
  alert_resolved: ({ outcome }) => (outcome === "was_seen" ? "seen" : "none"),
};

/** What an entry says now: as corrected, when it was. @param {any} entry */
export const said = (entry) => entry.amended_body ?? entry.body ?? {};

/** @param {{type: string, body?: any, amended_body?: any, client_id?: string|null}} entry @returns {Degree} */
export const degreeOf = (entry) => RULES[entry.type]?.(said(entry), entry) ?? "none";

/**
 * When the client was met: the entry's own time, or the earlier moment told of by «var sett, ikke ført».
 * @param {any} entry @param {number} [atMs] the entry's time as the caller counts it
 */
export function contactMs(entry, atMs = correctedMs(entry)) {
  const toldOf = entry.type === "alert_resolved" ? toMs(said(entry).seen_at) : NaN;
  return toldOf < atMs ? toldOf : atMs;
}

/**
 * Does this entry stop the client's clock under their agreement? Having been seen always does; a report does from the
 * sources they have said yes to, from any when they gave no list.
 * @param {{type: string, body?: any, amended_body?: any, client_id?: string|null}} entry @param {any} watch
 */
export function stopsClock(entry, watch) {
  const degree = degreeOf(entry);
  if (degree === "seen") return true;
  if ((degree !== "heard" && degree !== "reported") || !watch?.counts?.includes(degree)) return false;
  return degree === "heard" || !watch.sources || watch.sources.includes(said(entry).source);
}
