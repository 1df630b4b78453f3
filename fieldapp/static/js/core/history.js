// @ts-check
/** Older entries of one client, fetched when somebody scrolls that far. Online only. */
import { me } from "./session.js";
import { addOlder, tablesOf } from "./tables.js";
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
