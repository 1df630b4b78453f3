/** A full storage, a clock that is moved, an access that a person ended: what waits is still sent, and nothing waits for ever. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, json, KARI, letPass, signIn } from "./_phone.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { getDraft, putDraft } from "../../fieldapp/static/js/core/drafts.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { me, signOut } from "../../fieldapp/static/js/core/session.js";
import { atStart } from "../../fieldapp/static/js/core/send/start.js";
import { send } from "../../fieldapp/static/js/core/transport.js";

const HOUR = 3_600_000;
const visit = (note = "x") => makeEntry("visit_logged", { outcome: "seen", place: "home", note }, { clientId: KARI });
const client = (seq, name) => ({ kind: "client", id: KARI, seq, data: { name } });
const unsent = async () => (await counts()).unsent;

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  server.pages = [{ changes: [client(1, "Kari")], cursor: "c1" }];
  await flush();
});

/** Every write to the phone fails from now on. */
function fill(t) {
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const mocks = ["put", "add", "delete"].map((name) => t.mock.method(IDBObjectStore.prototype, name, full));
  return () => mocks.forEach((mock) => mock.mock.restore());
}

test("with full storage what waits is sent, once, and the cause is known", async (t) => {
  await save(visit());
  const empty = fill(t);
  server.pages = [{ changes: [client(2, "Kari N.")], cursor: "c2" }];
  assert.equal((await flush()).kind, "ok");
  assert.equal(server.accepted.size, 1);
  const state = await readState();
  assert.deepEqual([state.sync.storageFull, state.outbox.pending, state.outbox.unsent], [true, 0, 0]);
  assert.equal(state.clients.get(KARI).name, "Kari N.", "news is shown though it can't be kept");
  for (let i = 0; i < 3; i += 1) await flush();
  assert.equal(server.syncs().filter((request) => request.body.entries.length).length, 1, "sent once");
  assert.equal(server.syncs().at(-1).body.unsent_after, 0);
  empty();
  await flush();
  assert.equal(await unsent(), 0);
  assert.equal((await readState()).sync.storageFull, false);
  forgetMemory();
  await flush();
  assert.equal(server.syncs().filter((request) => request.body.entries.length).length, 1);
});

test("with full storage the app starts, and sends", async (t) => {
  await save(visit());
  forgetMemory();
  fill(t);
  assert.equal((await atStart()).kind, "ok");
  assert.equal(server.accepted.size, 1);
});

test("with full storage a page of many is not asked for without end", async (t) => {
  fill(t);
  server.pages = Array.from({ length: 100 }, (_, i) => ({
    changes: [client(i + 2, "Kari")],
    cursor: `c${i}`,
    more: true,
  }));
  const before = server.syncs().length;
  await flush();
  assert.ok(server.syncs().length - before <= 2);
});

test("with full storage a poisoned entry is set aside all the same", async (t) => {
  await save(visit("gift"));
  await save(visit("god"));
  fill(t);
  const jams = (request, usual) =>
    request.body.entries.some(({ body }) => body.note === "gift") ? new Response("", { status: 413 }) : usual();
  server.script = Array(30).fill(jams);
  await flush();
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.body.note),
    ["god"],
  );
  assert.ok(server.syncs().length < 10);
});

test("a save with full storage says that it is not saved; a sign-in says why it can’t be", async (t) => {
  fill(t);
  await assert.rejects(save(visit()), { code: "storage_full" });
  assert.deepEqual(await signIn("bob", "riktig"), { kind: "refused", code: "storage_full" });
});

test("the clock set back two hours holds nothing up: a pause that was asked for ends when it has passed", async (t) => {
  await save(visit());
  server.script = [() => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "30" })];
  assert.equal((await flush()).kind, "slow_down");
  const real = Date.now;
  t.mock.method(Date, "now", () => real() - 2 * HOUR);
  assert.equal((await flush("timer")).kind, "slow_down");
  letPass(31_000);
  assert.equal((await flush("timer")).kind, "ok");
  assert.equal(server.accepted.size, 1);
});

test("the clock set ahead ends no pause", async (t) => {
  await save(visit());
  server.script = [() => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "30" })];
  await flush();
  const real = Date.now;
  t.mock.method(Date, "now", () => real() + 365 * 24 * HOUR);
  assert.equal((await flush("timer")).kind, "slow_down");
});

