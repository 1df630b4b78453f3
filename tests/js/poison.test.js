/** One entry that the network does not let through never holds up another, and is not tried without end. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, json, KARI, letPass, signIn } from "./_phone.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, held, pending, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { signOut } from "../../fieldapp/static/js/core/session.js";

const MINUTE = 60_000;
const visit = (note) => makeEntry("visit_logged", { outcome: "seen", place: "home", note }, { clientId: KARI });
const html = (status) => new Response("<html>", { status, headers: { "Content-Type": "text/html" } });

/** What a network may do to a request that holds a certain entry. */
const BEHAVIOURS = {
  "413 of a proxy": () => html(413),
  "413 of the server": () => json({ code: "too_large", message: "For mye" }, 413),
  "400 malformed": () => json({ code: "malformed", message: "Nei" }, 400),
  "422 with a field": () => json({ code: "invalid_field", message: "Nei" }, 422),
  "403 of a filter": () => html(403),
  "403 with a code": () => json({ code: "blocked", message: "Nei" }, 403),
  "404 of a filter": () => html(404),
  500: () => html(500),
  "502 of a gateway": () => html(502),
  "503 that asks for a pause": () => json({ code: "unavailable", message: "Nede" }, 503, { "Retry-After": "20" }),
  "429 that asks for a pause": () => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "20" }),
  "a page that says 200": () => html(200),
  "a line that is cut": () => {
    throw new TypeError("cut");
  },
};

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

/** The network does this to every request that holds one of these notes. */
function refuse(notes, behaviour) {
  const always = (request, usual) =>
    request.body.entries.some(({ body }) => notes.has(body.note)) ? behaviour() : usual();
  server.script = { length: 1, shift: () => always };
}

/** As the page does: the timer asks every five seconds, and the flush says when it must wait. Ends early when `done`. */
async function pages(ms, done = async () => false) {
  for (let spent = 0; spent < ms && !(await done()); spent += 5_000) {
    const before = elapsed.now();
    await flush("timer");
    letPass(Math.max(0, 5_000 - (elapsed.now() - before)));
  }
}

for (const [name, behaviour] of Object.entries(BEHAVIOURS)) {
  test(`${name}: the others go, a later one too, and requests are few`, async () => {
    for (let i = 0; i < 12; i += 1) await save(visit(`nr ${i}`));
    refuse(new Set(["nr 4"]), behaviour);
    await pages(MINUTE, async () => server.accepted.size === 11);
    assert.equal(server.accepted.size, 11);
    await save(visit("senere"));
    await pages(20_000, async () => server.accepted.size === 12);
    assert.equal(server.accepted.size, 12, "the later one goes within twenty seconds");
    const before = server.requests.length;
    await pages(5 * MINUTE);
    const requests = server.requests.length - before;
    assert.ok(requests < 5 * 14, `${requests} requests in five minutes`); // an empty one every five seconds is this test’s own timer
    assert.deepEqual(await counts(ALICE.id), { pending: 1, held: 0, others: 0, unsent: 1 });
    server.script = [];
    await flush("user");
    assert.deepEqual([server.accepted.size, (await counts()).unsent], [13, 0]);
  });
}

test("with something new coming down in the same pass a refused entry is tried once, not without end", async () => {
  await save(visit("gift"));
  refuse(new Set(["gift"]), () => html(413));
  server.pages = Array.from({ length: 400 }, (_, i) => ({
    changes: [{ kind: "client", id: KARI, seq: i + 1, data: { name: "Kari" } }],
    cursor: `c${i}`,
  }));
  await flush();
  const holding = server.syncs().filter((request) => request.body.entries.length);
  assert.equal(holding.length, 1);
  assert.ok(server.syncs().length <= 3, `${server.syncs().length} requests`);
});

test("a refused entry is tried again after growing waits, by elapsed time", async () => {
  await save(visit("gift"));
  refuse(new Set(["gift"]), () => html(413));
  const start = elapsed.now();
  const tries = [];
  for (let seen = 0; elapsed.now() - start < 130 * MINUTE; letPass(5_000)) {
    await flush("timer");
    const holding = server.syncs().filter((request) => request.body.entries.length).length;
    if (holding > seen) tries.push(Math.round((elapsed.now() - start) / 1000));
    seen = holding;
  }
  const waits = tries.slice(1).map((at, i) => at - tries[i]);
  const growing = [5, 15, 60, 300, 900, 3600]; // and what the five seconds between two looks add
  assert.deepEqual(
    waits.map((wait, i) => wait >= growing[i] - 1 && wait <= growing[i] + 10),
    growing.map(() => true),
    String(waits),
  );
});

