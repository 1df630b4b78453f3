// @ts-check
/** What waiting corrections do to the entries they point at: how each reads, when it was, and whose record it stands in. */
import { said } from "../contact.js";
import { toMs, utcIso } from "../../time.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {any} entry @param {Set<string>} gone */
const amends = ({ id, type, body }, gone) =>
  type === "entry_corrected" && !gone.has(id) && (body?.what === "text" || body?.to_client_id);

/** Only the fields it names, field by field as at the server; never a time after the entry was received. @param {any} entry @param {any} body @param {number} nowMs */
const amendment = (entry, { what, body, occurred_at: at, to_client_id: clientId }, nowMs) => ({
  ...(what === "text" && body ? { amended_body: { ...said(entry), ...body } } : {}),
  ...(what === "text" && at ? { amended_at: utcIso(Math.min(toMs(at), toMs(entry.received_at) || nowMs)) } : {}),
  ...(what === "wrong_client" && clientId ? { client_id: clientId } : {}),
});

/**
 * Put the waiting corrections into the entries; gives the waiting entries as they read now, and the ids of the server's
 * that read otherwise. @param {Overlay} over @param {any[]} waiting oldest first @param {Set<string>} gone @param {number} nowMs
 */
export function amend(over, waiting, gone, nowMs) {
  /** @type {Set<string>} */
  const amended = new Set();
  for (const { body } of waiting.filter((entry) => amends(entry, gone))) {
    const entry = over.get("entry", body.entry_id);
    if (!entry) continue;
    amended.add(entry.id);
    over.put("entry", entry.id, { ...entry, ...amendment(entry, body, nowMs) });
  }
  const now = waiting.map((entry) =>
    amended.has(entry.id) ? { ...over.get("entry", entry.id), body: said(over.get("entry", entry.id)) } : entry,
  );
  return { now, amended: [...amended].filter((id) => !waiting.some((entry) => entry.id === id)) };
}

/** A crisis has its kind from the opening alone, so its case follows; of other cases the server says what stands. @param {Overlay} over @param {any} entry */
export function crisisIsAnother(over, { body: { entry_id: id, what, body } }) {
  const opening = over.get("entry", id);
  const opened =
    what === "text" && body?.kind && opening?.type === "crisis_opened" && over.get("case", opening.case_id);
  if (opened) over.patch("case", opening.case_id, { facts: { ...opened.facts, kind: body.kind }, pending: true });
}
