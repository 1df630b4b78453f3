/** Saved means saved: the outbox, its drafts and its numbers. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { closeAll } from "../../fieldapp/static/js/core/db.js";
import { getDraft, putDraft } from "../../fieldapp/static/js/core/drafts.js";
import { makeEntry, undoOf } from "../../fieldapp/static/js/core/send/envelope.js";
import { counts, held, mend, pending, save, saveTogether } from "../../fieldapp/static/js/core/send/outbox.js";
import { me, signOut } from "../../fieldapp/static/js/core/session.js";
import { settle } from "../../fieldapp/static/js/core/send/verdicts.js";

const visit = (body = {}, around = {}) =>
  makeEntry("visit_logged", { outcome: "seen", place: "home", ...body }, { clientId: KARI, ...around });
const mine = async () => pending((await me()).id);

beforeEach(async () => {
  await freshPhone();
  aServer();
  await signIn("alice", "riktig");
});

test("a save puts the entry, drops the draft and takes the next number, all at once", async () => {
  await putDraft("visit", { note: "halv" });
  const first = await save(visit(), { draftKey: "visit" });
  const second = await save(visit());
  assert.deepEqual([first.device_seq, second.device_seq], [1, 2]);
  assert.equal(await getDraft("visit"), undefined);
  assert.deepEqual(
    (await mine()).map((row) => row.entry.id),
    [first.id, second.id],
  );
});

test("a transaction that breaks leaves the draft, takes no number and saves nothing", async (t) => {
  for (const broken of ["put", "delete"]) {
    await putDraft("visit", { note: "halv" });
    const before = (await mine()).length;
    const original = IDBObjectStore.prototype[broken];
    const store = broken === "put" ? "outbox" : "sealed_drafts";
    const mock = t.mock.method(IDBObjectStore.prototype, broken, function (...given) {
      if (this.name === store) throw new DOMException("full", "QuotaExceededError");
      return original.apply(this, given);
    });
    await assert.rejects(save(visit(), { draftKey: "visit" }), { code: "storage_full" });
    mock.mock.restore();
    assert.deepEqual(await getDraft("visit"), { note: "halv" });
    const next = await save(visit());
    assert.equal(next.device_seq, before + 1);
  }
});

test("a save has reached the disk before it resolves: the transaction is strict", async (t) => {
  const seen = [];
  const original = IDBDatabase.prototype.transaction;
  t.mock.method(IDBDatabase.prototype, "transaction", function (stores, mode, options) {
    if (mode === "readwrite") seen.push(options?.durability);
    return original.call(this, stores, mode, options);
  });
  await save(visit());
  assert.ok(seen.length > 0 && seen.every((durability) => durability === "strict"));
});

test("a connection that died in the background is opened anew, and the save goes through", async () => {
  await save(visit());
  await closeAll(); // the handles are still known, and dead
  const entry = await save(visit());
  assert.equal(entry.device_seq, 2);
});

test("a save tried again after a lost connection takes no second number", async () => {
  const entry = visit();
  const once = await save(entry);
  const twice = await save(entry);
  assert.equal(twice.device_seq, once.device_seq);
  assert.equal((await save(visit())).device_seq, once.device_seq + 1);
});

test("a note of more than 10,000 characters and an entry of more than 64 KiB are refused with their field", async () => {
  await assert.rejects(save(visit({ note: "å".repeat(10_001) })), { code: "too_long", field: "body.note" });
  await assert.rejects(save(visit({ topics: Array(9000).fill("economy") })), { code: "too_long", field: "body" });
  await save(visit({ note: "😀".repeat(10_000) }));
});

test("text the server could not store is cleaned, and empty fields are left out", () => {
  const { body } = visit({ note: "a\u0000b\ud800", agreed: "" });
  assert.equal(body.note, "ab\ufffd");
  assert.ok(!("agreed" in body));
});

test("without anybody signed in nothing is saved, and it says so", async () => {
  await signOut();
  await assert.rejects(save(visit()), { code: "no_author" });
});

test("signing out keeps what is unsent and tells how much", async () => {
  await save(visit());
  assert.deepEqual(await signOut(), { kept: 1 });
  assert.equal((await counts()).others, 1);
});

test("nobody else can read what one person has saved", async () => {
  await save(visit({ note: "fortrolig" }));
  await putDraft("visit", { note: "fortrolig" });
  await signOut();
  await signIn("bob", "riktig");
  const bob = (await me()).id;
  assert.deepEqual([await pending(bob), await held(bob), await getDraft("visit")], [[], [], undefined]);
  assert.deepEqual(await counts(bob), { pending: 0, held: 0, others: 1, unsent: 1 });
});

test("an Angre of something unsent goes after it, and both are kept", async () => {
  const entry = await save(visit());
  const undo = await save(undoOf(entry));
  assert.deepEqual(undo.body, { entry_id: entry.id, what: "retracted", reason: "angret" });
  assert.deepEqual(
    (await mine()).map((row) => row.id),
    [entry.id, undo.id],
  );
});

test("only a verdict with the entry’s own id settles it, and unknown words settle nothing", async () => {
  const entry = await save(visit());
  await settle(
    [entry.id],
    [
      { id: null, verdict: "accepted" },
      { id: "x", verdict: "accepted" },
    ],
  );
  await settle([entry.id], [{ id: entry.id, verdict: "splendid" }]);
  await settle([], [{ id: entry.id, verdict: "accepted" }]);
  assert.equal((await mine()).length, 1);
  await settle([entry.id], [{ id: entry.id, verdict: "duplicate" }]);
  assert.equal((await mine()).length, 0);
});

test("a rejected entry is shown with its reason, and goes when its mended one is accepted", async () => {
  const staffId = (await me()).id;
  const bad = await save(visit());
  await settle(
    [bad.id],
    [{ id: bad.id, verdict: "rejected", code: "invalid_body", field: "body.outcome", message: "Ukjent utfall." }],
  );
  const [row] = await held(staffId);
  assert.deepEqual(
    [row.code, row.field, row.message, row.mendable],
    ["invalid_body", "body.outcome", "Ukjent utfall.", true],
  );
  const good = await mend(bad.id, visit({ outcome: "heard" }));
  assert.equal(good.mends, bad.id);
  assert.deepEqual([(await held(staffId)).length, (await mine()).length], [0, 1]);
  await settle([good.id], [{ id: good.id, verdict: "accepted" }]);
  assert.equal((await counts(staffId)).unsent, 0);
});

test("a deferred entry is kept and not offered for mending", async () => {
  const entry = await save(visit());
  await settle([entry.id], [{ id: entry.id, verdict: "deferred", code: "newer_version" }]);
  const [row] = await held((await me()).id);
  assert.deepEqual([row.code, row.mendable, row.entry.id], ["newer_version", false, entry.id]);
});

test("entries that belong together are saved together or not at all, in order", async () => {
  const pair = [
    makeEntry("visit_ended", { visit_id: "v1" }, { clientId: KARI }),
    makeEntry("visit_started", { visit_id: "v2" }, { clientId: KARI }),
  ];
  const saved = await saveTogether(pair);
  assert.deepEqual(
    saved.map((entry) => entry.device_seq),
    [1, 2],
  );
  const tooLong = makeEntry("visit_logged", { note: "a".repeat(70_000) }, { clientId: KARI });
  await assert.rejects(saveTogether([makeEntry("visit_ended", { visit_id: "v2" }, { clientId: KARI }), tooLong]), {
    code: "too_long",
  });
  assert.equal((await mine()).length, 2);
});
