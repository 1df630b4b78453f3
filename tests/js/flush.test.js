/** What goes up, in what order, and what happens when the network, the server or the session fails. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, json, KARI, signIn } from "./_phone.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush, onFlush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, held, pending, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { confirmSession, me, signOut } from "../../fieldapp/static/js/core/session.js";

const visit = (note = "x", around = {}) =>
  makeEntry("visit_logged", { outcome: "seen", place: "home", note }, { clientId: KARI, ...around });
const saveMany = async (many, note) => {
  for (let i = 0; i < many; i += 1) await save(visit(note ?? `nr ${i}`));
};
const sizes = (server) => server.syncs().map((request) => request.body.entries.length);
const unsent = async () => (await counts()).unsent;

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

test("entries go up oldest first, at most a hundred at a time, and leave the outbox when accepted", async () => {
  await saveMany(130);
  assert.equal((await flush()).kind, "ok");
  assert.deepEqual(sizes(server), [100, 30]);
  const seqs = server.syncs().flatMap((request) => request.body.entries.map((entry) => entry.device_seq));
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
  assert.equal(await unsent(), 0);
});

test("no request is larger than 256 KiB", async () => {
  await saveMany(40, "å".repeat(10_000));
  await flush();
  assert.ok(server.syncs().length > 1 && server.syncs().every((request) => request.bytes <= 256 * 1024));
  assert.equal(await unsent(), 0);
});

test("unsent_after tells how many the phone still holds after the request, everybody’s", async () => {
  await saveMany(130);
  await flush();
  assert.deepEqual(
    server.syncs().map((request) => request.body.unsent_after),
    [30, 0],
  );
});

test("413 halves the batch and goes on until everything is through", async () => {
  await saveMany(40);
  const narrow = (request, usual) =>
    request.body.entries.length > 5 ? new Response("<html>", { status: 413 }) : usual();
  server.script = Array(20).fill(narrow);
  assert.equal((await flush()).kind, "ok");
  assert.equal(await unsent(), 0);
  assert.deepEqual(sizes(server).slice(0, 4), [40, 20, 10, 5]);
});

test("one entry that a proxy will not let through is put aside, and the others go on", async () => {
  await saveMany(8);
  const [, , third] = await pending(ALICE.id);
  const jams = (request, usual) =>
    request.body.entries.some((entry) => entry.id === third.id) ? new Response("", { status: 413 }) : usual();
  server.script = Array(40).fill(jams);
  await flush();
  assert.equal(server.accepted.size, 7);
  assert.deepEqual(
    (await held(ALICE.id)).map((row) => [row.id, row.code]),
    [[third.id, "too_large"]],
  );
});

test("one entry that makes the whole request malformed is found, and the others go on", async () => {
  await saveMany(9);
  const bad = (await pending(ALICE.id))[4].id;
  const picky = (request, usual) =>
    request.body.entries.some((entry) => entry.id === bad) ? json({ code: "malformed", message: "Nei" }, 400) : usual();
  server.script = Array(40).fill(picky);
  await flush();
  assert.equal(server.accepted.size, 8);
  assert.deepEqual(
    (await held(ALICE.id)).map((row) => row.code),
    ["malformed"],
  );
});

test("an answer lost after the commit ends as a duplicate: one row on the server, none on the phone", async () => {
  await saveMany(3);
  server.script = [
    (_request, usual) => {
      usual();
      throw new TypeError("cut");
    },
  ];
  assert.equal((await flush()).kind, "network");
  assert.equal(await unsent(), 3);
  assert.equal((await flush()).kind, "ok");
  assert.deepEqual([server.accepted.size, await unsent()], [3, 0]);
});

const failures = {
  "a captive portal that answers 200 with a page": () =>
    new Response("<html>Logg på", { status: 200, headers: { "Content-Type": "text/html" } }),
  "somebody else’s JSON": () => json({ ok: true, results: [] }),
  "a server error": () => json({ code: "unavailable", message: "Nede" }, 503),
  "a page of an unknown proxy": () => new Response("nope", { status: 407 }),
  "our address leading to another server’s 401": () => new Response("<html>", { status: 401 }),
  "a lost network": () => {
    throw new TypeError("gone");
  },
};
for (const [name, answer] of Object.entries(failures)) {
  test(`${name} is never an ack: everything stays`, async () => {
    await saveMany(2);
    server.script = [answer];
    const outcome = await flush();
    assert.ok(["not_ours", "unavailable", "network"].includes(outcome.kind), outcome.kind);
    assert.equal(await unsent(), 2);
    assert.equal((await readState()).sync.signedOut, false);
    assert.equal((await flush()).kind, "ok");
    assert.equal(await unsent(), 0);
  });
}

test("an answer that lacks an entry’s verdict leaves that entry, and does not ask for ever", async () => {
  await saveMany(3);
  const forgetful = async (request, usual) => {
    const data = await usual().json();
    return json({ ...data, results: data.results.slice(0, 2) });
  };
  server.script = [forgetful];
  await flush();
  assert.equal(await unsent(), 1);
  assert.equal(server.syncs().length, 1);
});

test("a request that never ends is given up, and the next one is smaller", async (t) => {
  await saveMany(8);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const usual = globalThis.fetch;
  let sent;
  const asked = new Promise((resolve) => {
    sent = resolve;
  });
  globalThis.fetch = (path, init) =>
    new Promise((_resolve, reject) => {
      if (path !== "/api/sync") return _resolve(usual(path, init));
      init.signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      return sent();
    });
  const outcome = flush();
  await asked;
  t.mock.timers.tick(17_000); // 15 s, and what a slow network takes for the body
  assert.equal((await outcome).kind, "timeout");
  t.mock.timers.reset();
  globalThis.fetch = usual;
  await flush();
  assert.deepEqual([sizes(server)[0], await unsent()], [4, 0]);
});

test("429 is waited out, and the timer waits longer after failures", async () => {
  await saveMany(1);
  server.script = [() => json({ code: "slow_down", message: "Vent" }, 429, { "Retry-After": "60" })];
  assert.equal((await flush()).kind, "slow_down");
  assert.equal((await flush()).kind, "slow_down");
  assert.equal(server.syncs().length, 1);
  forgetMemory();
  server.script = [() => json({ code: "unavailable", message: "Nede" }, 503)];
  await flush();
  assert.equal((await flush("timer")).kind, "slow_down");
  assert.equal((await flush("online")).kind, "ok");
});

test("an unknown protocol asks for an update and keeps everything", async () => {
  await saveMany(1);
  server.script = [() => json({ code: "protocol_unsupported", message: "Oppdater", min: 2, max: 3 }, 409)];
  assert.equal((await flush()).kind, "update");
  assert.equal(await unsent(), 1);
  assert.equal((await readState()).sync.lastOutcome, "update");
});

test("a lapsed session keeps everything and says so, and the entries go out as they are", async () => {
  await flush();
  server.session = null;
  await saveMany(2);
  assert.equal((await flush()).kind, "signed_out");
  assert.deepEqual([await unsent(), server.accepted.size], [0, 2]);
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => [entry.author_id, entry.author_key]),
    Array(2).fill([ALICE.id, "key-of-Alice"]),
  );
  const state = await readState();
  assert.deepEqual([state.me.name, state.sync.signedOut], ["Alice", true]);
});

test("without session and without key everything waits for the next sign-in", async () => {
  server.session = null;
  server.keys.set(ALICE.id, "another key");
  await saveMany(2);
  await flush();
  assert.equal(server.accepted.size, 0);
  await signIn("alice", "riktig");
  await flush("session");
  assert.equal(server.accepted.size, 2);
});

test("on a shared phone one person’s entries go out under their own name while another is signed in", async () => {
  await saveMany(2);
  server.online = false;
  await signOut();
  server.online = true;
  await signIn("bob", "riktig");
  await save(visit("Bobs"));
  await flush();
  const authors = [...server.accepted.values()].map((entry) => entry.author_id);
  assert.deepEqual(authors.sort(), [ALICE.id, ALICE.id, BOB.id]);
  for (const request of server.syncs()) {
    const foreign = request.body.entries.some(({ id }) => server.accepted.get(id).author_id !== BOB.id);
    assert.equal(request.cookie, !foreign);
  }
  assert.equal(await unsent(), 0);
});

test("after sign-out entries still go out by the key, and the owed sign-out reaches the server", async () => {
  await saveMany(1);
  server.online = false;
  assert.deepEqual(await signOut(), { kept: 1 });
  assert.equal(await me(), null);
  server.online = true;
  await flush();
  assert.equal(server.accepted.size, 1);
  assert.equal(server.session, null);
});

test("entries are never sent as somebody else, though the cookie has changed hands", async () => {
  await saveMany(1);
  await flush();
  await save(visit("Alices"));
  server.session = BOB;
  await flush();
  assert.deepEqual(
    [...server.accepted.values()].map((entry) => entry.author_id),
    [ALICE.id, ALICE.id],
  );
});

test("a replica is never begun with another person’s session, and who uses the phone stays who they are", async () => {
  server.session = BOB;
  server.pages = [{ changes: [{ kind: "client", id: KARI, seq: 1, data: { name: "Bobs bruker" } }] }];
  await flush();
  assert.equal((await readState()).clients.size, 0);
  assert.equal((await confirmSession()).kind, "signed_out");
  assert.equal((await me()).name, "Alice");
  await flush();
  assert.deepEqual([(await readState()).clients.size, (await readState()).sync.signedOut], [0, true]);
});

test("what is saved during a flush goes up in a following round", async () => {
  await saveMany(1);
  let later;
  server.script = [
    async (_request, usual) => {
      await save(visit("underveis"));
      later = flush("save");
      return usual();
    },
  ];
  await Promise.all([flush(), later]);
  await later;
  assert.deepEqual([server.accepted.size, await unsent()], [2, 0]);
});

test("an unknown reference is offered again after a sync that brought changes, until verdicts stop changing", async () => {
  const order = [];
  let known = false;
  server.judge = (entry) => {
    order.push(entry.body.note);
    if (entry.body.note === "sist" && !known) return { verdict: "rejected", code: "unknown_reference" };
    return null;
  };
  await save(visit("sist"));
  await flush();
  assert.deepEqual(
    (await held(ALICE.id)).map((row) => row.code),
    ["unknown_reference"],
  );
  await flush();
  assert.equal(order.length, 1, "nothing came down, so nothing is offered again");
  known = true;
  server.pages = [{ changes: [{ kind: "client", id: KARI, seq: 5, data: { name: "Kari" } }] }];
  await flush();
  assert.deepEqual([order.length, (await held(ALICE.id)).length], [2, 0]);
});

test("what was rejected for good is not offered again", async () => {
  let judged = 0;
  server.judge = () => {
    judged += 1;
    return { verdict: "rejected", code: "not_permitted" };
  };
  await saveMany(1);
  server.pages = [
    { changes: [{ kind: "team", id: "t1", seq: 1, data: {} }] },
    { changes: [{ kind: "team", id: "t1", seq: 2, data: {} }] },
  ];
  await flush();
  await flush();
  assert.equal(judged, 1);
});

test("what was deferred is offered again after an app update", async () => {
  server.judge = () => ({ verdict: "deferred", code: "unknown_type" });
  await saveMany(1);
  await flush();
  server.judge = () => null;
  await flush();
  assert.equal(server.accepted.size, 0);
  await flush("app_updated");
  assert.equal(server.accepted.size, 1);
});

test("60 entries of a week go up once each after the app is killed between answer and settling", async () => {
  await saveMany(60);
  server.script = [
    (_request, usual) => {
      usual();
      throw new TypeError("killed");
    },
    (_request, usual) => {
      usual();
      throw new TypeError("killed");
    },
  ];
  await flush();
  forgetMemory();
  await flush();
  forgetMemory();
  await flush();
  assert.deepEqual([server.accepted.size, await unsent()], [60, 0]);
});

for (const reason of ["user", "timer"]) {
  test(`network that comes back while a round of the ${reason} is failing is used at once`, async () => {
    await saveMany(1);
    server.script = [
      () => {
        flush("online");
        throw new TypeError("no network");
      },
    ];
    assert.equal((await flush(reason)).kind, "ok");
    assert.deepEqual([server.syncs().length, await unsent()], [3, 0]);
    assert.deepEqual(
      server.syncs().map(({ body }) => [body.entries.length, body.pull ?? true]),
      [
        [1, true],
        [1, false],
        [0, true],
      ],
      "what failed goes alone",
    );
  });
}

test("a save while a round is failing does not ask again at once", async () => {
  await saveMany(1);
  server.script = [
    () => {
      flush("save");
      throw new TypeError("no network");
    },
  ];
  assert.equal((await flush()).kind, "network");
  assert.equal(server.syncs().length, 1);
});

test("a save in the very moment a flush ends is sent too", async () => {
  await saveMany(1);
  const second = new Promise((resolve) => {
    const stop = onFlush(({ phase }) => {
      if (phase !== "end") return;
      stop();
      resolve(save(visit("i siste liten")).then(() => flush("save")));
    });
  });
  await flush();
  await second;
  assert.equal(server.accepted.size, 2);
});
