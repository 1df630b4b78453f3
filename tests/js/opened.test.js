/** What was opened is told to the server: sealed on the phone at once, by whoever delivers, until a verdict of its own. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, json, KARI, letPass, signIn } from "./_phone.js";
import { aSealingKey } from "./_hpke.js";
import { stored } from "./_storage.js";
import { closeAll, write } from "../../fieldapp/static/js/core/db.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { PHONE } from "../../fieldapp/static/js/core/schema.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { noteClosed, noteOpened, reportsWait, startView } from "../../fieldapp/static/js/core/send/views.js";
import { sendReports } from "../../fieldapp/static/js/core/send/views_lane.js";
import { dropAccess, signOut } from "../../fieldapp/static/js/core/session.js";
import { setValue } from "../../fieldapp/static/js/core/values.js";
import { lock } from "../../fieldapp/static/js/core/vault/people.js";

const OLA = "0c000000-0000-7000-8000-00000000000d";
const rows = async () => (await stored()).sett.views;
const told = () => [...server.viewed.values()];
const asked = () => server.syncs().filter(({ body }) => body.views);
/** Flush, and wait until the reports have gone too. */
const sync = async (reason) => {
  await flush(reason);
  await sendReports();
};

/** A client stood on the screen for this long. */
async function look(client = KARI, { staff = ALICE.id, ms = 40_000 } = {}) {
  const view = startView(staff, client);
  await noteOpened(view);
  letPass(ms);
  await noteClosed(view, elapsed.now());
  return view.id;
}

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  await sync();
  server.requests.length = 0;
});

test("a row shows an id, a key and what is sealed: not who looked, at whom, nor when", async () => {
  await look();
  const [row] = await rows();
  assert.deepEqual(Object.keys(row).sort(), ["id", "key_id", "sealed"]);
  assert.doesNotMatch(JSON.stringify(row), new RegExp(`${KARI}|${ALICE.id}|key-of`));
});

test("inside stand who, the proof, the clock’s error and the client’s time, as sync/views.py reads them", async () => {
  await setValue("clock", { offsetMs: 5_000, rttMs: 1, measuredAt: 0 });
  const before = Date.now();
  const id = await look();
  const report = await server.sealing.open((await rows())[0], "sett views 1");
  const [view] = report.views;
  assert.deepEqual(Object.keys(report).sort(), ["author_key", "clock_offset_ms", "id", "staff_id", "views"]);
  assert.deepEqual(
    [report.id, report.staff_id, report.author_key, report.clock_offset_ms, report.views.length, view.client_id],
    [id, ALICE.id, "key-of-Alice", 5_000, 1, KARI],
  );
  assert.ok(Math.abs(Date.parse(view.from_at) - before) < 5_000);
  assert.ok(Math.abs(Date.parse(view.to_at) - Date.parse(view.from_at) - 40_000) < 2_000);
});

test("the next sync sends it, in a request without entries and without a page, and its verdict takes it away", async () => {
  const id = await look();
  await sync("timer");
  assert.deepEqual([told().map((one) => one.id), await rows()], [[id], []]);
  const [{ body }] = asked();
  assert.deepEqual([body.entries, body.pull, body.unsent_after], [[], false, 0]);
  assert.deepEqual(Object.keys(body.views[0]).sort(), ["id", "key_id", "sealed"]);
  server.requests.length = 0;
  await sync("timer");
  assert.equal(asked().length, 0, "nothing waits, nothing is asked");
});

test("killed while the client stands there, the beginning has been noted; it goes up when the end can’t come any more", async (t) => {
  await noteOpened(startView(ALICE.id, KARI));
  forgetMemory();
  await sync();
  assert.deepEqual([told().length, (await rows()).length], [0, 1], "its end may still come");
  const now = Date.now() + 5 * 60_000;
  t.mock.method(Date, "now", () => now);
  await sync();
  assert.deepEqual([told().length, await rows()], [1, []]);
  assert.equal(told()[0].views[0].from_at, told()[0].views[0].to_at);
});

