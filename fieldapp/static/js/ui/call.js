/**
 * Owns that whoever rings a client from the card is asked afterwards how it went. It is kept as drafts are, in the caller's
 * vault: a call lasts longer than the phone stays open, and a phone that is killed meanwhile still asks.
 */
import { dropDraft, getDraft, putDraft } from "../core/drafts.js";
import { on } from "./on.js";

const KEY = "called";
/** Longer ago than this it is no longer the call that somebody comes back from. */
const KEPT_MS = 2 * 3_600_000;

/** Whom I rang and have not said how it went with: a client's id, or null. @param {number} nowMs */
export async function calledClient(nowMs) {
  const call = await getDraft(KEY).catch(() => null);
  return call && nowMs - call.at < KEPT_MS ? call.client : null;
}

/** @param {HTMLElement} root @param {any} app */
export function mountCall(root, app) {
  on(root, "click", "[data-call]", ({ dataset: { call: client } }) => {
    app.set({ called: client });
    putDraft(KEY, { client, at: app.now() }).catch((error) => console.error("call not kept", error));
  });
  on(root, "click", "[data-called]", () => {
    app.set({ called: null });
    dropDraft(KEY).catch((error) => console.error("call still kept", error));
  });
}
