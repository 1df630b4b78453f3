/** Two windows write in the same form, and neither takes anything from the other. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, freshPhone, signIn } from "./_phone.js";
import { dropDraft, openDraft, putDraft } from "../../fieldapp/static/js/core/drafts.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";

/** Windows that hold their lock. */
let living = [];
const locks = {
  query: async () => ({ held: living.map((id) => ({ name: `window:${id}` })) }),
  request: async (_name, work) => work(),
};

beforeEach(async () => {
  await freshPhone();
  aServer();
  await signIn("alice", "riktig");
  living = ["one", "two"];
  Object.defineProperty(globalThis, "navigator", {
    value: { ...globalThis.navigator, onLine: true, locks },
    configurable: true,
  });
});

const entry = () =>
  makeEntry("visit_logged", { outcome: "seen" }, { clientId: "01934f00-0000-7000-8000-000000000002" });

test("what one window saves leaves the other's draft", async () => {
  const one = await openDraft("visit", "one");
  await putDraft(one.key, { note: "første" });
  const two = await openDraft("visit", "two");
  assert.equal(two.value, undefined, "a form that stands in a living window is that window's own");
  await putDraft(two.key, { note: "andre" });
  await putDraft(one.key, { note: "første igjen" });
  await save(entry(), { draftKey: one.key });
  assert.deepEqual((await openDraft("visit", "two")).value, { note: "andre" });
  assert.equal((await openDraft("visit", "one")).value, undefined);
});

test("what one window empties leaves the other's draft", async () => {
  const [one, two] = [await openDraft("visit", "one"), await openDraft("visit", "two")];
  await putDraft(two.key, { note: "andre" });
  await putDraft(one.key, { note: "første" });
  await dropDraft(one.key);
  assert.deepEqual((await openDraft("visit", "two")).value, { note: "andre" });
});

test("a window that is gone leaves its draft to the next, once", async () => {
  const { key } = await openDraft("visit", "one");
  await putDraft(key, { note: "halv" });
  living = ["two", "three"];
  assert.deepEqual((await openDraft("visit", "two")).value, { note: "halv" });
  assert.equal((await openDraft("visit", "three")).value, undefined);
  living = ["three"];
  assert.deepEqual((await openDraft("visit", "three")).value, { note: "halv" });
});

test("the newest of several left behind comes first, and the others after it", async () => {
  for (const [i, id] of ["one", "two"].entries()) await putDraft((await openDraft("visit", id)).key, { note: `${i}` });
  living = ["three", "four"];
  const found = [(await openDraft("visit", "three")).value.note, (await openDraft("visit", "four")).value.note];
  assert.deepEqual(found.sort(), ["0", "1"]);
});

test("a draft from before windows had their own is found", async () => {
  await putDraft("visit", { note: "gammel" });
  assert.deepEqual((await openDraft("visit", "one")).value, { note: "gammel" });
});