test("thirty refused and thirty good, alternating: a few requests a second, and all good ones go", async () => {
  const bad = new Set();
  for (let i = 0; i < 60; i += 1) {
    await save(visit(`nr ${i}`));
    if (i % 2) bad.add(`nr ${i}`);
  }
  refuse(bad, () => html(413));
  const at = [];
  const usual = globalThis.fetch;
  globalThis.fetch = (path, init) => {
    if (path === "/api/sync") at.push(elapsed.now());
    return usual(path, init);
  };
  await pages(5 * MINUTE, async () => server.accepted.size === 30);
  assert.equal(server.accepted.size, 30);
  const busiest = Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + 10_000).length));
  assert.ok(busiest <= 60, `${busiest} requests in ten seconds`);
});

test("the outbox lock is let go between turns, and what is saved meanwhile goes first", async () => {
  for (let i = 0; i < 16; i += 1) await save(visit(`nr ${i}`));
  refuse(new Set(Array.from({ length: 16 }, (_, i) => `nr ${i}`)), () => html(413));
  let held_ = 0;
  elapsed.pause = async (ms) => {
    letPass(ms);
    held_ += 1;
    if (held_ === 1) await save(visit("ny"));
  };
  await flush();
  assert.ok(held_ > 3);
  const holding = server.syncs().map((request) => request.body.entries.map((entry) => entry.body.note));
  assert.ok(holding.findIndex((notes) => notes.includes("ny")) <= 3, JSON.stringify(holding.slice(0, 5)));
});

test("a server that is down refuses nobody: nothing is set aside, and the entry goes at the next try", async () => {
  await save(visit("a"));
  server.script = Array(6).fill(() => html(502));
  for (let i = 0; i < 6; i += 1) await flush();
  assert.deepEqual(await held(ALICE.id), []);
  await flush();
  assert.equal(server.accepted.size, 1);
});

test("what does not get through is named with its cause, and counts as unsent for the leader", async () => {
  await save(visit("gift"));
  await save(visit("god"));
  refuse(new Set(["gift"]), () => html(413));
  await flush();
  assert.deepEqual(
    (await held(ALICE.id)).map((row) => [row.entry.body.note, row.code, row.state, row.mendable]),
    [["gift", "too_large", "pending", false]],
  );
  assert.equal(server.syncs().at(-1).body.unsent_after, 1);
  assert.deepEqual((await pending(ALICE.id)).length, 1);
  const state = await readState();
  assert.equal([...state.entries.values()].find((entry) => entry.body.note === "gift").local, "pending");
});

test("another author’s poison on a shared phone holds nobody up", async () => {
  await save(visit("Alices gift"));
  server.online = false;
  await signOut();
  server.online = true;
  await signIn("bob", "riktig");
  await save(visit("Bobs"));
  refuse(new Set(["Alices gift"]), () => html(403));
  await pages(MINUTE);
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.author_id),
    [BOB.id],
  );
});

test("a new start tries a refused entry at once", async () => {
  await save(visit("gift"));
  refuse(new Set(["gift"]), () => html(413));
  await flush();
  server.script = [];
  forgetMemory();
  await flush();
  assert.equal(server.accepted.size, 1);
});

test("a server that says more without end is not asked without end", async () => {
  server.pages = Array.from({ length: 500 }, () => ({ changes: [], cursor: "c0", more: true }));
  await flush();
  assert.ok(server.syncs().length <= 3, `${server.syncs().length}`);
});

/** Random networks: for each entry one behaviour or none, some only the first times. */
for (let seed = 1; seed <= 12; seed += 1) {
  test(`any behaviour for each entry delivers every good one (seed ${seed})`, async () => {
    let state = seed * 7919;
    const random = (n) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor((state / 2147483648) * n);
    };
    const all = Object.values(BEHAVIOURS);
    const many = 1 + random(30);
    const does = new Map();
    for (let i = 0; i < many; i += 1) {
      await save(visit(`nr ${i}`));
      if (random(3) === 0)
        does.set(`nr ${i}`, { behaviour: all[random(all.length)], times: random(4) === 0 ? 1 + random(3) : Infinity });
    }
    const act = (request, usual) => {
      const culprit = request.body.entries.map(({ body }) => does.get(body.note)).find((one) => one && one.times > 0);
      if (!culprit) return usual();
      culprit.times -= 1;
      return culprit.behaviour();
    };
    server.script = { length: 1, shift: () => act };
    const good = many - [...does.values()].filter((one) => one.times === Infinity).length;
    const start = elapsed.now();
    await pages(30 * MINUTE, async () => server.accepted.size >= good);
    assert.ok(
      server.accepted.size >= good,
      `${server.accepted.size} of ${good} after ${Math.round((elapsed.now() - start) / 1000)} s`,
    );
    assert.equal((await counts()).unsent, many - server.accepted.size);
    const minutes = Math.max(1, (elapsed.now() - start) / MINUTE);
    assert.ok(server.requests.length / minutes < 240, `${server.requests.length} requests in ${minutes} minutes`);
  });
}
