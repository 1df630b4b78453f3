/** Clients that are one: the duplicate is no row of its own, and whatever names it leads to the one that stands. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { search } from "../../fieldapp/static/js/core/replica/search.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { stubsOf } from "../../fieldapp/static/js/core/chunks.js";

const KARIN = "01934f00-0000-7000-8000-0000000000aa";
const change = (kind, id, seq, data) => ({ kind, id, seq, data: { id, ...data } });
const kari = change("client", KARI, 1, { name: "Kari Nordmann", team_ids: ["t1"] });
const karin = change("client", KARIN, 2, { name: "Karin N", team_ids: ["t1"] });
const visit = (seq, clientId) =>
  change("entry", "e1", seq, {
    type: "visit_logged",
    client_id: clientId,
    occurred_at: new Date().toISOString(),
    body: { outcome: "seen" },
    author_id: ALICE.id,
  });

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  server.pages = [{ changes: [kari, karin, visit(3, KARIN)], cursor: "c1" }];
  await flush();
});

async function merged() {
  server.pages = [{ changes: [change("client", KARIN, 4, { merged_into: KARI }), visit(5, KARI)], cursor: "c2" }];
  await flush();
  return readState();
}

test("a duplicate is no row of its own, in no list and no search", async () => {
  const state = await merged();
  assert.deepEqual([...state.clients.keys()], [KARI]);
  assert.equal(state.clients.size, 1);
  assert.deepEqual(
    search(state.clients.values(), "kari").map((client) => client.name),
    ["Kari Nordmann"],
  );
});

test("an old link leads to the one that stands, with everything of both", async () => {
  const state = await merged();
  assert.equal(state.clients.has(KARIN), true);
  assert.equal(state.clients.get(KARIN).name, "Kari Nordmann");
  assert.deepEqual(
    [KARIN, KARI].map((id) => state.entriesOf(id).length),
    [1, 1],
  );
});

test("what waits about the duplicate is kept, and shown under the one that stands", async () => {
  await merged();
  const waiting = await save(makeEntry("visit_logged", { outcome: "heard", place: "home" }, { clientId: KARIN }));
  const state = await readState();
  const shown = state.entriesOf(KARI).find((entry) => entry.id === waiting.id);
  assert.deepEqual([shown?.client_id, shown?.local], [KARI, "pending"]);
  assert.equal(state.entriesOf(KARI).length, 2);
});

test("taken apart, each is a row again", async () => {
  await merged();
  server.pages = [
    { changes: [change("client", KARIN, 6, { name: "Karin N", team_ids: ["t1"] }), visit(7, KARIN)], cursor: "c3" },
  ];
  await flush();
  const state = await readState();
  assert.deepEqual(new Set(state.clients.keys()), new Set([KARI, KARIN]));
  assert.deepEqual(
    [KARIN, KARI].map((id) => state.entriesOf(id).length),
    [1, 0],
  );
});

test("of a duplicate no short name stays for later", () => {
  const rows = new Map([
    [KARI, kari],
    [KARIN, change("client", KARIN, 4, { merged_into: KARI })],
  ]);
  assert.deepEqual(
    stubsOf(rows).map((stub) => stub.id),
    [KARI],
  );
});
