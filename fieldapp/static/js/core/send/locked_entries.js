// @ts-check
/** What was written on the locked phone, until its author says that it was they: id, type and time, nothing of what it says. */
import { announce } from "../bus.js";
import { read, write } from "../db.js";
import { PHONE } from "../schema.js";
import { changeIn } from "../values.js";

/** @typedef {{id: string, type: string, author_id: string, at: number}} LockedEntry */

const KEY = "locked_entries";

/** Part of the save itself. @param {any} tx one that covers `values` @param {any} entry */
export const noteLocked = (tx, { id, type, author_id }) =>
  changeIn(tx, KEY, (/** @type {LockedEntry[] | undefined} */ old) => [
    ...(old ?? []).filter((one) => one.id !== id),
    { id, type, author_id, at: Date.now() },
  ]);

/** What this person is to be asked about, oldest first. @param {string} staffId @returns {Promise<LockedEntry[]>} */
export async function lockedEntriesOf(staffId) {
  const row = await read(PHONE, ["values"], (tx) => tx.objectStore("values").get(KEY));
  return (row?.value ?? []).filter((/** @type {LockedEntry} */ one) => one.author_id === staffId);
}

/** The author has answered. @param {string[]} ids */
export async function settleLocked(ids) {
  await write(PHONE, ["values"], (tx) =>
    changeIn(tx, KEY, (/** @type {LockedEntry[] | undefined} */ old) =>
      (old ?? []).filter((one) => !ids.includes(one.id)),
    ),
  );
  announce("outbox");
}