test("a clock set back holds nothing back, and an end never comes before its beginning", async (t) => {
  const view = startView(ALICE.id, KARI);
  await noteOpened(view);
  const now = Date.now() - 3_600_000;
  t.mock.method(Date, "now", () => now);
  await sync();
  assert.equal(told().length, 1);
  await noteClosed(view, view.began - 5);
  const [row] = await rows();
  const [{ from_at: from, to_at: to }] = (await server.sealing.open(row, "sett views 1")).views;
  assert.equal(from, to);
});

test("a phone whose clock is decades wrong tells the time by the server’s, since no such offset is taken", async () => {
  const offsetMs = 30 * 365 * 86_400_000;
  await setValue("clock", { offsetMs, rttMs: 1, measuredAt: 0 });
  await look();
  const report = await server.sealing.open((await rows())[0], "sett views 1");
  assert.equal(report.clock_offset_ms, 0);
  assert.ok(Math.abs(Date.parse(report.views[0].from_at) - Date.now() - offsetMs) < 120_000);
});

test("its end put in while it was on its way: the new one waits for its own verdict", async () => {
  const view = startView(ALICE.id, KARI);
  await noteOpened(view);
  await write(PHONE, ["views"], async (tx) => {
    const [{ not_before: _open, ...row }] = await tx.objectStore("views").getAll();
    await tx.objectStore("views").put(row);
  });
  server.script = [
    async (_request, answer) => {
      const verdict = await answer();
      await noteClosed(view, view.began + 9_000);
      return verdict;
    },
  ];
  await sendReports();
  assert.deepEqual([server.viewed.size, (await rows()).length], [1, 1]);
  await sendReports();
  assert.deepEqual([await rows(), asked().length], [[], 2], "a duplicate, and gone");
});

test("locked, signed out, with another person, after a kill: it is delivered under the name of who looked", async () => {
  const ways = {
    locked: async () => lock(),
    "signed out": async () => signOut(),
    "another signed in": async () => {
      await signOut();
      server.online = true;
      await signIn("bob", "riktig");
    },
    "access ended": async () => dropAccess(ALICE.id),
    killed: async () => closeAll(),
  };
  for (const [name, leave] of Object.entries(ways)) {
    server.viewed.clear();
    server.online = false;
    await look();
    await leave();
    forgetMemory();
    assert.equal((await rows()).length, 1, name);
    server.online = true;
    await sync();
    assert.deepEqual([told().map((one) => one.staff_id), await rows()], [[ALICE.id], []], name);
    await signIn("alice", "riktig");
  }
});

test("it goes under no name but its author’s: nobody else’s session makes it theirs", async () => {
  server.keys.set(ALICE.id, "another key than the one inside");
  await look();
  await signOut();
  await signIn("bob", "riktig");
  await sync("session");
  assert.deepEqual([server.viewed.size, (await rows()).map((row) => row.code)], [0, ["author_unproven"]]);
  server.requests.length = 0;
  await sync("timer");
  assert.equal(asked().length, 0, "it is not offered at every sync");
  await signIn("alice", "riktig");
  await sync("session");
  assert.deepEqual([told().map((one) => one.staff_id), await rows()], [[ALICE.id], []]);
  assert.notEqual(told()[0].staff_id, BOB.id);
});

test("only accepted, duplicate and rejected take a report away; each its own", async () => {
  const verdicts = {
    accepted: { verdict: "accepted" },
    duplicate: { verdict: "duplicate", original: "accepted" },
    unknown: { verdict: "rejected", code: "unknown_reference" },
    unproven: { verdict: "rejected", code: "author_unproven" },
    deferred: { verdict: "deferred", code: "unknown_key" },
    strange: { verdict: "maybe" },
    silent: null,
  };
  const ids = {};
  for (const name of Object.keys(verdicts)) ids[name] = await look();
  server.script = [
    async (_request, answer) => {
      const said = Object.entries(verdicts).filter(([, one]) => one);
      const data = await answer().json();
      const results = said.map(([name, one]) => ({ id: ids[name], ...one }));
      return json({ ...data, view_results: [{ id: "somebody", verdict: "accepted" }, null, ...results] });
    },
  ];
  await sendReports();
  const left = (await rows()).map(({ id, code }) => [id, code]);
  const expected = ["unproven", "deferred", "strange", "silent"].map((name) => [ids[name], verdicts[name]?.code]);
  assert.deepEqual(left.sort(), expected.sort());
});

