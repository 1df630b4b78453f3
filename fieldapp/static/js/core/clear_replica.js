// @ts-check
/**
 * The replica that a version before the vault kept in clear: taken into the vault of its owner once, then deleted. The next
 * sync fetches all anew, so offline it is shown for the 14 hours after its last sync and no longer.
 */
import { destroy, read } from "./db.js";
import { leftOf, serverNow } from "./ending.js";
import { clearReplicaOf, CLEAR_KINDS } from "./schema.js";
import { adoptRows } from "./tables.js";
import { getValue } from "./values.js";

/** Is there one; a platform that does not say is asked by opening it. @param {string} name */
async function isThere(name) {
  const all = await indexedDB.databases?.();
  return all ? all.some((one) => one.name === name) : true;
}

/** @param {import("./db.js").Schema} schema @returns {Promise<Map<string, import("./chunks.js").Rows>>} */
async function rowsOf(schema) {
  const rows = await read(schema, CLEAR_KINDS, (tx) =>
    Promise.all(CLEAR_KINDS.map((kind) => tx.objectStore(kind).getAll())),
  );
  return new Map(
    CLEAR_KINDS.map((kind, i) => [
      kind,
      new Map(rows[i].map((/** @type {any} */ { id, seq, data }) => [id, { id, seq, data }])),
    ]),
  );
}

/** @param {string} staffId whose vault is open */
export async function adoptClearReplica(staffId) {
  const schema = clearReplicaOf(staffId);
  if (!(await isThere(schema.name))) return;
  const syncedAt = Date.parse((await getValue("sync"))?.lastAt ?? "");
  const mayShow = syncedAt && leftOf(syncedAt, await serverNow()) === "whole";
  if (mayShow) await adoptRows(staffId, await rowsOf(schema), syncedAt);
  await destroy(schema);
}
