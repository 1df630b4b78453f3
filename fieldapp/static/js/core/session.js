// @ts-check
/**
 * Who uses this phone. Several staff may; one at a time is `current`. What is known of them outlives the session, so
 * the app starts offline and a lapsed login takes nothing away. Signing out removes the replica, never the outbox, and
 * keeps the wrapped key. The browser has one session: `session_of` says whose, also while another uses the phone.
 */
import { announce, on } from "./bus.js";
import { ifRoom, read, StorageError, write } from "./db.js";
import { becomeDevice, isAnother, measureClock, register } from "./device.js";
import { deleteDraftsOf } from "./drafts.js";
import { withLock } from "./lock.js";
import { PHONE } from "./schema.js";
import { sealingKey } from "./sealing_key.js";
import { me, staffOnPhone } from "./staff.js";
import { dropReplica } from "./tables.js";
import { send } from "./transport.js";
import { changeIn, getValue, setValue } from "./values.js";
import { letGo, openFor } from "./vault.js";
import { dropVault, lock, noteSignedOut, passwordGiven } from "./vault/people.js";

/** @typedef {import("./staff.js").Staff} Staff */
export { me, staffOnPhone } from "./staff.js";

/** @param {Staff} staff */
function becomes(staff) {
  return write(PHONE, ["staff", "values"], async (tx) => {
    const store = tx.objectStore("staff");
    await store.put({ ...(await store.get(staff.id)), ...staff });
    await changeIn(tx, "current", () => staff.id);
    await changeIn(tx, "session_of", () => staff.id);
    await changeIn(tx, "access_ended", () => false);
    await changeIn(tx, "sync", (old) => ({ ...old, signedOut: false }));
  });
}

/** Fetch the key that delivers this person's entries from this phone, if it is still missing. @param {Staff} staff */
export async function registerDevice(staff) {
  if (staff.delivery_key) return staff.delivery_key;
  const outcome = await register();
  if (outcome.kind !== "ok") return undefined;
  const { device_id: id, delivery_key: key } = outcome.data;
  if (await isAnother(id)) await becomeDevice(id);
  await ifRoom(() =>
    write(PHONE, ["staff"], async (tx) => {
      const store = tx.objectStore("staff");
      await store.put({ ...(await store.get(staff.id)), delivery_key: key });
    }),
  );
  return key;
}

/** A sign-out made without coverage is owed to the server until it answers. */
export async function settleSignOut() {
  if (!(await getValue("owed_sign_out"))) return;
  const outcome = await send("DELETE", "/api/session");
  if (outcome.kind === "ok" || outcome.kind === "signed_out") await ifRoom(() => setValue("owed_sign_out", false));
}

/** What the server says of keeping anything here. @param {any} answer */
const noteSettings = ({ offline_replica: kept }) => ifRoom(() => setValue("offline_replica", kept !== false));

/** @param {string} username @param {string} password @param {string | null} forgotten */
async function signInLocked(username, password, forgotten) {
  await settleSignOut();
  const outcome = await send("POST", "/api/session", { username, password });
  if (outcome.kind !== "ok") return outcome;
  if (forgotten && forgotten === outcome.data.staff.id) await dropVault(forgotten);
  await passwordGiven(outcome.data.staff.id);
  await becomes(outcome.data.staff);
  await noteSignedOut(outcome.data.staff.id, false);
  if (openFor() !== outcome.data.staff.id) lock();
  await noteSettings(outcome.data);
  await setValue("owed_sign_out", false);
  await setValue("push_seen", null); // what was known there was another's, or from before
  await setValue("account_news", Boolean(outcome.data.account_news));
  if (outcome.data.server_time) await measureClock(outcome.data.server_time, outcome.rttMs ?? 0, outcome.receivedMs);
  await registerDevice({ ...(await staffOnPhone(outcome.data.staff.id)), ...outcome.data.staff });
  await ifRoom(sealingKey);
  return outcome;
}

/**
 * Needs the network. The outcome says how it went (see transport.js; `refused` and `signed_out` carry code and message).
 * Holds the flush lock, so that nobody's entries go out while the cookie changes hands.
 * @param {string} username @param {string} password @param {{forgotten?: string | null}} [how] `forgotten`: whose PIN is, so that theirs is a new vault
 */
export async function signIn(username, password, { forgotten = null } = {}) {
  const outcome = await withLock("outbox", () => signInLocked(username, password, forgotten)).catch(noRoom);
  if (outcome.kind === "ok") announce("session");
  return outcome;
}

