/** What waits is sealed: what a row shows, who can deliver it, and what happens when the server can't open it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, KARI, PIN, signIn } from "./_phone.js";
import { aSealingKey } from "./_hpke.js";
import { stored } from "./_storage.js";
import { on } from "../../fieldapp/static/js/core/bus.js";
import { write } from "../../fieldapp/static/js/core/db.js";
import { getDraft, putDraft } from "../../fieldapp/static/js/core/drafts.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { PHONE } from "../../fieldapp/static/js/core/schema.js";
import { fetchSealingKey, storedSealingKey } from "../../fieldapp/static/js/core/sealing_key.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { enterPin } from "../../fieldapp/static/js/core/send/opening.js";
import { counts, held, placesOf, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { signOut } from "../../fieldapp/static/js/core/session.js";
import { setValue } from "../../fieldapp/static/js/core/values.js";
import { lock } from "../../fieldapp/static/js/core/vault/people.js";

const visit = (note = "Ord om Kari") => makeEntry("visit_logged", { outcome: "seen", note }, { clientId: KARI });
const outbox = async () => (await stored()).sett.outbox;

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  await flush();
});

test("a row shows id, author, number, time and state; the entry is sealed, and its author’s copy too", async () => {
  const { id } = await save(visit());
  const [row] = await outbox();
  assert.deepEqual(Object.keys(row).sort(), [
    "author_id",
    "copy",
    "device_seq",
    "id",
    "key_id",
    "saved_at",
    "sealed",
    "state",
  ]);
  assert.deepEqual([row.id, row.author_id, row.state, typeof row.sealed], [id, ALICE.id, "pending", "string"]);
  const inner = await server.sealing.open(row);
  assert.deepEqual(
    [inner.author_id, inner.author_key, inner.type, inner.device_seq],
    [ALICE.id, "key-of-Alice", "visit_logged", undefined],
  );
});

test("what goes up is id, number, key and what is sealed, and nothing else", async () => {
  const raw = [];
  const usual = globalThis.fetch;
  globalThis.fetch = (path, how) => {
    if (path === "/api/sync") raw.push(...JSON.parse(how.body).entries);
    return usual(path, how);
  };
  await save(visit());
  await flush();
  assert.deepEqual(
    raw.map((element) => Object.keys(element).sort()),
    [["device_seq", "id", "key_id", "sealed"]],
  );
});

test("a locked phone delivers, and brings nothing down", async () => {
  server.online = false;
  await save(visit());
  lock();
  forgetMemory();
  server.online = true;
  server.pages = [{ changes: [{ kind: "client", id: KARI, seq: 1, data: { name: "Kari" } }], cursor: "c1" }];
  await flush();
  assert.deepEqual([server.accepted.size, (await counts()).unsent, server.syncs().at(-1).body.pull], [1, 0, false]);
  assert.equal((await stored())[`sett-vault-${ALICE.id}`]?.head?.length ?? 0, 0);
});

test("signed out, and with another signed in, what waits is delivered", async () => {
  for (const other of [null, "bob"]) {
    server.online = false;
    await save(visit());
    await signOut();
    server.online = true;
    if (other) await signIn(other, "riktig");
    await flush("session");
    assert.equal((await counts()).unsent, 0, `${other}`);
    await signOut();
    await signIn("alice", "riktig");
  }
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.author_id),
    [ALICE.id, ALICE.id],
  );
});

test("without any key the draft stays, nothing is saved, and it says why", async () => {
  await setValue("sealing_key", null);
  server.online = false;
  await putDraft("visit", { note: "halv" });
  await assert.rejects(save(visit(), { draftKey: "visit" }), { code: "no_key" });
  assert.deepEqual([await outbox(), await getDraft("visit")], [[], { note: "halv" }]);
  server.online = true;
  assert.equal((await save(visit(), { draftKey: "visit" })).device_seq, 1, "it took no number");
  assert.equal(await getDraft("visit"), undefined);
});

test("a key that is not the one it says, or of another suite, is not taken", async () => {
  await setValue("sealing_key", null);
  const other = await aSealingKey();
  for (const answer of [
    { ...server.sealing.answer, key_id: other.key_id },
    { ...server.sealing.answer, suite: "none" },
  ]) {
    server.sealing = { ...server.sealing, answer };
    assert.equal(await fetchSealingKey(), null);
  }
  assert.equal(await storedSealingKey(), null);
});

test("a new key of the server’s is followed, and what it can’t open is sealed again under the same id", async () => {
  server.online = false;
  const { id } = await save(visit());
  server.online = true;
  server.sealing = await aSealingKey(); // put back from a backup: the old private key is gone
  await flush();
  assert.equal((await held(ALICE.id))[0].code, "unknown_key");
  await flush("user");
  assert.deepEqual(
    [server.accepted.get(id).body.note, (await counts()).unsent, await outbox()],
    ["Ord om Kari", 0, []],
  );
});

test("unreadable: sealed again once, and never again under the same key", async () => {
  server.judge = () => ({ verdict: "rejected", code: "unreadable" });
  const { id } = await save(visit());
  for (let i = 0; i < 4; i += 1) await flush("user");
  const times = server.syncs().filter((request) => request.body.entries.some((entry) => entry.id === id)).length;
  assert.equal(times, 2);
  server.judge = () => null;
  assert.equal((await held(ALICE.id))[0].code, "unreadable");
});

test("what another key proves no more is sealed again with the author’s key of today", async () => {
  server.online = false;
  const { id } = await save(visit());
  lock();
  server.online = true;
  server.session = BOB; // nobody’s session helps
  server.keys.set(ALICE.id, "newer-key");
  server.phones.set("newer-key", [...server.phones.values()][0]);
  await flush();
  assert.equal((await outbox())[0].code, "author_unproven");
  await write(PHONE, ["staff"], async (tx) => {
    const store = tx.objectStore("staff");
    await store.put({ ...(await store.get(ALICE.id)), delivery_key: "newer-key" });
  });
  await enterPin(ALICE.id, PIN);
  await flush("session");
  assert.equal(server.accepted.get(id)?.author_key, "newer-key");
});

test("what is written on a locked phone is the last user’s, says so, and gets its copy at the next unlock", async () => {
  server.online = false;
  lock();
  const { id } = await save(makeEntry("help_requested", {}, { teamId: "t1" }));
  const [row] = await outbox();
  assert.deepEqual([row.author_id, row.copy], [ALICE.id, undefined]);
  assert.equal((await server.sealing.open(row)).locked, true);
  assert.deepEqual(await placesOf([id]), ["pending"]);
  await enterPin(ALICE.id, PIN);
  assert.equal((await readState()).entries.get(id).locked, true);
  server.online = true;
  await flush("session");
  assert.deepEqual([server.accepted.get(id).author_id, await placesOf([id])], [ALICE.id, ["sent"]]);
});

test("nobody used the phone within 14 hours, or they signed out: nothing can be written", async () => {
  const help = () => save(makeEntry("help_requested", {}, { teamId: "t1" }));
  lock();
  for (const last of [
    { id: ALICE.id, at: Date.now() - 14.1 * 3_600_000 },
    { id: ALICE.id, at: Date.now() + 3_600_000 },
    null,
  ]) {
    await setValue("last_used", last);
    await assert.rejects(help(), { code: "no_author" });
    assert.equal((await readState()).gate.writer, null);
  }
  await signIn("alice", "riktig");
  await signOut();
  await assert.rejects(help(), { code: "no_author" });
});

test("a session that runs out is told once, so that the phone locks; under another’s session nobody is locked out", async () => {
  let told = 0;
  const stop = on("expired", () => {
    told += 1;
  });
  await signIn("bob", "riktig");
  await enterPin(ALICE.id, PIN);
  assert.equal((await flush("session")).kind, "signed_out");
  assert.equal(told, 0);
  await signIn("alice", "riktig");
  await flush("session");
  server.session = null;
  for (let i = 0; i < 2; i += 1) await flush("user");
  assert.equal(told, 1);
  stop();
});

test("an answer that says nobody’s session stood behind it is no sync: nothing is called up to date", async () => {
  server.pages = [{ changes: [{ kind: "client", id: KARI, seq: 1, data: { name: "Kari" } }], cursor: "c1" }];
  await flush();
  const before = (await stored())[`sett-vault-${ALICE.id}`].meta[0].value.synced_at;
  server.session = null;
  await save(visit());
  assert.equal((await flush()).kind, "signed_out");
  const { meta } = (await stored())[`sett-vault-${ALICE.id}`];
  assert.deepEqual([server.accepted.size, meta[0].value.synced_at, meta[0].value.cursor], [1, before, "c1"]);
  assert.equal((await readState()).sync.signedOut, true);
});
