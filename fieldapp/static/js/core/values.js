// @ts-check
/** Small facts about this phone, one row each: device_id, next_seq, clock, current, sync, push … No personal data. */
import { read, write } from "./db.js";
import { PHONE } from "./schema.js";

/** @param {string} key @returns {Promise<any>} undefined when never set */
export async function getValue(key) {
  return (await read(PHONE, ["values"], (tx) => tx.objectStore("values").get(key)))?.value;
}

/** @param {string} key @param {unknown} value */
export function setValue(key, value) {
  return write(PHONE, ["values"], (tx) => tx.objectStore("values").put({ key, value }));
}

/**
 * Read a value and write the next one in the same transaction.
 * @template T @param {any} tx one that covers `values` @param {string} key @param {(old: any) => T} change
 * @returns {Promise<T>}
 */
export async function changeIn(tx, key, change) {
  const store = tx.objectStore("values");
  const value = change((await store.get(key))?.value);
  await store.put({ key, value });
  return value;
}
