// @ts-check
/** This phone: its id, its gap-free count of saved entries, how wrong its clock is, and what it tells the server of itself. */
import { ifRoom, write } from "./db.js";
import { uuid7 } from "./ids.js";
import { PHONE } from "./schema.js";
import { send } from "./transport.js";
import { changeIn, getValue, setValue } from "./values.js";

/** The phone's id, minted on first use. @returns {Promise<string>} */
export async function deviceId() {
  return (await getValue("device_id")) ?? write(PHONE, ["values"], (tx) => changeIn(tx, "device_id", (old) => old ?? uuid7()));
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
  const known = [[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/Mac OS/, "Mac"], [/Windows/, "Windows"], [/Linux/, "Linux"]];
  return String(known.find(([pattern]) => /** @type {RegExp} */ (pattern).test(agent))?.[1] ?? "Ukjent");
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
  const body = { device_id: await deviceId(), name: platform(), platform: platform(), health };
  const outcome = await send("POST", "/api/devices", body);
  if (outcome.kind !== "ok") return outcome;
  await ifRoom(() => setValue("told_of_phone", { said, at: now }));
  await ifRoom(() => setValue("push_seen", outcome.data.push ?? null));
  return outcome;
}
