// @ts-check
/** How far back the phone holds entries and cases; and older entries of one client, fetched online when somebody scrolls that far. */
import { me } from "./session.js";
import { addOlder, forget, tablesOf } from "./tables.js";
import { send } from "./transport.js";

/** Where the last page of each client ended: the server's own word, null when there is no more. @type {Map<string, string | null>} */
const places = new Map();

/**
 * Fetch older entries into the replica, page after page until one brings what the phone did not have.
 * `data.ended` when there are no more.
 * @param {string} clientId @returns {Promise<import("./transport.js").Outcome>}
 */
export async function fetchOlder(clientId) {
  const staff = await me();
  if (!staff) return { kind: "signed_out" };
  for (;;) {
    const before = places.get(clientId);
    const query = before ? `?before=${encodeURIComponent(before)}` : "";
    const outcome = await send("GET", `/api/clients/${clientId}/entries${query}`);
    if (outcome.kind !== "ok") return outcome;
    const { changes = [], before: next = null } = outcome.data;
    const known = (await tablesOf(staff.id)).get("entry");
    const brought = changes.some((/** @type {any} */ change) => !known?.has(change.id));
    await addOlder(staff.id, changes);
    places.set(clientId, next);
    if (next === null) places.delete(clientId);
    if (brought || next === null) return { ...outcome, data: { ...outcome.data, ended: next === null } };
  }
}

/** As long as the server sends them to a new phone: entries after they came in, cases after they were closed. */
const KEPT_MS = 30 * 86_400_000;

/** @param {Map<string, Map<string, any>>} tables @param {string} kind @param {(data: any) => string | null} moment @param {number} nowMs */
const outlived = (tables, kind, moment, nowMs) =>
  [...(tables.get(kind)?.values() ?? [])]
    .filter((data) => Date.parse(moment(data) ?? "") < nowMs - KEPT_MS)
    .map(({ id, seq }) => ({ kind, id, seq, removed: true }));

/** Forget what the phone should no longer hold. Once per start. @param {string} staffId @param {number} nowMs */
export async function forgetOld(staffId, nowMs) {
  const tables = await tablesOf(staffId);
  const old = [
    ...outlived(tables, "entry", (entry) => entry.received_at ?? entry.occurred_at, nowMs),
    ...outlived(tables, "case", (one) => one.closed_at ?? null, nowMs),
  ];
  if (old.length) await forget(staffId, old);
}
