// @ts-check
/** Half-written forms, each under a key of the form's own and the person who writes. They survive kill and update. */
import { announce } from "./bus.js";
import { read, write } from "./db.js";
import { PHONE } from "./schema.js";
import { getValue } from "./values.js";
import { open, seal } from "./vault.js";

/** @param {string} staffId @param {string} key */
export const draftId = (staffId, key) => `${staffId}/${key}`;

const myDraft = async (/** @type {string} */ key) => draftId((await getValue("current")) ?? "", key);

/** @param {string} key @param {unknown} value */
export async function putDraft(key, value) {
  const row = { id: await myDraft(key), value: await seal(value), saved_at: Date.now() };
  await write(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").put(row));
}

/** @param {string} key @returns {Promise<any>} undefined when there is none */
export async function getDraft(key) {
  const id = await myDraft(key);
  const row = await read(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").get(id));
  return row && open(row.value);
}

/** @param {string} key */
export async function dropDraft(key) {
  const id = await myDraft(key);
  await write(PHONE, ["drafts"], (tx) => tx.objectStore("drafts").delete(id));
  announce("drafts");
}
