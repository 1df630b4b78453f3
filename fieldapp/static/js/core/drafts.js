// @ts-check
/**
 * Half-written forms, each under a key of the form's own and the person who writes. They survive kill and update.
 *
 * A form that stands in a window has a draft of that window's own: what another window saves or empties takes nothing
 * from it. A window that is gone leaves its drafts to whoever opens the same form next.
 */
import { announce } from "./bus.js";
import { read, write } from "./db.js";
import { PHONE } from "./schema.js";
import { getValue } from "./values.js";
import { open, seal } from "./vault.js";

/** @param {string} staffId @param {string} key */
export const draftId = (staffId, key) => `${staffId}/${key}`;

/** Nobody signed in has no drafts: what was being written when an access ended is not kept for anybody. */
const myDraft = async (/** @type {string} */ key) => {
  const staffId = await getValue("current");
  return staffId ? draftId(staffId, key) : null;
};

/** @param {string} key @param {unknown} value */
export async function putDraft(key, value) {
  const id = await myDraft(key);
  if (!id) return;
  const row = { id, value: await seal(value), saved_at: Date.now() };
  await write(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").put(row));
}

/** @param {string} key @returns {Promise<any>} undefined when there is none */
export async function getDraft(key) {
  const id = await myDraft(key);
  const row = id && (await read(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").get(id)));
  return row ? open(row.value) : undefined;
}

/** @param {string} key */
export async function dropDraft(key) {
  const id = await myDraft(key);
  if (id) await write(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").delete(id));
  announce("drafts");
}

const WINDOW = "window:";
const locks = () => globalThis.navigator?.locks;

/** Say that this window lives, until it is put away or dies. @param {string} windowId */
export function claimWindow(windowId) {
  const gone = new Promise((release) => globalThis.addEventListener?.("pagehide", release, { once: true }));
  locks()
    ?.request(WINDOW + windowId, () => gone)
    ?.catch(() => {});
  globalThis.addEventListener?.(
    "pageshow",
    (/** @type {any} */ event) => {
      if (event.persisted) claimWindow(windowId);
    },
    { once: true },
  );
}

/** @returns {Promise<Set<string>>} the windows that live */
async function livingWindows() {
  const { held = [] } = (await locks()?.query()) ?? {};
  return new Set(
    held
      .map(({ name = "" }) => name)
      .filter((name) => name.startsWith(WINDOW))
      .map((name) => name.slice(WINDOW.length)),
  );
}

/**
 * This window's draft of a form: its own, else the newest that a window now gone has left, which becomes its own.
 * @param {string} key of the form @param {string} windowId @returns {Promise<{key: string, value: any}>} the key of this window's draft
 */
export async function openDraft(key, windowId) {
  const own = `${key}#${windowId}`;
  const [id, first] = [await myDraft(own), await myDraft(key)];
  const living = await livingWindows();
  const isLeft = (/** @type {any} */ row) =>
    row.id === first ||
    (first !== null && row.id.startsWith(`${first}#`) && !living.has(row.id.slice(first.length + 1)));
  const row = await write(PHONE, ["drafts"], async (tx) => {
    const store = tx.objectStore("drafts");
    const mine = await store.get(id);
    if (mine) return mine;
    const [left] = (await store.getAll())
      .filter(isLeft)
      .sort((/** @type {any} */ a, /** @type {any} */ b) => b.saved_at - a.saved_at);
    if (!left) return undefined;
    await store.put({ ...left, id });
    await store.delete(left.id);
    return left;
  });
  return { key: own, value: row && (await open(row.value)) };
}