test("«Prøv nå» tries at once, whatever was said of waiting", async () => {
  await save(visit());
  server.script = [() => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "600" })];
  await flush();
  assert.equal((await flush()).kind, "slow_down");
  assert.equal((await flush("user")).kind, "ok");
  assert.equal(server.accepted.size, 1);
});

test("«Prøv nå» while a round of the timer only waits is not lost in it", async () => {
  await save(visit());
  server.script = [() => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "600" })];
  await flush();
  const waiting = flush("timer");
  assert.equal((await flush("user")).kind, "ok");
  assert.equal((await waiting).kind, "ok");
});

for (const [retry, date, wait] of [
  ["7", null, 7_000],
  ["31536000", null, 900_000],
  ["Sat, 28 Nov 2026 12:00:20 GMT", "Sat, 28 Nov 2026 12:00:00 GMT", 20_000],
  ["Sat, 28 Nov 2026 12:00:20 GMT", null, 30_000],
  ["Sun, 28 Nov 2027 12:00:00 GMT", "Sat, 28 Nov 2026 12:00:00 GMT", 900_000],
  ["-5", null, 30_000],
  [null, null, 30_000],
]) {
  test(`Retry-After ${retry} written at ${date} is a wait of ${wait / 1000} s, whatever the phone’s clock says`, async () => {
    globalThis.fetch = async () =>
      json({ code: "slow_down", message: "Vent" }, 429, {
        ...(retry ? { "Retry-After": retry } : {}),
        ...(date ? { Date: date } : {}),
      });
    assert.equal((await send("GET", "/api/session")).retryAfterMs, wait);
  });
}

/** The server knows that a person ended this access. */
const ended = (more = {}) => {
  server.session = null;
  return () => json({ code: "sign_in", message: "Logg inn", ended: true, ...more }, 401);
};
const databases = async () => (await indexedDB.databases()).map(({ name }) => name).sort();
const untilGone = async () => {
  while ((await databases()).length > 1 || (await me())) await new Promise(setImmediate);
};

test("an ended access: replica, drafts and copies go, the outbox stays and goes out by its key", async () => {
  await save(visit("sendt"));
  await flush();
  await putDraft("visit", { note: "halv" });
  await save(visit("venter"));
  server.script = [ended()];
  await flush();
  await untilGone();
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.body.note),
    ["sendt", "venter"],
  );
  const state = await readState();
  assert.deepEqual([state.me, state.accessEnded, state.clients.size, state.entries.size], [null, true, 0, 0]);
  await signIn("alice", "riktig");
  assert.equal(await getDraft("visit"), undefined);
  assert.equal((await readState()).accessEnded, false);
});

test("an ended access whose key no longer counts: what waits stays for its author", async () => {
  await save(visit("venter"));
  server.keys.set(ALICE.id, "another");
  server.script = [ended()];
  await flush();
  await untilGone();
  assert.deepEqual([server.accepted.size, (await readState()).me], [0, null]);
  await signIn("alice", "riktig");
  await flush("session");
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.body.note),
    ["venter"],
  );
});

test("any request may be the one that hears of it", async () => {
  ended();
  const usual = globalThis.fetch;
  globalThis.fetch = async () => json({ code: "sign_in", message: "Logg inn", ended: true, staff_id: ALICE.id }, 401);
  await send("GET", "/api/session");
  globalThis.fetch = usual;
  await untilGone();
  assert.equal((await readState()).me, null);
});

test("the access that ended is the one the server names, not whoever is signed in here", async () => {
  await signOut();
  await signIn("bob", "riktig");
  await flush();
  server.script = [() => json({ code: "sign_in", message: "Logg inn", ended: true, staff_id: ALICE.id }, 401)];
  await flush();
  assert.equal((await me()).id, BOB.id);
});

test("a session that expired, and a 401 of somebody else, take nothing", async () => {
  for (const answer of [
    () => json({ code: "sign_in", message: "Logg inn" }, 401),
    () => new Response("<html>ended", { status: 401 }),
    () => json({ ended: true }, 401),
  ]) {
    server.script = [answer];
    await flush();
    const state = await readState();
    assert.deepEqual([state.me.id, state.clients.size], [ALICE.id, 1]);
  }
});

test("elapsed time never goes back with the clock", (t) => {
  const before = elapsed.now();
  t.mock.method(Date, "now", () => 0);
  assert.ok(elapsed.now() >= before);
});
