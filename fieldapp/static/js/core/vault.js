// @ts-check
/**
 * The vault that is open in this window, in memory only: what seals rows for the phone's storage and opens them again.
 * One person's at a time. Who has one, PINs and tries stand in vault/people.js.
 *
 * Every row of the replica, every draft and every author's copy passes here on its way in and out, always before a
 * transaction opens or after it has ended (IndexedDB closes a transaction that waits for anything else).
 */

/** @typedef {import("./vault/keys.js").Keys} Keys */
/** @typedef {{iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer}} Sealed */
/** @typedef {'content' | 'stubs'} Space which key: content ends 14 hours after the last sync, stubs after 8 days */

/** The vault is closed, or another person's is open: nothing can be read or written now. */
export class VaultClosed extends Error {}

/** @type {{staffId: string, keys: Keys} | null} */
let opened = null;

/** @param {string} staffId @param {Keys} keys */
export function hold(staffId, keys) {
  opened = { staffId, keys };
}

/** Forget the keys of this window. */
export function letGo() {
  opened = null;
}

/** Whose vault is open here, or null. */
export const openFor = () => opened?.staffId ?? null;

/** @param {string | null | undefined} staffId */
export const isOpenFor = (staffId) => Boolean(staffId) && opened?.staffId === staffId;

/** @param {string} staffId */
function keysOf(staffId) {
  if (opened?.staffId !== staffId) throw new VaultClosed(staffId);
  return opened.keys;
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const utf8 = (text) => new TextEncoder().encode(text);

/** A row can't be taken for another's, in another store or under another key. @param {string} staffId @param {string} store @param {string} key */
const bound = (staffId, store, key) => utf8(`sett row 1|${staffId}|${store}|${key}`);

/**
 * @param {string} staffId @param {string} store @param {string} key @param {unknown} value @param {Space} [space]
 * @returns {Promise<Sealed>}
 */
export async function seal(staffId, store, key, value, space = "content") {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bound(staffId, store, key) };
  const data = await crypto.subtle.encrypt(how, keysOf(staffId)[space], utf8(JSON.stringify(value)));
  return { iv, data };
}

/**
 * What was sealed; throws when it is not what was put there.
 * @param {string} staffId @param {string} store @param {string} key @param {Sealed} row @param {Space} [space] @returns {Promise<any>}
 */
export async function open(staffId, store, key, { iv, data }, space = "content") {
  const how = { name: "AES-GCM", iv, additionalData: bound(staffId, store, key) };
  const bytes = await crypto.subtle.decrypt(how, keysOf(staffId)[space], data);
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** The same, null for what this vault can't open: a copy from before it. @param {string} staffId @param {string} store @param {string} key @param {Sealed | undefined} row */
export const openIfOurs = (staffId, store, key, row) =>
  row
    ? open(staffId, store, key, row).catch((error) => {
        if (error instanceof VaultClosed) throw error;
        return null;
      })
    : Promise.resolve(null);

/** What a row is called in the storage: nobody reads from it whom or what it is about. @param {string} staffId @param {string} name */
export async function rowName(staffId, name) {
  const digest = await crypto.subtle.sign("HMAC", keysOf(staffId).names, utf8(name));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
