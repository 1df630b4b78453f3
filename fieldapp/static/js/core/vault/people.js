// @ts-check
/**
 * Who has a vault on this phone, and how it is opened: PINs, tries and waits. Rows: {id, lock, tries, tried_at, signed_out?}.
 *
 * Invariants: a try is counted on disk before it is made, so that no kill gives one back; after the fifth wrong one the
 * replica, the drafts and the wrapped key of that person are gone from this phone, and the outbox never is.
 */
import { announce, emit, on } from "../bus.js";
import { ifRoom, read, write } from "../db.js";
import { dropSealedDrafts } from "../drafts.js";
import { PHONE } from "../schema.js";
import { dropReplica } from "../tables.js";
import { changeIn, getValue, setValue } from "../values.js";
import { hold, letGo, openFor, VaultClosed } from "../vault.js";
import { newDeviceKey, newLock, openLock } from "./keys.js";
import { weaknessOf } from "./pin.js";

/** @typedef {{id: string, lock: import("./keys.js").Lock, tries: number, tried_at: number, signed_out?: boolean}} Vault */
/** @typedef {{kind: 'open'} | {kind: 'wrong', left: number, waitMs: number} | {kind: 'wait', waitMs: number} | {kind: 'gone'}} Answer */

export const TRIES = 5;
/** How long to wait after so many wrong tries, in ms. */
const WAITS = [0, 0, 0, 30_000, 300_000];

/** How long until the next try, by a clock that may have been set back. @param {{tries: number, tried_at: number}} vault @param {number} [now] */
export function waitOf({ tries, tried_at: at }, now = Date.now()) {
  const wait = WAITS[tries] ?? 0;
  const passed = now - at;
  return passed < 0 ? wait : Math.max(0, wait - passed);
}

