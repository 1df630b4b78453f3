/** What was acked stays on the phone until the replica has it, and is offered again when the server lost it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, KARI, signIn } from "./_phone.js";
import { read } from "../../fieldapp/static/js/core/db.js";
import { PHONE } from "../../fieldapp/static/js/core/schema.js";
import { copiesOf } from "../../fieldapp/static/js/core/send/copies.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { signOut } from "../../fieldapp/static/js/core/session.js";

const DAY = 86_400_000;
const lastSeen = new Date(Date.now() - 5 * DAY).toISOString();
const watch = {
  mode: "interval",
  interval_minutes: 1440,
  counts: ["seen"],
  last_seen_at: lastSeen,
  due_at: new Date(Date.now() - 4 * DAY).toISOString(),
  paused_by: null,
};
const client = (seq, data = {}) => ({
  kind: "client",
  id: KARI,
  seq,
  data: { name: "Kari", team_ids: ["t1"], watch, ...data },
});
const down = (entry, seq) => ({
  kind: "entry",
  id: entry.id,
  seq,
  data: { ...entry, author_id: ALICE.id, corrected_at: entry.occurred_at },
});
const visit = () => makeEntry("visit_logged", { outcome: "seen", place: "home" }, { clientId: KARI });
const epochs = (server, epoch) => {
  server.epoch = epoch;
};

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  server.pages = [{ changes: [client(1)], cursor: "c1" }];
  await flush();
});

const seenAt = async () => (await readState()).clients.get(KARI).watch.last_seen_at;

test("what went out by the key after the session ended stays on the card until the replica has it", async () => {
  server.session = null;
  const seen = await save(visit());
  const worried = await save(
    makeEntry("concern_raised", { reason: "Svarer ikke", urgency: "now" }, { clientId: KARI, teamId: "t1" }),
  );
  assert.equal((await flush()).kind, "signed_out");
  assert.equal(server.accepted.size, 2);
  for (const again of [false, true]) {
    if (again) forgetMemory();
    const state = await readState();
    assert.notEqual(state.clients.get(KARI).watch.last_seen_at, lastSeen);
    assert.equal(state.entries.get(seen.id).local, null);
    const alert = state.alerts.get(worried.id);
    assert.deepEqual([alert.kind, alert.pending, alert.unsynced], ["concern", false, true]);
    assert.equal(state.outbox.unsent, 0);
  }
  await signIn("alice", "riktig");
  assert.notEqual(await seenAt(), lastSeen, "signed in again, and still there");
  server.pages = [
    {
      changes: [client(2, { watch: { ...watch, last_seen_at: seen.occurred_at } }), down(seen, 3), down(worried, 4)],
      cursor: "c2",
    },
  ];
  await flush();
  const state = await readState();
  assert.deepEqual(
    [state.clients.get(KARI).watch.last_seen_at, state.alerts.has(worried.id), state.entriesOf(KARI).length],
    [seen.occurred_at, false, 2],
  );
});

test("after a sign-out and a new sign-in what was acked is there while the replica is being filled", async () => {
  const seen = await save(visit());
  server.pages = [{ changes: [down(seen, 2)], cursor: "c2" }];
  await flush();
  await signOut();
  assert.equal((await readState()).entries.size, 0);
  await signIn("alice", "riktig");
  server.pages = [{ changes: [client(1)], cursor: "d1", more: true }];
  server.script = [
    (_request, usual) => usual(),
    () => {
      throw new TypeError("cut");
    },
  ];
  await flush();
  const state = await readState();
  assert.deepEqual([state.sync.filling, state.entries.has(seen.id)], [true, true]);
  assert.notEqual(state.clients.get(KARI).watch.last_seen_at, lastSeen);
});

test("another person on the phone sees none of the copies", async () => {
  await save(visit());
  await flush();
  await signOut();
  await signIn("bob", "riktig");
  assert.deepEqual([(await copiesOf(BOB.id)).length, (await readState()).entries.size], [0, 0]);
});

test("a copy is kept seven days after the replica has it, by the server’s time", async () => {
  await save(visit());
  await flush();
  for (const [days, kept] of [
    [0, 1],
    [6.9, 1],
    [7.1, 0],
  ]) {
    server.ahead = days * DAY;
    await flush();
    assert.equal((await copiesOf(ALICE.id)).length, kept, `${days}`);
  }
});

/** Of whoever: not all of them can be read. */
const copiesHeld = () => read(PHONE, ["copies"], (tx) => tx.objectStore("copies").count());

test("a copy of somebody who never syncs here again goes after a month", async () => {
  await save(visit());
  server.online = false;
  await signOut();
  server.online = true;
  await signIn("bob", "riktig");
  await flush();
  for (const [days, kept] of [
    [29, 1],
    [31, 0],
  ]) {
    server.ahead = days * DAY;
    await flush();
    assert.equal(await copiesHeld(), kept, `${days}`);
  }
});

