// @ts-check
/**
 * Shows every push message: iOS ends the subscription after three that showed nothing, and an alert unseen is an alert
 * lost. Then tells the server it was shown, and wakes the pages. A tap opens the alert.
 */
import { announce } from "../core/bus.js";
import { flush } from "../core/send/flush.js";
import { noteShown } from "../core/push.js";
import { sendOwedReceipts, sendReceipt } from "../core/send/receipts.js";
import { sendReports } from "../core/send/views_lane.js";

/** What is shown when the message can't be read. */
const GENERIC = { title: "Nytt varsel i Sett", tag: "sett", path: "/felt", kind: "alert", id: null };

/** A path of Sett's own pages, the phone's or the office's, whatever the message says. @param {unknown} navigate */
function pathOf(navigate) {
  if (typeof navigate !== "string") return GENERIC.path;
  const { origin, pathname } = new URL(navigate, self.location.origin);
  const inside = origin === self.location.origin && /^\/(felt|kontor)(\/|$)/.test(pathname);
  return inside ? pathname : GENERIC.path;
}

/** @param {any} data PushMessageData or null */
export function messageOf(data) {
  try {
    const { notification, kind, notification_id: id } = data.json();
    const { title, tag, navigate } = notification;
    if (typeof title !== "string" || !title) return GENERIC;
    return { title, tag: tag || GENERIC.tag, path: pathOf(navigate), kind, id: typeof id === "string" ? id : null };
  } catch {
    return GENERIC;
  }
}

/** @param {ReturnType<typeof messageOf>} message @param {string} base */
async function show(message, base) {
  const { registration } = /** @type {any} */ (self);
  const options = {
    tag: message.tag,
    renotify: message.kind !== "over",
    lang: "nb",
    icon: `${base}icons/sett-192.png`,
    badge: `${base}icons/badge.png`,
    data: { path: message.path },
  };
  // a platform that refuses an option must still show the title
  await registration
    .showNotification(message.title, options)
    .catch(() => registration.showNotification(message.title, { data: options.data }));
}

/** Pages fetch what is new; without any the worker does. */
async function wake() {
  const pages = await /** @type {any} */ (self).clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type: "flush" });
  if (pages.length) return;
  await flush("push");
  await sendReports();
}

/** Pages that wait for the proof ask the server once more when the receipt has gone. @param {string} id */
async function confirmShown(id) {
  await sendReceipt(id);
  announce("push");
}

/** @param {any} data @param {string} base */
export async function onPush(data, base) {
  const message = messageOf(data);
  await show(message, base);
  await Promise.allSettled([message.id && confirmShown(message.id), noteShown(), sendOwedReceipts(), wake()]);
}

/** @param {any} notification */
export async function onClick(notification) {
  notification.close();
  const path = pathOf(notification.data?.path);
  const { clients } = /** @type {any} */ (self);
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((/** @type {any} */ one) => new URL(one.url).pathname.startsWith("/felt"));
  if (!page || !path.startsWith("/felt")) return clients.openWindow(path);
  await page.focus();
  return page.postMessage({ type: "open", path });
}
