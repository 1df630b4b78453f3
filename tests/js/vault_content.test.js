/** The sealed replica: in chunks, written where touched, ended after 14 hours, and taken over from a version in clear. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, forgetMemory, freshPhone, KARI, PIN, signIn } from "./_phone.js";
import { words } from "./_screen.js";
import { stored, storedText } from "./_storage.js";
import { openDB } from "../../fieldapp/static/vendor/idb.js";
import { HEAD_BYTES, headChunks, shardOf, shortName } from "../../fieldapp/static/js/core/chunks.js";
import { closeAll } from "../../fieldapp/static/js/core/db.js";
import { dropAllEnded, leftOf } from "../../fieldapp/static/js/core/ending.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { clearReplicaOf, PHONE } from "../../fieldapp/static/js/core/schema.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { setPin } from "../../fieldapp/static/js/core/send/opening.js";
import { atStart } from "../../fieldapp/static/js/core/send/start.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { applyAnswer, cursorOf, isWhole, tablesOf } from "../../fieldapp/static/js/core/tables.js";
import { setValue } from "../../fieldapp/static/js/core/values.js";
import { lock } from "../../fieldapp/static/js/core/vault/people.js";
const { clientView } = await import("../../fieldapp/static/js/views/client.js");

const HOUR = 3_600_000;
const idOf = (i) => `0c000000-0000-7000-8000-${String(i).padStart(12, "0")}`;
const client = (i, seq, data = {}) => ({
  kind: "client",
  id: idOf(i),
  seq,
  data: {
    name: `Kari Nordmann${i}`,
    address: `Storgata ${i}`,
    team_ids: ["t1"],
    watch: { mode: "interval", due_at: "2026-12-01T10:00:00Z" },
    ...data,
  },
}); // prettier-ignore
const entry = (n, i, seq, hoursAgo = n) => ({
  kind: "entry",
  id: `e${n}`,
  seq,
  data: {
    id: `e${n}`,
    type: "visit_logged",
    client_id: idOf(i),
    occurred_at: new Date(Date.now() - hoursAgo * HOUR).toISOString(),
    body: { outcome: "seen", note: "x".repeat(50) },
    author_id: ALICE.id,
  },
}); // prettier-ignore

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

/** Sync once; returns the rows of the replica that are other than before. */
async function synced(...changes) {
  const before = await chunks();
  server.pages = [{ changes, cursor: `c${changes.length}` }];
  await flush();
  const after = await chunks();
  return [...after].filter(([key, text]) => before.get(key) !== text).map(([key]) => key.split(" ")[0]);
}

async function chunks() {
  const { head = [], entries = [], stubs = [] } = (await stored())[`sett-vault-${ALICE.id}`] ?? {};
  return new Map(
    Object.entries({ head, entries, stubs }).flatMap(([store, rows]) =>
      rows.map((row) => [`${store} ${row.key}`, Buffer.from(row.data).toString("latin1")]),
    ),
  );
}

/** Later, by the phone's clock and the server's alike. */
async function later(t, ms) {
  const real = Date.now;
  t.mock.method(Date, "now", () => real() + ms);
  forgetMemory();
}

test("with 500 clients no head chunk is over 64 KiB, and I dag needs no chunk of entries", async () => {
  const clients = Array.from({ length: 500 }, (_, i) => client(i, i + 1, { note: "å".repeat(400) }));
  const visits = Array.from({ length: 40 }, (_, n) => entry(n, n % 4, 600 + n));
  await synced(...clients, ...visits);
  const rows = (await stored())[`sett-vault-${ALICE.id}`];
  assert.ok(
    rows.head.every(({ data }) => data.byteLength <= HEAD_BYTES),
    "each is at most 64 KiB",
  );
  assert.equal(rows.entries.length, 4);
  forgetMemory();
  const soon = await readState({ soon: true });
  assert.deepEqual([soon.clients.size, soon.whole, soon.entriesOf(idOf(1)).length], [500, false, 3]);
  assert.equal((await readState({ soon: true, client: idOf(1) })).entriesOf(idOf(1)).length, 10);
  assert.equal(await isWhole(ALICE.id), false);
  assert.equal((await readState()).entries.size, 40);
});

