/** What is corrected or taken back on the phone shows at once, beside what was there before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, WATCH, about, ago, client, corrects, fix, given, kari, near, seenEntry, visit } from "./_fold.js";
import { ALICE, KARI } from "./_phone.js";
import { undoOf } from "../../fieldapp/static/js/core/send/envelope.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";

test("an Angre takes back a waiting visit as if it had never been", async () => {
  await given(client());
  const entry = await about("visit_logged", { outcome: "seen" });
  await save(undoOf(entry));
  const state = await readState();
  assert.equal(state.clients.get(KARI).watch.last_seen_at, WATCH.last_seen_at);
  assert.ok(state.retracted.has(entry.id));
});

test("an Angre of a visit the server has moves the clock back to the contact before it", async () => {
  const seen = (id, at, seq) => ({
    kind: "entry",
    id,
    seq,
    data: {
      id,
      type: "visit_logged",
      client_id: KARI,
      author_id: ALICE.id,
      occurred_at: at,
      corrected_at: at,
      body: { outcome: "seen" },
    },
  });
  await given(client({ last_seen_at: ago(0.1) }), seen("e1", ago(20), 3), seen("e2", ago(0.1), 4));
  await save(undoOf({ id: "e2", client_id: KARI }));
  const { watch } = await kari();
  near(watch.last_seen_at, Date.now() - 20 * HOUR);
  near(watch.due_at, Date.now() + 4 * HOUR);
});

test("a new text shows at once, field by field, and moves the clock", async () => {
  await given(
    client({ last_seen_at: ago(0.1) }),
    visit("e1", 20, 3),
    visit("e2", 0.1, 4, { outcome: "seen", note: "traff", place: "home" }),
  );
  await fix({ entry_id: "e2", body: { outcome: "no_answer" } });
  await fix({ entry_id: "e2", body: { note: null } });
  const state = await readState();
  assert.deepEqual(state.entries.get("e2").amended_body, { outcome: "no_answer", note: null, place: "home" });
  near(state.clients.get(KARI).watch.last_seen_at, Date.now() - 20 * HOUR);
  await fix({ entry_id: "e2", body: { outcome: "seen" } });
  near((await kari()).watch.last_seen_at, Date.now() - 0.1 * HOUR);
});

test("a new time moves the entry and the clock, never past when it was received", async () => {
  await given(client({ last_seen_at: ago(2) }), visit("e1", 20, 3), visit("e2", 2, 4));
  await fix({ entry_id: "e2", occurred_at: ago(30) });
  near((await readState()).entriesOf(KARI).find((one) => one.id === "e2").amended_at, Date.now() - 30 * HOUR);
  near((await kari()).watch.last_seen_at, Date.now() - 20 * HOUR);
  await fix({ entry_id: "e2", occurred_at: ago(-5) });
  near((await kari()).watch.last_seen_at, Date.now() - 2 * HOUR);
});

test("a waiting entry is folded in as its corrections make it", async () => {
  await given(client());
  const entry = await about("visit_logged", { outcome: "seen" });
  await fix({ entry_id: entry.id, body: { outcome: "no_answer" } });
  assert.equal((await kari()).watch.last_seen_at, WATCH.last_seen_at);
});

test("a contact moved to the right client stands there, and moves both clocks", async () => {
  const even = client({ last_seen_at: ago(40) });
  await given(
    client({ last_seen_at: ago(2) }),
    { ...even, id: "c2", data: { ...even.data, id: "c2" } },
    visit("e1", 20, 3),
    visit("e2", 2, 4),
  );
  await about("entry_corrected", { entry_id: "e2", what: "wrong_client", reason: "feil", to_client_id: "c2" });
  const state = await readState();
  assert.deepEqual([state.entries.get("e2").client_id, state.retracted.has("e2")], ["c2", false]);
  near(state.clients.get(KARI).watch.last_seen_at, Date.now() - 20 * HOUR);
  near(state.clients.get("c2").watch.last_seen_at, Date.now() - 2 * HOUR);
});

test("an entry the server has struck is in the list of those taken back", async () => {
  await given(client(), {
    kind: "entry",
    id: "e1",
    seq: 3,
    data: { id: "e1", type: "visit_logged", client_id: KARI, occurred_at: ago(1), body: {}, struck_by: "x" },
  });
  assert.ok((await readState()).retracted.has("e1"));
});

test("a corrected text reads so at once, field by field, with what was there beside it", async () => {
  await given(client(), seenEntry("e1", ago(3), 3, { outcome: "seen", place: "home", note: "Hund", agreed: "fredag" }));
  await corrects("e1", { note: "Katt" });
  await corrects("e1", { agreed: null });
  const one = (await readState()).entries.get("e1");
  assert.deepEqual(one.amended_body, { outcome: "seen", place: "home", note: "Katt", agreed: null });
  assert.deepEqual(one.body.note, "Hund");
});

test("a visit corrected to nobody met moves the clock back, and one corrected to met moves it on", async () => {
  await given(
    client({ last_seen_at: ago(1), due_at: ago(-23) }),
    seenEntry("e1", ago(20), 3),
    seenEntry("e2", ago(1), 4),
  );
  await corrects("e2", { outcome: "not_home" });
  near((await kari()).watch.last_seen_at, Date.now() - 20 * HOUR);
  near((await kari()).watch.due_at, Date.now() + 4 * HOUR);
  await corrects("e2", { outcome: "seen" });
  near((await kari()).watch.last_seen_at, Date.now() - HOUR);
});

test("a corrected time moves the entry and the clock", async () => {
  await given(client({ last_seen_at: ago(1), due_at: ago(-23) }), seenEntry("e2", ago(1), 4));
  await corrects("e2", undefined, { occurred_at: ago(5) });
  near((await kari()).watch.last_seen_at, Date.now() - 5 * HOUR);
});

test("a visit corrected before it is sent counts as corrected", async () => {
  await given(client());
  const entry = await about("visit_logged", { outcome: "seen", place: "home" });
  const fix = await corrects(entry.id, { outcome: "no_answer" });
  assert.equal((await kari()).watch.last_seen_at, WATCH.last_seen_at);
  await save(undoOf(fix));
  near((await kari()).watch.last_seen_at, Date.now());
});

test("a text correction shows at once, and a crisis takes the kind chosen last", async () => {
  await given(client());
  const opened = await about("crisis_opened", { kind: "other", called_by: "Nabo" }, { caseId: "k1" });
  for (const kind of ["psychosis", "overdose"])
    await about("entry_corrected", { entry_id: opened.id, what: "text", reason: "art valgt", body: { kind } });
  const state = await readState();
  assert.deepEqual(state.entries.get(opened.id).amended_body, { kind: "overdose", called_by: "Nabo" });
  assert.equal(state.cases.get("k1").facts.kind, "overdose");
});

test("a correction of an entry the server has shows too, over what the server has amended", async () => {
  const raised = {
    id: "e1",
    type: "concern_raised",
    client_id: KARI,
    body: { urgency: "now" },
    amended_body: { urgency: "now", note: "x" },
    author_id: ALICE,
    occurred_at: ago(1),
    corrected_at: ago(1),
  };
  await given(client(), { kind: "entry", id: "e1", seq: 3, data: raised });
  await about("entry_corrected", { entry_id: "e1", what: "text", reason: "ord lagt til", body: { reason: "Roper" } });
  assert.deepEqual((await readState()).entries.get("e1").amended_body, { urgency: "now", note: "x", reason: "Roper" });
});
