// @ts-check
/**
 * The one place where the phone's storage will be encrypted. TODAY IT ENCRYPTS NOTHING: these functions return what
 * they are given, so no real personal data may be on a phone yet.
 *
 * Every row of the replica and every entry of the outbox and the drafts passes here on its way in and out, always
 * before a transaction opens or after it has ended (IndexedDB closes a transaction that waits for anything else).
 * Coming: replica and drafts under a vault key in memory (AES-GCM), the outbox sealed to the server (HPKE).
 */

/** @template T @param {T[]} rows @returns {Promise<T[]>} rows as they are stored */
export async function sealRows(rows) {
  return rows;
}

/** @template T @param {T[]} rows @returns {Promise<T[]>} rows as they were before sealRows */
export async function openRows(rows) {
  return rows;
}

/** @template T @param {T} value @returns {Promise<T>} one value as it is stored */
export async function seal(value) {
  return value;
}

/** @template T @param {T} value @returns {Promise<T>} one value as it was before seal */
export async function open(value) {
  return value;
}