test("a sync rewrites only the chunks it touches", async () => {
  await synced(
    ...Array.from({ length: 500 }, (_, i) => client(i, i + 1, { note: "å".repeat(400) })),
    entry(1, 1, 501),
    entry(2, 2, 502),
  );
  assert.deepEqual(await synced(), [], "nothing new, nothing written");
  assert.deepEqual((await synced(entry(3, 1, 503))).sort(), ["entries", "head"], "the client’s chunk, and its newest");
  assert.deepEqual((await synced(client(7, 504, { name: "Ny" }))).sort(), ["head", "stubs"]);
});

test("a corrected entry that moves to another client leaves the chunk it stood in", async () => {
  await synced(client(1, 1), client(2, 2), entry(1, 1, 3));
  await synced({ ...entry(1, 2, 4) });
  forgetMemory();
  const state = await readState();
  assert.deepEqual([state.entriesOf(idOf(1)).length, state.entriesOf(idOf(2)).length, state.entries.size], [0, 1, 1]);
});

test("a kind that grows is cut in more shards, and each row lies in one", () => {
  const rows = new Map(
    Array.from({ length: 3000 }, (_, i) => [idOf(i), { id: idOf(i), seq: i, data: { note: "x".repeat(60) } }]),
  );
  const { of, chunks: cut } = headChunks("client", rows, 1, new Set([idOf(1)]));
  assert.ok(of > 4);
  const held = cut.flatMap(({ value }) => value?.rows ?? []);
  assert.equal(new Set(held.map((row) => row.id)).size, 3000);
  assert.equal(held.length, 3000);
  const one = headChunks("client", rows, of, new Set([idOf(5)]));
  assert.deepEqual([one.of, one.chunks.length], [of, 1]);
  assert.ok(one.chunks[0].value.rows.every((row) => shardOf(row.id, of) === shardOf(idOf(5), of)));
});

test("an answer to an older question is not taken: what has ended meanwhile would leave holes", async () => {
  await synced(client(1, 1));
  const cursor = await cursorOf(ALICE.id);
  assert.equal(await applyAnswer(ALICE.id, { changes: [client(2, 2)], cursor: "c9" }, "another"), false);
  assert.equal(await cursorOf(ALICE.id), cursor);
  assert.equal((await tablesOf(ALICE.id)).get("client").size, 1);
});

test("a window that writes from older rows writes again over the newer ones", async () => {
  await synced(client(1, 1), entry(1, 1, 2));
  await tablesOf(ALICE.id);
  const mine = await stored();
  const db = await openDB(`sett-vault-${ALICE.id}`, 1);
  const state = mine[`sett-vault-${ALICE.id}`].meta[0];
  await db.put("meta", { ...state, value: { ...state.value, version: state.value.version + 1 } });
  db.close();
  await synced(entry(2, 1, 3));
  forgetMemory();
  assert.equal((await readState()).entriesOf(idOf(1)).length, 2);
});

test("what may be shown, by the server’s time", () => {
  const at = Date.now();
  assert.equal(leftOf(undefined, at), "whole");
  assert.equal(leftOf(at, at + 14 * HOUR), "whole");
  assert.equal(leftOf(at, at + 14 * HOUR + 1), "stubs");
  assert.equal(leftOf(at, at + 8 * 24 * HOUR + 1), "nothing");
  assert.equal(leftOf(at, at - 2 * 60_000), "behind");
});

test("14 hours after the last sync the content is gone from the phone, and short names with their due time stand", async (t) => {
  await synced(client(1, 1), entry(1, 1, 2));
  await later(t, 14.1 * HOUR);
  const { clients, entries, sync, whole } = await readState();
  assert.deepEqual([sync.left, whole, entries.size], ["stubs", true, 0]);
  const kari = clients.get(idOf(1));
  assert.deepEqual(
    [kari.name, kari.address, kari.watch.due_at, kari.stub],
    ["Kari N.", undefined, "2026-12-01T10:00:00Z", true],
  );
  const rows = (await stored())[`sett-vault-${ALICE.id}`];
  assert.deepEqual([rows.head.length, rows.entries.length, rows.stubs.length], [0, 0, 1]);
});

