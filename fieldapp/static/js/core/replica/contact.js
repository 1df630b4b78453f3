// @ts-check
/** Which degree of contact an entry gives (sync/PROTOCOL.md, sync/vectors/contacts.json), by the lines of its row; pure. */
import { correctedMs } from "./clock.js";
import { ENTRY_TYPES } from "../entry_types.js";
import { toMs } from "../time.js";

/** @typedef {'seen'|'heard'|'reported'|'attempt'|'none'|'dead'} Degree */

/** What an entry says now: as corrected, when it was. @param {any} entry */
export const said = (entry) => entry.amended_body ?? entry.body ?? {};

/** Does the entry tell that the client has died. @param {{type: string, body?: any, amended_body?: any}} entry */
export function tellsOfDeath(entry) {
  const [field, code] = ENTRY_TYPES[entry.type]?.death ?? [];
  return field !== undefined && said(entry)[field] === code;
}

/** @param {{type: string, body?: any, amended_body?: any, client_id?: string|null}} entry @returns {Degree} */
export function degreeOf(entry) {
  const { contact, about } = ENTRY_TYPES[entry.type] ?? {};
  if (!contact || (about === "client_or_team" && !entry.client_id)) return "none"; // nobody's contact
  if (tellsOfDeath(entry)) return "dead";
  const body = said(entry);
  const line = contact.find(({ when }) => Object.entries(when).every(([name, codes]) => codes.includes(body[name])));
  return /** @type {Degree} */ (line?.degree ?? "none");
}

/**
 * When the client was met: the entry's own time, or the earlier moment told of by «var sett, ikke ført».
 * @param {any} entry @param {number} [atMs] the entry's time as the caller counts it
 */
export function contactMs(entry, atMs = correctedMs(entry)) {
  const { met_at: field } = ENTRY_TYPES[entry.type] ?? {};
  const toldOf = field ? toMs(said(entry)[field]) : NaN;
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
