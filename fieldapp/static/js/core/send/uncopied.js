// @ts-check
/**
 * Sealed entries whose author has no copy yet, since no vault was open: what was written on the locked phone, and what an
 * earlier version kept in clear. They are known while this page lives, and get their copy when the author unlocks it.
 */
import { read, write } from "../db.js";
import { PHONE } from "../schema.js";
import { sealingKey } from "../sealing_key.js";
import { copyFor, isClear, sealEntry } from "./sealed.js";

/** @type {Map<string, any>} id → entry */
const uncopied = new Map();

/** @param {any} entry with its author inside */
export const remember = (entry) => uncopied.set(entry.id, entry);

/** @param {string[]} stores @param {(row: any) => Promise<any>} change the new row, or null @param {(row: any) => boolean} wanted */
async function changeRows(stores, wanted, change) {
  for (const store of stores) {
    const rows = (await read(PHONE, [store], (tx) => tx.objectStore(store).getAll())).filter(wanted);
    const changed = await Promise.all(rows.map(change));
    await write(PHONE, [store], async (tx) => {
      for (const { id, ...fields } of changed) {
        const row = await tx.objectStore(store).get(id);
        if (row) await tx.objectStore(store).put({ ...row, ...fields });
      }
    });
  }
}

/** @param {Map<string, any>} staff @param {any} row */
function entryInClear(staff, { author_id, sealed: { device_seq: _seq, ...entry } }) {
  const key = staff.get(author_id)?.delivery_key;
  return { ...entry, author_id, ...(key ? { author_key: key } : {}) };
}

/**
 * Seal what an earlier version kept in clear. Without a key it waits as it is, and can be sent as it is.
 * @returns {Promise<boolean>} whether nothing lies in clear any more
 */
export async function sealWhatIsClear() {
  const [outbox, copies, people] = await read(PHONE, ["outbox", "copies", "staff"], (tx) =>
    Promise.all(["outbox", "copies", "staff"].map((name) => tx.objectStore(name).getAll())),
  );
  if (![...outbox, ...copies].some(isClear)) return true;
  if (!(await sealingKey())) return false;
  const staff = new Map(people.map((/** @type {any} */ one) => [one.id, one]));
  await changeRows(["outbox", "copies"], isClear, async (row) => {
    const entry = entryInClear(staff, row);
    remember(entry);
    return { id: row.id, ...(await sealEntry(entry)) };
  });
  return true;
}

/** The author has unlocked the phone: give them their copies. @param {string} staffId */
export async function copyWhatIsRemembered(staffId) {
  const mine = [...uncopied.values()].filter((entry) => entry.author_id === staffId);
  if (!mine.length) return;
  const ids = new Set(mine.map((entry) => entry.id));
  await changeRows(
    ["outbox", "copies"],
    (row) => ids.has(row.id) && !row.copy,
    async (row) => ({ id: row.id, ...(await copyFor(staffId, uncopied.get(row.id))) }),
  );
  for (const id of ids) uncopied.delete(id);
}