test("it ends in a window that stands open, too", async (t) => {
  await synced(client(1, 1));
  await readState();
  const real = Date.now;
  t.mock.method(Date, "now", () => real() + 15 * HOUR);
  assert.equal((await readState()).clients.get(idOf(1)).name, "Kari N.");
});

test("an entry on a short name is saved, and the next sync brings all of it again", async (t) => {
  await synced(client(1, 1), entry(1, 1, 2));
  await later(t, 20 * HOUR);
  await readState();
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: idOf(1) }));
  server.pages = [{ changes: [client(1, 1), entry(1, 1, 2)], cursor: "c2" }];
  await flush();
  assert.equal(server.syncs().at(-1).body.cursor, null, "from the beginning");
  const state = await readState();
  assert.deepEqual(
    [state.sync.left, state.clients.get(idOf(1)).name, state.clients.size],
    ["whole", "Kari Nordmann1", 1],
  );
});

test("after eight days nothing stands, and the worker needs no key for that", async (t) => {
  await synced(client(1, 1), entry(1, 1, 2));
  lock();
  await later(t, 8.1 * 24 * HOUR);
  await dropAllEnded();
  const rows = (await stored())[`sett-vault-${ALICE.id}`];
  assert.deepEqual([rows.head, rows.entries, rows.stubs], [[], [], []]);
});

test("a clock behind the last sync shows short names and deletes nothing", async (t) => {
  await synced(client(1, 1), entry(1, 1, 2));
  const real = Date.now;
  const mock = t.mock.method(Date, "now", () => real() - HOUR);
  forgetMemory();
  assert.deepEqual([(await readState()).clients.get(idOf(1)).name, (await readState()).entries.size], ["Kari N.", 0]);
  mock.mock.restore();
  forgetMemory();
  assert.deepEqual(
    [(await readState()).clients.get(idOf(1)).name, (await readState()).entries.size],
    ["Kari Nordmann1", 1],
  );
});

test("a short name is the first, and one letter of the last", () => {
  assert.deepEqual(["Kari Nordmann", "Per Ivar Lund-Johannessen", "Aly", "", undefined].map(shortName), [
    "Kari N.",
    "Per L.",
    "Aly",
    "",
    "",
  ]);
});

test("where the server says so nothing that was fetched lies on the phone, and logging works", async () => {
  await setValue("offline_replica", false);
  await synced(client(1, 1), entry(1, 1, 2));
  assert.equal((await readState()).clients.size, 1, "while the page lives and the net is there");
  const rows = (await stored())[`sett-vault-${ALICE.id}`];
  assert.deepEqual([rows?.head ?? [], rows?.entries ?? [], rows?.stubs ?? []], [[], [], []]);
  forgetMemory();
  server.online = false;
  assert.equal((await readState()).clients.size, 0);
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  assert.equal((await readState()).outbox.unsent, 1);
});

/** A phone of the version before the vault, with a replica, a draft, an entry that waits and a copy, all in clear. */
async function phoneInClear({ syncedHoursAgo = 1 } = {}) {
  await closeAll();
  indexedDB.deleteDatabase(PHONE.name);
  const steps = PHONE.steps.slice(0, 2);
  const phone = await openDB(PHONE.name, 2, {
    upgrade: (db, from, _to, tx) => steps.slice(from).forEach((step) => step(db, tx)),
  });
  const waiting = {
    ...makeEntry("visit_logged", { outcome: "seen", note: "Klartekst" }, { clientId: idOf(1) }),
    clock_offset_ms: 0,
  };
  const acked = {
    ...makeEntry("visit_logged", { outcome: "heard", note: "Klartekst" }, { clientId: idOf(1) }),
    clock_offset_ms: 0,
  };
  await phone.put("staff", { ...ALICE, delivery_key: "key-of-Alice" });
  for (const [key, value] of [
    ["current", ALICE.id],
    ["last_seq", 2],
    ["device_id", idOf(99)],
    ["sync", { lastAt: new Date(Date.now() - syncedHoursAgo * HOUR).toISOString() }],
  ])
    await phone.put("values", { key, value });
  await phone.put("outbox", {
    id: waiting.id,
    device_seq: 2,
    author_id: ALICE.id,
    state: "pending",
    saved_at: 1,
    sealed: waiting,
  });
  await phone.put("copies", { id: acked.id, device_seq: 1, author_id: ALICE.id, sealed: acked, acked_at: Date.now() });
  await phone.put("drafts", { id: `${ALICE.id}/visit`, value: { note: "Klartekst" }, saved_at: 1 });
  phone.close();
  const schema = clearReplicaOf(ALICE.id);
  const replica = await openDB(schema.name, 2, {
    upgrade: (db, from, _to, tx) => schema.steps.slice(from).forEach((step) => step(db, tx)),
  });
  await replica.put("client", { id: idOf(1), seq: 1, data: { name: "Kari Klartekst", team_ids: ["t1"] } });
  await replica.put("meta", { key: "cursor", value: "old" });
  replica.close();
  forgetMemory();
  return { waiting, acked };
} // prettier-ignore