/** @param {unknown} error @returns {import("./transport.js").Outcome} */
function noRoom(error) {
  if (error instanceof StorageError) return { kind: "refused", code: error.code };
  throw error;
}

/** @param {any} tx @param {string} staffId */
async function forget(tx, staffId) {
  const mine = IDBKeyRange.bound([staffId], [staffId, Infinity]);
  const [staff, drafts, copies, outbox] = ["staff", "drafts", "copies", "outbox"].map((name) => tx.objectStore(name));
  const key = (await staff.get(staffId))?.delivery_key;
  for (const { id } of await drafts.getAll()) if (id.startsWith(`${staffId}/`)) await drafts.delete(id);
  await deleteDraftsOf(tx, staffId);
  await tx.objectStore("vaults").delete(staffId);
  await changeIn(tx, "last_used", (last) => (last?.id === staffId ? null : last));
  for (const id of await copies.index("by_author").getAllKeys(mine)) await copies.delete(id);
  if (await outbox.index("by_author").count(mine)) await staff.put({ id: staffId, delivery_key: key });
  else await staff.delete(staffId);
  const isCurrent = (await tx.objectStore("values").get("current"))?.value === staffId;
  if (!isCurrent) return;
  await changeIn(tx, "current", () => null);
  await changeIn(tx, "push_seen", () => null);
  await changeIn(tx, "access_ended", () => true);
}

const ENDED_STORES = ["staff", "vaults", "drafts", "sealed_drafts", "copies", "outbox", "values"];

/**
 * A person has ended this access (the device, the session from afar, the employment): replica, drafts, copies and keys go at
 * once. Invariant: what is unsent stays, and goes out under its key for as long as that counts.
 * @param {string} staffId
 */
export async function dropAccess(staffId) {
  if (openFor() === staffId) letGo();
  await ifRoom(() => write(PHONE, ENDED_STORES, (tx) => forget(tx, staffId)));
  await dropReplica(staffId);
  announce("session");
}

/** At once, and once more when what was under way is done: an answer may have been on its way into the replica. @param {{staffId?: string | null}} news */
async function onEnded({ staffId = null }) {
  const id = staffId ?? (await getValue("current"));
  if (!id) return;
  await dropAccess(id);
  await withLock("outbox", () => dropAccess(id));
}

on("ended", (news) => {
  onEnded(news).catch((error) => console.error("access not dropped", error));
});

/**
 * Works offline too. Drops the replica of whoever was signed in; unsent entries stay and go out under their name.
 * @returns {Promise<{kept: number}>} how many entries are still to be sent
 */
export async function signOut() {
  const kept = await withLock("outbox", async () => {
    const staff = await me();
    await setValue("owed_sign_out", true);
    if (staff) await noteSignedOut(staff.id, true);
    await setValue("current", null);
    await setValue("last_used", null);
    lock();
    await settleSignOut();
    if (!staff) return 0;
    await dropReplica(staff.id);
    const mine = IDBKeyRange.bound([staff.id], [staff.id, Infinity]);
    return read(PHONE, ["outbox"], (tx) => tx.objectStore("outbox").index("by_author").count(mine));
  });
  announce("session");
  return { kept };
}

/** @param {Staff | null} known @param {Staff} told */
const isNews = (known, told) => known?.id !== told.id || JSON.stringify(known?.teams) !== JSON.stringify(told.teams);

/**
 * Ask the server whose session this is, and follow it where nobody uses the phone or it is theirs: teams and role may have
 * changed since sign-in. Who uses the phone under somebody else's session is signed out, and goes on.
 * @returns {Promise<import("./transport.js").Outcome>}
 */
export async function confirmSession() {
  const outcome = await send("GET", "/api/session");
  const staff = outcome.kind === "ok" && outcome.data.staff;
  if (!staff || (await getValue("owed_sign_out"))) return outcome;
  const known = await me();
  await ifRoom(() => setValue("session_of", staff.id));
  if (known && known.id !== staff.id) return { ...outcome, kind: "signed_out" };
  if (outcome.data.push !== undefined) await ifRoom(() => setValue("push_seen", outcome.data.push));
  await ifRoom(() => setValue("account_news", Boolean(outcome.data.account_news)));
  await noteSettings(outcome.data);
  if (!isNews(known, staff)) return outcome;
  await ifRoom(() => becomes(staff));
  announce("session");
  return outcome;
}

/** Is the browser's session this person's, as far as the phone knows. @param {string} staffId */
export async function hasSession(staffId) {
  const whose = await getValue("session_of");
  return whose === undefined || whose === staffId;
}
