/** What comes down, and how it is kept. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, forgetMemory, freshPhone, KARI, signIn } from "./_phone.js";
import { on } from "../../fieldapp/static/js/core/bus.js";
import { openDB } from "../../fieldapp/static/vendor/idb.js";
import { closeAll } from "../../fieldapp/static/js/core/db.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { fetchOlder, forgetOld } from "../../fieldapp/static/js/core/history.js";
import { counts, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { replicaOf } from "../../fieldapp/static/js/core/schema.js";
import { signOut } from "../../fieldapp/static/js/core/session.js";
import { cursorOf } from "../../fieldapp/static/js/core/tables.js";
import { clockOffset, offsetBy } from "../../fieldapp/static/js/core/device.js";

const client = (seq, data = {}) => ({
  kind: "client",
  id: KARI,
  seq,
  data: { name: "Kari", team_ids: ["t1"], ...data },
});
const entry = (id, seq, data = {}) => ({
  kind: "entry",
  id,
  seq,
  data: {
    id,
    type: "visit_logged",
    client_id: KARI,
    occurred_at: new Date().toISOString(),
    body: { outcome: "seen" },
    author_id: ALICE.id,
    ...data,
  },
});

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

test("changes come down page by page and the cursor follows", async () => {
  server.pages = [
    { changes: [client(1)], more: true, cursor: "c1" },
    { changes: [entry("e1", 2)], cursor: "c2" },
  ];
  await flush();
  assert.deepEqual(
    server.syncs().map((request) => request.body.cursor),
    [null, "c1"],
  );
  assert.equal(await cursorOf(ALICE.id), "c2");
  const state = await readState();
  assert.deepEqual(
    [state.clients.get(KARI).name, state.clients.get(KARI).seq, state.entriesOf(KARI).length],
    ["Kari", 1, 1],
  );
});

test("the phone is being filled until the server has sent all it has, and again after a reset; a later batch fills nothing", async () => {
  const filling = async () => (await readState()).sync.filling;
  const seen = [];
  const stop = on("changed", ({ what }) => {
    if (what === "replica") seen.push(filling());
  });
  const flushed = async (...pages) => {
    server.pages = pages;
    await flush();
    return [...(await Promise.all(seen.splice(0))), await filling()].filter((one, i, all) => one !== all[i - 1]);
  };
  assert.equal(await filling(), true);
  assert.deepEqual(await flushed({ changes: [client(1)], more: true, cursor: "c1" }, { changes: [], cursor: "c2" }), [
    true,
    false,
  ]);
  forgetMemory();
  assert.equal(await filling(), false);
  assert.deepEqual(
    await flushed({ changes: [client(3)], more: true, cursor: "c3" }, { changes: [client(4)], cursor: "c4" }),
    [false],
  );
  assert.deepEqual(
    await flushed(
      { reset: true, cursor: null },
      { changes: [client(9)], more: true, cursor: "d1" },
      { changes: [client(10)], cursor: "d2" },
    ),
    [true, false],
  );
  stop();
});

test("the replica is read anew after a kill", async () => {
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
  forgetMemory();
  server.online = false;
  assert.equal((await readState()).clients.get(KARI).name, "Kari");
});

test("reset drops the replica and starts over, and never touches the outbox", async () => {
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
  server.judge = () => ({ verdict: "rejected", code: "not_permitted" });
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  server.pages = [
    { reset: true, cursor: null },
    { changes: [client(9, { name: "Kari N." })], cursor: "d1" },
  ];
  await flush();
  const state = await readState();
  assert.deepEqual(
    [state.clients.get(KARI).name, await cursorOf(ALICE.id), state.outbox.held.length],
    ["Kari N.", "d1", 1],
  );
  assert.deepEqual(
    server
      .syncs()
      .slice(-2)
      .map((request) => request.body.cursor),
    ["c1", null],
  );
});

test("a server that always resets does not keep the phone asking for ever", async () => {
  server.pages = Array(50).fill({ reset: true, cursor: null });
  await flush();
  assert.ok(server.syncs().length < 6);
});

test("a client that is no longer mine to see goes with everything that was theirs", async () => {
  server.pages = [
    {
      changes: [client(1), entry("e1", 2), { kind: "case", id: "k", seq: 3, data: { client_id: KARI } }],
      cursor: "c1",
    },
  ];
  await flush();
  assert.equal((await readState()).cases.size, 1);
  server.pages = [{ changes: [{ kind: "client", id: KARI, seq: 4, removed: true }], cursor: "c2" }];
  await flush();
  for (const again of [false, true]) {
    if (again) forgetMemory();
    const { clients, entries, cases } = await readState();
    assert.deepEqual([clients.size, entries.size, cases.size], [0, 0, 0]);
  }
});

test("an accepted entry stays on the screen until the server’s copy is here", async () => {
  server.pages = [
    { changes: [client(1)], cursor: "c1", more: true },
    { changes: [], cursor: "c2" },
  ];
  const seen = [];
  const mine = await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  server.script = [
    (_request, usual) => usual(),
    async (_request, usual) => {
      seen.push((await readState()).entries.get(mine.id)?.local);
      return usual();
    },
  ];
  await flush();
  assert.deepEqual(seen, [null]);
  assert.equal((await counts(ALICE.id)).unsent, 0);
});

test("kinds of a newer server are passed over", async () => {
  server.pages = [{ changes: [{ kind: "horoscope", id: "x", seq: 1, data: {} }, client(2)], cursor: "c1" }];
  await flush();
  assert.equal((await readState()).clients.size, 1);
});

test("signing out removes the replica from the phone", async () => {
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
  await signOut();
  const names = (await indexedDB.databases()).map((database) => database.name);
  assert.deepEqual(names, ["sett"]);
});

test("a state already handed out does not change under the screen", async () => {
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
  const before = await readState();
  server.pages = [{ changes: [client(2, { name: "Kari N." })], cursor: "c2" }];
  await flush();
  assert.deepEqual([before.clients.get(KARI).name, (await readState()).clients.get(KARI).name], ["Kari", "Kari N."]);
});

test("older entries fill in and replace nothing; what is too old is forgotten at the next start", async () => {
  server.pages = [{ changes: [client(1), entry("e1", 10)], cursor: "c1" }];
  await flush();
  const usual = globalThis.fetch;
  const asked = [];
  const old = new Date(Date.now() - 60 * 86_400_000).toISOString();
  const pages = [
    { changes: [entry("e1", 10, { body: { outcome: "heard" } })], more: true, before: "17.e1" }, // nothing new: goes on by itself
    { changes: [entry("e0", 3, { occurred_at: old })], more: true, before: "9.e0" },
    { changes: [], more: false, before: null },
  ];
  globalThis.fetch = async (path, init) => {
    if (!path.startsWith("/api/clients/")) return usual(path, init);
    asked.push(path);
    return Response.json(pages[asked.length - 1]);
  };
  assert.equal((await fetchOlder(KARI)).data.ended, false);
  assert.equal((await fetchOlder(KARI)).data.ended, true);
  const url = `/api/clients/${KARI}/entries`;
  assert.deepEqual(asked, [url, `${url}?before=17.e1`, `${url}?before=9.e0`]);
  const state = await readState();
  assert.deepEqual(
    state.entriesOf(KARI).map((one) => [one.id, one.body.outcome]),
    [
      ["e1", "seen"],
      ["e0", "seen"],
    ],
  );
  await forgetOld(ALICE.id, Date.now());
  assert.equal((await readState()).entries.size, 1);
});

test("cases that were closed long ago are forgotten at the next start", async () => {
  const closed = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  const one = (id, seq, closed_at) => ({ kind: "case", id, seq, data: { client_id: KARI, kind: "rent", closed_at } });
  server.pages = [
    { changes: [client(1), one("c1", 2, null), one("c2", 3, closed(29)), one("c3", 4, closed(31))], cursor: "c1" },
  ];
  await flush();
  await forgetOld(ALICE.id, Date.now());
  assert.deepEqual([...(await readState()).cases.keys()], ["c1", "c2"]);
});

test("the clock is measured at the middle of the round trip", async () => {
  assert.equal(offsetBy("2026-11-21T08:00:10.000Z", 400, Date.parse("2026-11-21T08:00:00.200Z")), 10_000);
  const usual = globalThis.fetch;
  const ahead = 40 * 60_000;
  globalThis.fetch = async (path, init) => {
    const response = await usual(path, init);
    if (path !== "/api/sync") return response;
    return Response.json({ ...(await response.json()), server_time: new Date(Date.now() + ahead).toISOString() });
  };
  await flush();
  const offset = await clockOffset();
  assert.ok(Math.abs(offset - ahead) < 1000, String(offset));
  const state = await readState();
  assert.ok(Math.abs(state.nowMs - Date.now() - ahead) < 1000);
});

test("500 clients and 10,000 entries are read in a moment once they are in memory", async () => {
  const clients = Array.from({ length: 500 }, (_, i) => ({
    kind: "client",
    id: `c${i}`,
    seq: i,
    data: { name: `Bruker ${i}` },
  }));
  const entries = Array.from({ length: 10_000 }, (_, i) => entry(`e${i}`, 500 + i, { client_id: `c${i % 500}` }));
  const all = [...clients, ...entries];
  server.pages = Array.from({ length: 21 }, (_, i) => ({
    changes: all.slice(i * 500, (i + 1) * 500),
    cursor: `c${i}`,
    more: i < 20,
  }));
  await flush();
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: "c7" }));
  await readState();
  const started = process.cpuUsage();
  const state = await readState();
  assert.equal(state.entriesOf("c7").length, 21);
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 400_000, `${user + system} µs`);
});

test("a phone whose version knew fewer kinds keeps showing what it has, and reads all anew once it has coverage", async () => {
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
  await closeAll();
  const old = await openDB(replicaOf(ALICE.id).name, 1);
  const { key, value } = await old.get("meta", "state");
  await old.put("meta", { key, value: { ...value, kinds: value.kinds - 1 } });
  old.close();
  forgetMemory();
  server.online = false;
  assert.equal((await readState()).clients.get(KARI).name, "Kari");
  server.online = true;
  server.pages = [
    { reset: true, cursor: null },
    { changes: [client(9), { kind: "visit", id: "v1", seq: 10, data: { staff_id: ALICE.id } }], cursor: "c9" },
  ];
  await flush();
  const state = await readState();
  assert.deepEqual([server.syncs().at(-2).body.cursor, server.syncs().at(-1).body.cursor], ["read-anew", null]);
  assert.deepEqual([state.visits.get("v1").staff_id, await cursorOf(ALICE.id)], [ALICE.id, "c9"]);
});