test("a restored server gets back what only the phone has, before the old replica goes", async () => {
  epochs(server, "first");
  await flush();
  const seen = await save(visit());
  server.pages = [
    { changes: [client(2, { watch: { ...watch, last_seen_at: seen.occurred_at } }), down(seen, 3)], cursor: "c3" },
  ];
  await flush();
  // The server is put back to before the visit.
  server.accepted.clear();
  epochs(server, "second");
  const during = [];
  server.script = [
    (_request, usual) => usual(),
    async (_request, usual) => {
      during.push((await readState()).entriesOf(KARI).length);
      return usual();
    },
  ];
  server.pages = [
    { reset: true, cursor: null },
    { changes: [client(1)], cursor: "d1", more: true },
    { changes: [down(seen, 2)], cursor: "d2" },
  ];
  await flush();
  assert.deepEqual([...server.accepted.keys()], [seen.id]);
  assert.deepEqual(during, [1], "shown all along");
  const state = await readState();
  assert.deepEqual([state.entriesOf(KARI).length, state.outbox.unsent, state.clients.size], [1, 0, 1]);
  const before = server.accepted.size;
  const asked = server.syncs().length;
  await flush();
  assert.deepEqual(
    [server.accepted.size, server.syncs().length - asked, server.syncs().at(-1).body.entries.length],
    [before, 1, 0],
  );
});

test("everybody’s copies are offered again, each under their own name", async () => {
  epochs(server, "first");
  await save(visit());
  await flush();
  await signOut();
  await signIn("bob", "riktig");
  await save(visit());
  await flush();
  server.accepted.clear();
  epochs(server, "second");
  server.pages = [{ reset: true, cursor: null }];
  await flush();
  assert.deepEqual([...server.accepted.values()].map((entry) => entry.author_id).sort(), [ALICE.id, BOB.id].sort());
});

test("what is in the replica of the old epoch and not in the new one goes when the new one stands", async () => {
  const old = { kind: "client", id: "gone", seq: 1, data: { name: "Ikke min lenger" } };
  server.pages = [{ changes: [old], cursor: "c2" }];
  await flush();
  server.pages = [
    { reset: true, cursor: null },
    { changes: [client(1)], cursor: "d1", more: true },
  ];
  server.script = [
    (_r, usual) => usual(),
    (_r, usual) => usual(),
    () => {
      throw new TypeError("cut");
    },
  ];
  await flush();
  assert.deepEqual([...(await readState()).clients.keys()].sort(), [KARI, "gone"].sort());
  server.pages = [{ changes: [], cursor: "d2" }];
  await flush();
  for (const again of [false, true]) {
    if (again) forgetMemory();
    assert.deepEqual([...(await readState()).clients.keys()], [KARI]);
  }
});

test("a number the server misses is offered again when it is held, and called lost when nobody holds it", async () => {
  const first = await save(visit());
  await flush();
  server.accepted.clear();
  const waiting = await save(visit());
  server.judge = (entry) => (entry.id === waiting.id ? { verdict: "later" } : null);
  let asked = 0;
  const missing = (request, usual) =>
    usual()
      .json()
      .then((data) =>
        Response.json({
          ...data,
          ...(request.body.lost_seqs ? {} : { missing_seqs: [first.device_seq, waiting.device_seq, 77] }),
        }),
      );
  server.script = Array(10).fill((request, usual) => {
    asked += 1;
    return missing(request, usual);
  });
  await flush();
  assert.ok(server.accepted.has(first.id));
  const told = server
    .syncs()
    .filter((request) => request.body.lost_seqs)
    .map((request) => request.body.lost_seqs);
  assert.deepEqual(told, [[77]]);
  assert.ok(asked <= 3, `${asked}`);
  assert.equal((await counts()).unsent, 1);
});

test("a change that lost to a newer one says so on the entry, and one that holds does not", async () => {
  const update = (fields) => makeEntry("client_updated", { base_seq: 1, fields }, { clientId: KARI });
  const lost = await save(update({ address: "Gamleveien 1", phone: "1" }));
  const holds = await save(update({ name: "Kari N." }));
  server.pages = [
    {
      changes: [client(2, { address: "Nyveien 2", phone: "1", name: "Kari N." }), down(lost, 3), down(holds, 4)],
      cursor: "c2",
    },
  ];
  await flush();
  for (const again of [false, true]) {
    if (again) forgetMemory();
    const { entries } = await readState();
    assert.deepEqual([entries.get(lost.id).lost, entries.get(holds.id).lost], [["address"], undefined]);
  }
  // Somebody changes it later: that is no news about my entry.
  server.pages = [{ changes: [client(5, { address: "Nyveien 2", phone: "1", name: "Kari Nilsen" })], cursor: "c3" }];
  await flush();
  assert.equal((await readState()).entries.get(holds.id).lost, undefined);
});

for (const [type, body, stands, lost] of [
  ["watch_set", { mode: "off", reason: "x" }, { watch }, ["watch"]],
  ["watch_set", { mode: "interval", interval_minutes: 1440, reason: "x" }, { watch }, undefined],
  ["contact_interval_set", { days: 3 }, { contact_interval_days: 7 }, ["contact_interval_days"]],
  ["contact_interval_set", { days: 7 }, { contact_interval_days: 7 }, undefined],
]) {
  test(`${type} ${JSON.stringify(body)} ${lost ? "does not hold" : "holds"}`, async () => {
    const entry = await save(makeEntry(type, body, { clientId: KARI }));
    server.pages = [{ changes: [client(2, stands), down(entry, 3)], cursor: "c2" }];
    await flush();
    assert.deepEqual((await readState()).entries.get(entry.id).lost, lost);
  });
}
