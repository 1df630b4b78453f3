/** A page that is put aside for «back» in the middle of a write: it holds up no other page, and goes on if it comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";

const window = new EventTarget(); // before the store is loaded, which listens to it
Object.assign(globalThis, { addEventListener: window.addEventListener.bind(window) });
const { freshPhone, KARI, aServer, signIn } = await import("./_phone.js");
const { makeEntry } = await import("../../fieldapp/static/js/core/send/envelope.js");
const { save } = await import("../../fieldapp/static/js/core/send/outbox.js");

const tell = (type) => window.dispatchEvent(Object.assign(new Event(type), { persisted: true }));
const visit = () => makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI });

/** What another page finds in the outbox. */
async function seenByAnother() {
  const asked = (request) =>
    new Promise((resolve) => request.addEventListener("success", () => resolve(request.result)));
  const db = await asked(indexedDB.open("sett"));
  const rows = await asked(db.transaction("outbox", "readwrite").objectStore("outbox").getAll());
  db.close();
  return rows.length;
}

test("what a page that is put aside has begun is undone, and done once when the page is back", async (t) => {
  await freshPhone();
  aServer();
  await signIn("alice", "riktig");
  let begun;
  const writing = new Promise((resolve) => {
    begun = resolve;
  });
  const original = IDBDatabase.prototype.transaction;
  t.mock.method(IDBDatabase.prototype, "transaction", function (stores, mode, options) {
    if (mode === "readwrite") begun();
    return original.call(this, stores, mode, options);
  });
  let saved = false;
  const saving = save(visit()).then(() => {
    saved = true;
  });
  await writing;
  tell("pagehide");
  assert.equal(await seenByAnother(), 0);
  assert.equal(saved, false);
  tell("pageshow");
  await saving;
  assert.equal(await seenByAnother(), 1);
});
