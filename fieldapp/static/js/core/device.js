// @ts-check
/** This phone: its id, its gap-free count of saved entries, how wrong its clock is, and what it tells the server of itself. */
import { ifRoom, read, write } from "./db.js";
import { uuid7 } from "./ids.js";
import { withLock } from "./lock.js";
import { PHONE } from "./schema.js";
import { send } from "./transport.js";
import { changeIn, getValue, setValue } from "./values.js";

/** The phone's id, minted on first use. @returns {Promise<string>} */
export async function deviceId() {
  return (
    (await getValue("device_id")) ??
    write(PHONE, ["values"], (tx) => changeIn(tx, "device_id", (old) => old ?? uuid7()))
  );
}

/**
 * Take the next number inside the transaction that uses it: an entry not saved takes no number, so there are no gaps.
 * @param {any} tx one that covers `values` @returns {Promise<number>}
 */
export function nextSeq(tx) {
  return changeIn(tx, "last_seq", (old) => (old ?? 0) + 1);
}

/** Server time minus phone time as last measured, in ms; null: never measured. @returns {Promise<number | null>} */
export async function clockOffset() {
  return (await getValue("clock"))?.offsetMs ?? null;
}

/**
 * Measure the clock by one answer: the server read its clock about half the round trip ago.
 * @param {string} serverTime @param {number} rttMs @param {number} receivedMs Date.now() when the answer came
 */
export function offsetBy(serverTime, rttMs, receivedMs) {
  return Math.round(Date.parse(serverTime) + rttMs / 2 - receivedMs);
}

/** @param {string} serverTime @param {number} rttMs @param {number} [receivedMs] */
export async function measureClock(serverTime, rttMs, receivedMs = Date.now()) {
  const offsetMs = offsetBy(serverTime, rttMs, receivedMs);
  if (Number.isFinite(offsetMs)) await ifRoom(() => setValue("clock", { offsetMs, rttMs, measuredAt: receivedMs }));
}

/** What the phone is called in lists of devices: words a person recognises, nothing that tracks. */
export function platform() {
  const agent = globalThis.navigator?.userAgent ?? "";
  const known = [
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android/, "Android"],
    [/Mac OS/, "Mac"],
    [/Windows/, "Windows"],
    [/Linux/, "Linux"],
  ];
  return String(known.find(([pattern]) => /** @type {RegExp} */ (pattern).test(agent))?.[1] ?? "Ukjent");
}

/** The keys this phone was given: they prove that it is the phone it says. */
const keysHeld = () =>
  read(PHONE, ["staff"], async (tx) =>
    (await tx.objectStore("staff").getAll())
      .filter((/** @type {any} */ one) => one.delivery_key)
      .map((/** @type {any} */ one) => ({ staff_id: one.id, key: one.delivery_key })),
  );

/**
 * Put whoever is signed in on this phone; the answer's `device_id` is what the phone is called from now on.
 * @param {object} [also] what else it tells of itself @returns {Promise<import("./transport.js").Outcome>}
 */
export async function register(also = {}) {
  const keys = await keysHeld();
  const proof = keys.length ? { deliver_for: keys } : {};
  return send("POST", "/api/devices", {
    device_id: await deviceId(),
    name: platform(),
    platform: platform(),
    ...proof,
    ...also,
  });
}

/** Has the server called this phone something else than it is called here? @param {unknown} id */
export const isAnother = async (id) =>
  typeof id === "string" && /^[0-9a-f-]{36}$/.test(id) && id !== (await deviceId());

/**
 * The server has given this phone another id, since it could not prove to be the one that others use. Nothing is lost:
 * what waits is numbered from one, as on a new phone; what has arrived under the old id is not counted again. Keys were
 * for the old id. Call it with the outbox locked, or an entry on its way would go under a number of the wrong phone.
 * @param {string} id
 */
export function becomeDevice(id) {
  return write(PHONE, ["values", "outbox", "copies", "staff"], async (tx) => {
    if ((await tx.objectStore("values").get("device_id"))?.value === id) return;
    await changeIn(tx, "device_id", () => id);
    let waiting = 0;
    const outbox = tx.objectStore("outbox");
    const rows = (await outbox.getAll()).sort(
      (/** @type {any} */ a, /** @type {any} */ b) => a.device_seq - b.device_seq,
    );
    for (const row of rows) await outbox.put({ ...row, device_seq: row.state === "pending" ? ++waiting : 0 });
    await changeIn(tx, "last_seq", () => waiting);
    const copies = tx.objectStore("copies");
    for (const row of await copies.getAll()) await copies.put({ ...row, device_seq: 0 });
    const staff = tx.objectStore("staff");
    for (const { delivery_key: _ended, ...one } of await staff.getAll()) await staff.put(one);
  });
}

const TELL_EVERY_MS = 24 * 3_600_000;

/** @param {any} told @param {string} said @param {number} now */
const isNews = (told, said, now) => told?.said !== said || !(now - told.at >= 0 && now - told.at < TELL_EVERY_MS);

/**
 * Tell the server what this phone can do, when that is news to it or a day has passed; the answer says how pushes do
 * here (`push_seen`). It also puts the person on the phone again after a sign-out, or their pushes would not come back.
 * @param {string} staffId @param {{permission: string, installed: boolean, persistent: boolean}} health
 * @param {{always?: boolean, now?: number}} [how] `always`: at start and after signing in
 * @returns {Promise<import("./transport.js").Outcome | null>} null when there was nothing to tell
 */
export async function tellOfPhone(staffId, health, { always = false, now = Date.now() } = {}) {
  const said = JSON.stringify([staffId, health]);
  if (!always && !isNews(await getValue("told_of_phone"), said, now)) return null;
  const outcome = await register({ health });
  if (outcome.kind !== "ok") return outcome;
  if (await isAnother(outcome.data.device_id)) await withLock("outbox", () => becomeDevice(outcome.data.device_id));
  await ifRoom(() => setValue("told_of_phone", { said, at: now }));
  await ifRoom(() => setValue("push_seen", outcome.data.push ?? null));
  return outcome;
}
