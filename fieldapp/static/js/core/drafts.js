// @ts-check
/** Half-written forms, each under a key of the form's own and the person who writes. They survive kill and update. */
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
