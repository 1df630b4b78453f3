// @ts-check
/** Older entries of one client, fetched when somebody scrolls that far. Online only. */
import { me } from "./session.js";
import { addOlder, tablesOf } from "./tables.js";
import { send } from "./transport.js";

/** Fetch the next page of older entries into the replica. @param {string} clientId @returns {Promise<import("./transport.js").Outcome>} */
export async function fetchOlder(clientId) {
  const staff = await me();
  if (!staff) return { kind: "signed_out" };
  const entries = (await tablesOf(staff.id)).get("entry") ?? new Map();
  const seqs = [...entries.values()].filter((entry) => entry.client_id === clientId).map((entry) => entry.seq);
  const before = seqs.length ? `?before=${Math.min(...seqs)}` : "";
  const outcome = await send("GET", `/api/clients/${clientId}/entries${before}`);
  if (outcome.kind === "ok") await addOlder(staff.id, outcome.data.changes ?? []);
  return outcome;
}
