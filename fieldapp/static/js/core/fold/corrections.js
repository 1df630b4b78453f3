// @ts-check
/** What waiting corrections do to the entries they point at: how each reads, and when it was. The old body stays beside it. */
import { said } from "../contact.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {any} entry @param {Set<string>} gone */
const isText = (entry, gone) => entry.type === "entry_corrected" && entry.body?.what === "text" && !gone.has(entry.id);

/** Field by field, as the server does it; null empties a field. @param {any} body @param {any} fields */
const merged = (body, fields) => Object.fromEntries(Object.entries({ ...body, ...fields }).filter(([, value]) => value !== null));

/**
 * Put the waiting texts and times into the entries; gives the waiting entries as they read now, and the ids of the server's
 * that read otherwise. @param {Overlay} over @param {any[]} waiting oldest first @param {Set<string>} gone
 */
export function amend(over, waiting, gone) {
  /** @type {Set<string>} */
  const amended = new Set();
  for (const { body } of waiting.filter((entry) => isText(entry, gone))) {
    const entry = over.get("entry", body.entry_id);
    if (!entry) continue;
    amended.add(entry.id);
    over.put("entry", entry.id, { ...entry, amended_body: merged(said(entry), body.body), ...(body.occurred_at ? { corrected_at: body.occurred_at } : {}) });
  }
  const now = waiting.map((entry) => (amended.has(entry.id) ? { ...over.get("entry", entry.id), body: said(over.get("entry", entry.id)) } : entry));
  return { now, amended: [...amended].filter((id) => !waiting.some((entry) => entry.id === id)) };
}
