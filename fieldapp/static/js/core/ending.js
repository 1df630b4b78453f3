// @ts-check
/**
 * When what was fetched ends: content 14 hours after the last sync, stubs after 8 days, by the server's time. A clock
 * behind the last sync shows nothing and deletes nothing: it is set right by the next answer.
 */
import { clockOffset } from "./device.js";
import { read } from "./db.js";
import { dropStores, metaOf } from "./kept.js";
import { PHONE } from "./schema.js";

const HOUR = 3_600_000;
export const CONTENT_MS = 14 * HOUR;
export const STUBS_MS = 8 * 24 * HOUR;
/** Two clocks never agree to the second. */
const SLACK_MS = 60_000;

/** The server's time as far as this phone knows. */
export const serverNow = async () => Date.now() + ((await clockOffset()) ?? 0);

/** @typedef {'whole' | 'behind' | 'stubs' | 'nothing'} Left */

/** What may still be shown. @param {number | undefined} syncedAt @param {number} now @returns {Left} */
export function leftOf(syncedAt, now) {
  if (!syncedAt) return "whole"; // nothing has come down yet
  if (now < syncedAt - SLACK_MS) return "behind";
  if (now - syncedAt > STUBS_MS) return "nothing";
  return now - syncedAt > CONTENT_MS ? "stubs" : "whole";
}

/** Delete what has ended of one person; needs no key, so the worker may. @param {string} staffId @param {number} now */
export async function dropEnded(staffId, now) {
  const left = leftOf((await metaOf(staffId)).synced_at, now);
  if (left === "whole" || left === "behind") return false;
  const content = await dropStores(staffId, ["head", "entries"], ({ synced_at: at }) =>
    ["stubs", "nothing"].includes(leftOf(at, now)),
  );
  const stubs = await dropStores(staffId, ["stubs"], ({ synced_at: at }) => leftOf(at, now) === "nothing");
  return content || stubs;
}

/** Delete what has ended of everybody who has a vault here. */
export async function dropAllEnded() {
  const now = await serverNow();
  const ids = await read(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").getAllKeys());
  for (const id of ids) await dropEnded(id, now);
}
