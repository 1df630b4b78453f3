// @ts-check
/**
 * News inside this page and between pages and the service worker of this phone.
 *
 * `bus` is a plain EventTarget. Events, all with a `detail`:
 *   changed {what, remote}  data on the phone changed; what: outbox · replica · session · vault · lock · used · sync · drafts · push · storage
 *   saved   {id}            an entry was saved here and wants to be sent
 *   viewed  {}              a report of what was opened was stored here and wants to be sent
 *   flush   {phase, kind}   phase: start · end; kind: how the flush ended (see transport.js)
 *   open    {path}          a notification was tapped: show this page of the app
 *   update  {}              a new version of the app is waiting
 *   ended   {staffId}       a person ended the access of this session (or of whoever is signed in here, without an id)
 *   expired {}              the session has run out: the phone locks, and opens with the PIN for the hours left
 *   blocked {}              another window keeps an old version of the storage open
 * Only `changed` is passed on to the other windows and the service worker.
 */
export const bus = new EventTarget();

/** @type {BroadcastChannel | null} */
let channel = null;

/** Open the channel once; a platform without it still hears its own news. */
function connect() {
  if (channel || typeof BroadcastChannel === "undefined") return channel;
  channel = new BroadcastChannel("sett");
  channel.onmessage = (event) => emit("changed", { ...event.data, remote: true });
  /** @type {any} */ (channel).unref?.(); // node: an open channel must not keep the process alive
  return channel;
}

/** @param {string} type @param {Record<string, unknown>} [detail] */
export function emit(type, detail = {}) {
  bus.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Tell this page and every other window that `what` changed. @param {string} what */
export function announce(what) {
  emit("changed", { what, remote: false });
  connect()?.postMessage({ what });
}

/**
 * Listen; returns the function that stops listening.
 * @param {string} type @param {(detail: any) => void} callback
 */
export function on(type, callback) {
  connect();
  const listener = (/** @type {any} */ event) => callback(event.detail);
  bus.addEventListener(type, listener);
  return () => bus.removeEventListener(type, listener);
}
