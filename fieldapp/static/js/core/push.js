// @ts-check
/**
 * This phone's push subscription. The browser may lose it and the server may change its key, both without a word, so
 * it is compared and posted again at every start.
 */
import { announce } from "./bus.js";
import { clockOffset, deviceId } from "./device.js";
import { send } from "./transport.js";
import { getValue, setValue } from "./values.js";

/** @param {string} text base64url @returns {Uint8Array} */
export function fromBase64url(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** @param {ArrayBuffer | null | undefined} buffer @param {Uint8Array} bytes */
const sameKey = (buffer, bytes) =>
  Boolean(buffer) && String(new Uint8Array(/** @type {ArrayBuffer} */ (buffer))) === String(bytes);

async function pushManager() {
  const registration = await globalThis.navigator?.serviceWorker?.ready;
  return registration?.pushManager ?? null;
}

/**
 * What the checklist on Mer shows. `permission`: default · granted · denied · unsupported. `seen`: what the server last
 * said of this person's pushes here (subscribed, last_handed_over_at, last_receipt_at, silent_since_at), or null.
 */
export async function pushState() {
  const supported = "serviceWorker" in (globalThis.navigator ?? {}) && "PushManager" in globalThis;
  const { id = null } = (await getValue("push")) ?? {};
  const shownAt = await getValue("push_shown");
  const lastShownAt = shownAt ? shownAt + ((await clockOffset()) ?? 0) : null;
  const seen = (await getValue("push_seen")) ?? null;
  return { permission: supported ? Notification.permission : "unsupported", subscriptionId: id, lastShownAt, seen };
}

/** @param {any} manager @param {Uint8Array} key @param {boolean} keyChanged */
async function subscribed(manager, key, keyChanged) {
  const current = await manager.getSubscription();
  if (current && !keyChanged && sameKey(current.options?.applicationServerKey, key)) return current;
  await current?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/**
 * Make the server know this phone's subscription as it is now. Does nothing without permission.
 * @returns {Promise<import("./transport.js").Outcome | null>} null when there is nothing to do
 */
export async function keepSubscribed() {
  const manager = globalThis.Notification?.permission === "granted" ? await pushManager() : null;
  if (!manager) return null;
  const answer = await send("GET", "/api/push/key");
  if (answer.kind !== "ok") return answer;
  const { public_key: publicKey, key_id: keyId } = answer.data;
  const known = (await getValue("push")) ?? {};
  const subscription = await subscribed(
    manager,
    fromBase64url(publicKey),
    Boolean(known.keyId) && known.keyId !== keyId,
  );
  const { endpoint, keys } = subscription.toJSON();
  const outcome = await send("POST", "/api/push/subscriptions", {
    device_id: await deviceId(),
    endpoint,
    keys,
    key_id: keyId,
  });
  if (outcome.kind !== "ok") return outcome;
  await setValue("push", { id: outcome.data.id, keyId });
  announce("push");
  return outcome;
}

/** Ask for permission, then subscribe. Call it straight from a tap: iOS asks only then. */
export async function allowPush() {
  const permission = await Notification.requestPermission();
  return permission === "granted" ? keepSubscribed() : null;
}

/** Ask for a test message; that it was shown is seen in pushState().lastShownAt. */
export async function sendTestPush() {
  const { id } = (await getValue("push")) ?? {};
  return id ? send("POST", `/api/push/subscriptions/${id}/test`) : null;
}

/** The worker showed a notification: the proof on the checklist. */
export async function noteShown() {
  await setValue("push_shown", Date.now());
  announce("push");
}
