/** Which pages count as having a client open, and from when until when, as the person moves about. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { stored } from "./_storage.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { clientOn, mountOpened } from "../../fieldapp/static/js/ui/opened.js";

const OLA = "0c000000-0000-7000-8000-00000000000d";
const by = (...rows) => new Map(rows.map((row) => [row.id, row]));
const state = {
  me: ALICE,
  clients: by({ id: KARI, name: "Kari" }, { id: OLA, name: "Ola" }),
  cases: by({ id: "case", client_id: KARI }, { id: "nobody’s", client_id: null }),
  entries: by({ id: "note", client_id: KARI, body: {} }),
  alerts: by(
    { id: "unseen", kind: "not_seen", client_id: KARI },
    { id: "help", kind: "staff_help", subject_id: "visit-1" },
    { id: "overdue", kind: "staff_overdue", subject_id: "visit", client_id: null },
  ),
  visits: by({ id: "visit", client_id: OLA, staff_id: ALICE.id }),
  staff: new Map(),
};
const at = (name, id) => ({ name, id });

test("the card, a case, a note and an alert are about their client; nothing else is", () => {
  const shown = [at("client", KARI), at("case", "case"), at("alert", "unseen"), at("entry", "note")];
  assert.deepEqual(
    shown.map((screen) => clientOn(state, screen)),
    [KARI, KARI, KARI, KARI],
  );
  const nobody = [at("today"), at("clients"), at("log"), at("case", "nobody’s"), at("alert", "help"), at("more")];
  for (const screen of nobody) assert.equal(clientOn(state, screen), null, screen.name);
});

test("an alert about a colleague on a visit shows whom the visit is to", () => {
  assert.equal(clientOn(state, at("alert", "overdue")), OLA);
});

test("what is not on the phone, and a locked phone, show nobody", () => {
  for (const name of ["client", "case", "alert", "entry"]) assert.equal(clientOn(state, at(name, "gone")), null);
  assert.equal(clientOn({ ...state, me: null }, at("client", KARI)), null);
  assert.equal(clientOn(undefined, at("client", KARI)), null);
});

let clock = 0;
/** Time that passes only here: a slow machine adds none. */
const letPass = (ms) => {
  clock += ms;
};
let server;
let page;
let window;
let follow;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  page = globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  window = new EventTarget();
  globalThis.addEventListener = window.addEventListener.bind(window);
  elapsed.now = () => clock;
  follow = mountOpened();
});

/** [client, how long in seconds, is it over] of each report on the phone. */
async function noted() {
  const rows = (await stored()).sett.views;
  return Promise.all(
    rows.map(async (row) => {
      const [{ client_id: id, from_at: from, to_at: to }] = (await server.sealing.open(row, "sett views 1")).views;
      return [id, Math.round((Date.parse(to) - Date.parse(from)) / 1000), !row.not_before];
    }),
  );
}

/** Reports are written behind the person's back: look until it is so. */
async function becomes(expected) {
  const end = performance.now() + 20_000;
  const sorted = (/** @type {any[]} */ rows) => rows.map((row) => row.join(" ")).sort(); // ids of one millisecond have no order
  while (sorted(await noted()).join() !== sorted(expected).join() && performance.now() < end);
  assert.deepEqual(sorted(await noted()), sorted(expected));
}

test("from the card to its note and case is one time; the next client is another", async () => {
  follow(state, at("client", KARI));
  letPass(10_000);
  for (const screen of [at("entry", "note"), at("client", KARI), at("case", "case")]) follow(state, screen);
  letPass(10_000);
  follow(state, at("client", OLA));
  await becomes([
    [KARI, 20, true],
    [OLA, 0, false],
  ]);
  letPass(3_000);
  follow(state, at("today"));
  await becomes([
    [KARI, 20, true],
    [OLA, 3, true],
  ]);
});

test("locked, hidden or put away, the time is over; taken up again it is another", async () => {
  const hide = (value) => {
    page.visibilityState = value;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const ends = [
    () => follow({ ...state, me: null }, at("client", KARI)),
    () => hide("hidden"),
    () => window.dispatchEvent(new Event("pagehide")),
  ];
  for (const end of ends) {
    follow(state, at("client", KARI));
    letPass(5_000);
    end();
    follow(page.visibilityState === "hidden" ? state : { ...state, me: null }, at("client", KARI));
    hide("visible");
  }
  await becomes(Array(3).fill([KARI, 5, true]));
});

test("a client that stands there for long is told of every few minutes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  follow(state, at("client", KARI));
  letPass(180_000);
  t.mock.timers.tick(180_000);
  letPass(4_000);
  follow(state, at("today"));
  t.mock.timers.reset();
  await becomes([
    [KARI, 180, true],
    [KARI, 4, true],
  ]);
});