test("an installation in clear: what waits is sealed first, then a PIN, and nothing is left in clear", async () => {
  await freshPhone();
  const { waiting, acked } = await phoneInClear();
  server.session = ALICE;
  server.judge = () => ({ verdict: "later" });
  await atStart();
  const { sett } = await stored();
  assert.deepEqual([typeof sett.outbox[0].sealed, typeof sett.copies[0].sealed], ["string", "string"]);
  assert.equal((await readState()).gate.choosing, true);
  server.online = false;
  assert.equal(await setPin(ALICE.id, PIN), null);
  const state = await readState();
  assert.deepEqual(
    [state.clients.get(idOf(1)).name, state.entries.has(waiting.id), state.entries.has(acked.id)],
    ["Kari Klartekst", true, true],
  );
  assert.ok(!(await storedText()).includes("Klartekst"));
  assert.ok(!Object.keys(await stored()).includes(clearReplicaOf(ALICE.id).name));
  server.online = true;
  server.judge = () => null;
  server.pages = [
    { changes: [{ kind: "client", id: idOf(1), seq: 5, data: { name: "Kari Anew", team_ids: [] } }], cursor: "n1" },
  ];
  await flush("session");
  assert.equal(
    server.syncs().find((request) => "cursor" in request.body && request.body.pull !== false).body.cursor,
    null,
    "fetched anew",
  );
  assert.equal(server.accepted.get(waiting.id).body.note, "Klartekst");
});

test("the replica of an installation in clear is not shown more than 14 hours after its last sync", async () => {
  await freshPhone();
  await phoneInClear({ syncedHoursAgo: 15 });
  server.online = false;
  await setPin(ALICE.id, PIN);
  assert.equal((await readState()).clients.size, 0);
  assert.ok(!Object.keys(await stored()).includes(clearReplicaOf(ALICE.id).name));
});

test("a chunk that does not open is dropped with its replica, which is fetched anew", async () => {
  await synced(client(1, 1));
  const name = `sett-vault-${ALICE.id}`;
  await closeAll();
  const db = await openDB(name, 1);
  const [row] = await db.getAll("head");
  await db.put("head", { ...row, data: new Uint8Array(64).buffer });
  db.close();
  forgetMemory();
  assert.equal((await readState()).clients.size, 0);
  server.pages = [{ changes: [client(1, 1)], cursor: "c2" }];
  await flush();
  assert.equal((await readState()).clients.size, 1);
});

test("of a short name nothing is said that the phone does not know", async (t) => {
  await synced(client(1, 1), client(2, 2, { watch: { mode: "off" } }));
  await later(t, 20 * HOUR);
  const state = await readState();
  const drawn = [1, 2].map((i) => words(clientView(state, { id: idOf(i) })));
  for (const text of drawn)
    assert.doesNotMatch(text, /ikke sett ennå|ingen kontakt|Uten nummer|Uten adresse|Ingen tilsynsavtale|NaN/);
  assert.match(drawn[1], /Bare navn og frist er på telefonen nå/);
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: idOf(1) }));
  assert.equal((await readState()).clients.get(idOf(1)).watch.due_at, null, "how long the clock runs is not known");
});
