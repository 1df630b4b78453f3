// @ts-check
/**
 * Half-written forms, each under a key of the form's own and the person who writes. They survive kill, lock and update, and
 * lie under that person's vault key: a row is {id, staff_id, form, window, saved_at, iv, data}, `id` and `form` are HMACs.
 *
 * A form that stands in a window has a draft of that window's own: what another window saves or empties takes nothing
 * from it. A window that is gone leaves its drafts to whoever opens the same form next.
 */
import { announce } from "./bus.js";
import { read, write } from "./db.js";
import { PHONE } from "./schema.js";
import { getValue } from "./values.js";
import { isOpenFor, open, rowName, seal } from "./vault.js";

const STORE = "sealed_drafts";

/** Nobody signed in, or a locked phone, has no drafts: they are not kept for anybody, and can't be read. */
async function author() {
  const staffId = await getValue("current");
  return isOpenFor(staffId) ? staffId : null;
}

/** @param {string} staffId @param {string} key @returns {Promise<{id: string, form: string, window: string | null}>} */
async function placeOf(staffId, key) {
  const [form, place = null] = key.split("#");
  const [id, name] = await Promise.all([rowName(staffId, `draft/${key}`), rowName(staffId, `form/${form}`)]);
  return { id, form: name, window: place };
}

/** What a draft of mine is called in the storage, or null when there can be none. @param {string} key */
export async function draftRow(key) {
  const staffId = await author();
  return staffId && (await placeOf(staffId, key)).id;
}

/** @param {string} staffId @param {string} key @param {unknown} value */
async function sealedRow(staffId, key, value) {
  const place = await placeOf(staffId, key);
  const sealed = await seal(staffId, STORE, place.id, value);
  return { ...place, staff_id: staffId, saved_at: Date.now(), ...sealed };
}

/** @param {string} key @param {unknown} value */
export async function putDraft(key, value) {
  const staffId = await author();
  if (!staffId) return;
  const row = await sealedRow(staffId, key, value);
  await write(PHONE, [STORE], (tx) => tx.objectStore(STORE).put(row));
}

/** @param {any} row */
const opened = (row) => (row ? open(row.staff_id, STORE, row.id, row) : undefined);

/** @param {string} key @returns {Promise<any>} undefined when there is none */
export async function getDraft(key) {
  const id = await draftRow(key);
  return opened(id && (await read(PHONE, [STORE], (tx) => tx.objectStore(STORE).get(id))));
}

/** @param {string} key */
export async function dropDraft(key) {
  const id = await draftRow(key);
  if (id) await write(PHONE, [STORE], (tx) => tx.objectStore(STORE).delete(id));
  announce("drafts");
}

/** @param {any} tx that covers the drafts @param {string} staffId */
export async function deleteDraftsOf(tx, staffId) {
  const store = tx.objectStore(STORE);
  for (const id of await store.index("by_staff").getAllKeys(staffId)) await store.delete(id);
}

/** All drafts of one person, readable or not. @param {string} staffId */
export const dropSealedDrafts = (staffId) => write(PHONE, [STORE], (tx) => deleteDraftsOf(tx, staffId));

/** Seal what an earlier version kept in clear for this person, whose vault is open now. @param {string} staffId */
export async function adoptClearDrafts(staffId) {
  const start = `${staffId}/`;
  const rows = (await read(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").getAll())).filter(
    (/** @type {any} */ { id }) => id.startsWith(start),
  );
  if (!rows.length) return;
  const sealed = await Promise.all(
    rows.map(async (/** @type {any} */ { id, value, saved_at: at }) => ({
      ...(await sealedRow(staffId, id.slice(start.length), value)),
      saved_at: at,
    })),
  );
  await write(PHONE, ["drafts", STORE], async (tx) => {
    for (const row of sealed) await tx.objectStore(STORE).put(row);
    for (const { id } of rows) await tx.objectStore("drafts").delete(id);
  });
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

/** @param {{id: string, form: string}} place @returns {Promise<any>} its own row, else the newest left by a window that is gone */
async function ownOrLeft({ id, form }) {
  const living = await livingWindows();
  const rows = await read(PHONE, [STORE], (tx) => tx.objectStore(STORE).getAll());
  const isLeft = (/** @type {any} */ row) => row.form === form && (row.window === null || !living.has(row.window));
  const left = rows.filter(isLeft).sort((/** @type {any} */ a, /** @type {any} */ b) => b.saved_at - a.saved_at);
  return rows.find((/** @type {any} */ row) => row.id === id) ?? left[0];
}

/**
 * This window's draft of a form: its own, else the newest that a window now gone has left, which becomes its own.
 * @param {string} key of the form @param {string} windowId @returns {Promise<{key: string, value: any}>} the key of this window's draft
 */
export async function openDraft(key, windowId) {
  const own = `${key}#${windowId}`;
  const staffId = await author();
  if (!staffId) return { key: own, value: undefined };
  const place = await placeOf(staffId, own);
  const row = await ownOrLeft(place);
  const value = await opened(row);
  if (row && row.id !== place.id) {
    const mine = { ...(await sealedRow(staffId, own, value)), saved_at: row.saved_at };
    const taken = await write(PHONE, [STORE], async (tx) => {
      const store = tx.objectStore(STORE);
      if (!(await store.get(row.id))) return false; // another window was first
      await store.put(mine);
      await store.delete(row.id);
      return true;
    });
    if (!taken) return openDraft(key, windowId);
  }
  return { key: own, value };
}