test("a key that the server does not know: the report stays, and goes when the key is back", async () => {
  const known = server.sealing;
  await look();
  server.sealing = await aSealingKey();
  await sync();
  assert.deepEqual([server.viewed.size, (await rows())[0].code], [0, "unknown_key"]);
  server.sealing = known;
  await sync("load");
  assert.deepEqual([server.viewed.size, await rows()], [1, []]);
});

test("what can’t be taken never stands before what can, and at most a hundred go at once", async () => {
  server.judgeView = () => ({ verdict: "deferred", code: "unknown_key" });
  for (let i = 0; i < 101; i += 1) await look();
  await sync();
  server.judgeView = () => null;
  server.requests.length = 0;
  const fresh = await look(OLA);
  await sync("timer");
  assert.deepEqual([told().map((one) => one.id), asked().length], [[fresh], 1]);
  await sync("user");
  assert.equal((await rows()).length, 0);
  assert.deepEqual(
    asked().map(({ body }) => body.views.length),
    [1, 100, 1],
  );
});

test("a server or proxy that fails on reports holds no entry back, and takes no report away", async () => {
  const answers = [
    () => json({ code: "malformed", message: "Nei" }, 400),
    () => json({ code: "too_large", message: "For mye" }, 413),
    () => new Response("<html>", { status: 502 }),
    () => new Response("<html>portal", { status: 200 }),
    () => json({ protocol: 1, server_time: "x", results: [], changes: [] }),
    () => {
      throw new TypeError("broken");
    },
  ];
  for (const answer of answers) {
    await look();
    const count = (await rows()).length;
    await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
    const refuse = (request, usual) => (request.body.views ? answer() : usual());
    server.script = Array(8).fill(refuse);
    assert.equal((await flush("user")).kind, "ok");
    await sendReports();
    assert.deepEqual([(await counts()).unsent, (await rows()).length], [0, count]);
  }
  server.script = [];
  forgetMemory();
  await sync();
  assert.deepEqual([server.accepted.size, server.viewed.size, await rows()], [6, 6, []]);
});

test("one that the network never lets through holds up no other", async () => {
  const ids = [];
  for (let i = 0; i < 5; i += 1) ids.push(await look());
  const poison = ids[2];
  const usual = globalThis.fetch;
  globalThis.fetch = (path, how) =>
    how?.body?.includes(poison) ? Promise.resolve(json({ code: "x", message: "x" }, 422)) : usual(path, how);
  for (let i = 0; i < 4; i += 1) await sync("timer");
  assert.deepEqual(
    (await rows()).map((row) => row.id),
    [poison],
  );
});

test("a save during a slow report is sent without waiting for it", async () => {
  await look();
  let letGo;
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  server.script = [
    (_request, answer) => answer(), // the page
    async (_request, answer) => {
      await held;
      return answer();
    },
  ];
  await flush("timer");
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  await flush("save");
  assert.deepEqual([server.accepted.size, server.viewed.size], [1, 0]);
  letGo();
  await sendReports();
  assert.equal(server.viewed.size, 1);
});

test("a full phone keeps the report in memory, sealed, and sends it from there", async () => {
  const put = IDBObjectStore.prototype.put;
  const full = function (...args) {
    if (this.name === "views") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, args);
  };
  IDBObjectStore.prototype.put = full;
  try {
    await look();
    lock();
    assert.deepEqual([(await rows()).length, await reportsWait()], [0, true]);
    await sync();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.deepEqual([server.viewed.size, await reportsWait()], [1, false]);
});
