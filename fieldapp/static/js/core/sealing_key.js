// @ts-check
/**
 * The server's public key that entries are sealed to. It is fetched by the worker's install and by a page that has none,
 * and again when an answer names another. Without one nothing is saved: an entry never lies on the phone in clear.
 */
import { readKey } from "./sealing.js";
import { send } from "./transport.js";
import { getValue, setValue } from "./values.js";

/** @typedef {{keyId: string, publicKey: Uint8Array}} SealingKey */

const KEY = "sealing_key";

/** The key as this phone has it, or null. @returns {Promise<SealingKey | null>} */
export const storedSealingKey = async () => (await getValue(KEY)) ?? null;

/** Ask the server for it and keep it; null when it can't be had, or what came is not sound. @returns {Promise<SealingKey | null>} */
export async function fetchSealingKey() {
  const { kind, data } = await send("GET", "/api/sealing/key", undefined, { withSession: false });
  if (kind !== "ok") return null;
  const key = await readKey(data).catch(() => null);
  if (key) await setValue(KEY, key);
  return key;
}

/** @returns {Promise<SealingKey | null>} */
export const sealingKey = async () => (await storedSealingKey()) ?? fetchSealingKey();

/** An answer names the key in use: fetch it when it is another than ours. @param {string | undefined} keyId */
export async function followSealingKey(keyId) {
  if (keyId && (await storedSealingKey())?.keyId !== keyId) await fetchSealingKey();
}