/** @param {string} staffId @returns {Promise<Vault | undefined>} */
export const vaultOf = (staffId) => read(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").get(staffId));

/**
 * Whom the phone may be unlocked for, who used it last first. Names of staff only.
 * @returns {Promise<{id: string, name: string, digits: number, waitMs: number}[]>}
 */
export async function peopleHere() {
  const last = (await getValue("current")) ?? (await getValue("last_used"))?.id;
  const [vaults, staff] = await read(PHONE, ["vaults", "staff"], (tx) =>
    Promise.all([tx.objectStore("vaults").getAll(), tx.objectStore("staff").getAll()]),
  );
  const names = new Map(staff.map((/** @type {any} */ one) => [one.id, one.name]));
  return vaults
    .filter((/** @type {Vault} */ { id, signed_out: left }) => !left && names.get(id))
    .map((/** @type {Vault} */ vault) => ({
      id: vault.id,
      name: names.get(vault.id),
      digits: vault.lock.digits,
      waitMs: waitOf(vault),
    }))
    .sort(
      (/** @type {any} */ a, /** @type {any} */ b) =>
        Number(b.id === last) - Number(a.id === last) || a.name.localeCompare(b.name, "nb"),
    );
}

/** @param {any} tx @param {string} staffId */
async function takePhone(tx, staffId) {
  await changeIn(tx, "current", () => staffId);
  await changeIn(tx, "last_used", () => ({ id: staffId, at: Date.now() }));
}

/** Note that this person uses the phone now: what is written on the locked phone is theirs for 14 hours. @param {string} staffId */
export const noteUse = (staffId) => ifRoom(() => setValue("last_used", { id: staffId, at: Date.now() }));

/** @param {Vault} vault */
const put = (vault) => write(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").put(vault));

/** Some engines can't store a key that they won't export: there its bytes lie in the storage. @param {string} staffId @param {string} pin */
async function madeAndStored(staffId, pin) {
  const device = await newDeviceKey();
  const made = await newLock(staffId, pin, device);
  try {
    await put({ id: staffId, lock: made.lock, tries: 0, tried_at: 0 });
    return made.keys;
  } catch (error) {
    if (/** @type {any} */ (error)?.name !== "DataCloneError") throw error;
  }
  const other = await newLock(staffId, pin, crypto.getRandomValues(new Uint8Array(32)));
  await put({ id: staffId, lock: other.lock, tries: 0, tried_at: 0 });
  return other.keys;
}

/**
 * A new vault in place of an older one, whose replica and drafts nobody can open any more; it is open afterwards.
 * @param {string} staffId @param {string} pin @returns {Promise<import("./pin.js").Weakness | null>} what is wrong with the PIN
 */
export async function choosePin(staffId, pin) {
  const weakness = weaknessOf(pin);
  if (weakness) return weakness;
  if ((await passwordNeeded()).includes(staffId)) throw new VaultClosed(staffId);
  await dropVault(staffId);
  hold(staffId, await madeAndStored(staffId, pin));
  await ifRoom(() => write(PHONE, ["values"], (tx) => takePhone(tx, staffId)));
  return null;
}

/** Count a try before it is made. @param {string} staffId @returns {Promise<{vault?: Vault, waitMs: number}>} */
function countTry(staffId) {
  return write(PHONE, ["vaults"], async (tx) => {
    const store = tx.objectStore("vaults");
    const vault = await store.get(staffId);
    if (!vault) return { waitMs: 0 };
    const waitMs = waitOf(vault);
    if (waitMs > 0) return { vault, waitMs };
    const counted = { ...vault, tries: vault.tries + 1, tried_at: Date.now() };
    await store.put(counted);
    return { vault: counted, waitMs: 0 };
  });
}

/** @param {string} staffId @param {string} pin @returns {Promise<Answer>} */
export async function unlock(staffId, pin) {
  const { vault, waitMs } = await countTry(staffId);
  if (!vault) return { kind: "gone" };
  if (waitMs) return { kind: "wait", waitMs };
  const keys = vault.tries <= TRIES ? await openLock(staffId, pin, vault.lock) : null;
  if (keys) return opened(vault, keys);
  if (vault.tries < TRIES) return { kind: "wrong", left: TRIES - vault.tries, waitMs: waitOf(vault) };
  await dropVault(staffId);
  await setValue(PASSWORD_NEEDED, [...(await passwordNeeded()), staffId]);
  announce("lock");
  return { kind: "gone" };
}

/** @param {Vault} vault @param {import("../vault.js").Keys} keys @returns {Promise<Answer>} */
async function opened(vault, keys) {
  await ifRoom(() => write(PHONE, ["vaults", "values"], (tx) => claim(tx, vault.id)));
  const stands = await vaultOf(vault.id);
  if (!stands || stands.signed_out) return { kind: "gone" };
  hold(vault.id, keys);
  return { kind: "open" };
}

/** The right PIN: no try counts, and the phone is theirs; unless the access ended, or they signed out, while it was tried. @param {any} tx @param {string} staffId */
async function claim(tx, staffId) {
  const vault = await tx.objectStore("vaults").get(staffId);
  if (!vault || vault.signed_out) return;
  await tx.objectStore("vaults").put({ ...vault, tries: 0, tried_at: 0 });
  await takePhone(tx, staffId);
}

const PASSWORD_NEEDED = "password_needed";

/** Whose PIN was tried away: a session that still runs makes no new vault for whoever holds the phone. @returns {Promise<string[]>} */
export const passwordNeeded = async () => (await getValue(PASSWORD_NEEDED)) ?? [];

/** The password was given. @param {string} staffId */
export async function passwordGiven(staffId) {
  const needed = await passwordNeeded();
  if (needed.includes(staffId))
    await setValue(
      PASSWORD_NEEDED,
      needed.filter((id) => id !== staffId),
    );
}

/** Replica, drafts and wrapped key of one person go. What waits in the outbox is sealed to the server, and stays. @param {string} staffId */
export async function dropVault(staffId) {
  if (openFor() === staffId) letGo();
  await write(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").delete(staffId));
  await dropSealedDrafts(staffId);
  await dropReplica(staffId);
}

/** Signed out the wrapped key stays for what waits, and the person is no longer among those to unlock for. @param {string} staffId @param {boolean} left */
export async function noteSignedOut(staffId, left) {
  const vault = await vaultOf(staffId);
  if (vault && Boolean(vault.signed_out) !== left) await ifRoom(() => put({ ...vault, signed_out: left }));
}

/** Lock every window of this phone. */
export function lock() {
  letGo();
  announce("lock");
}

/** Another window has locked, or the phone is somebody else's now: then nothing is open here either. @param {{what: string, remote: boolean}} news */
async function follow({ what, remote }) {
  if (!remote) return;
  const changedHands = what === "vault" || what === "session";
  const locks = what === "lock" || (changedHands && openFor() !== null && (await getValue("current")) !== openFor());
  if (!locks) return;
  letGo();
  emit("changed", { what: "vault", remote: false, locked: true });
}

on("changed", (news) => {
  follow(news).catch((error) => console.error("lock not followed", error));
});
