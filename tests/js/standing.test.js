/** What stands until a newer entry or an ending, as the phone shows it before the server has answered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { vectors } from "./_vectors.js";
import { ME, MONA, NOW, entry } from "./_state.js";
import { fold } from "../../fieldapp/static/js/core/replica/fold/index.js";
import { overlayOn } from "../../fieldapp/static/js/core/replica/overlay.js";
import { standingVersions } from "../../fieldapp/static/js/core/replica/versions.js";

for (const { name, versions, stand } of vectors("versions").cases) {
  test(`which versions stand: ${name}`, () =>
    assert.deepEqual(
      standingVersions(versions).map((one) => one.id),
      stand,
    ));
}

const waiting = (id, type, hours, body, more = {}) =>
  entry(id, "c", type, hours, body, { local: "pending", author_id: ME, ...more });

function folded(entries, there = {}) {
  const tables = new Map(
    Object.entries(there).map(([kind, rows]) => [kind, new Map(rows.map((one) => [one.id, one]))]),
  );
  const over = overlayOn(tables);
  for (const one of entries) over.put("entry", one.id, one);
  fold(over, entries, new Set(), NOW);
  return (kind) => [...over.table(kind).values()];
}

const RISK = { risk_id: "r", advice: ["dog"], reason: "Hunden biter", review_on: "2027-01-01" };

test("a risk stands at once, is changed by a review, and goes when it ends", () => {
  const noted = waiting("e1", "risk_noted", 3, RISK);
  const [risk] = folded([noted])("risk");
  assert.deepEqual([risk.id, risk.advice, risk.client_id, risk.author_id, risk.pending], ["r", ["dog"], "c", ME, true]);
  const changed = waiting("e2", "risk_reviewed", 2, {
    risk_id: "r",
    outcome: "changed",
    advice: ["sharps"],
    review_on: "2027-02-01",
  });
  const [now] = folded([noted, changed])("risk");
  assert.deepEqual([now.advice, now.reason, now.review_on], [["sharps"], "Hunden biter", "2027-02-01"]);
  const ended = waiting("e3", "risk_reviewed", 1, { risk_id: "r", outcome: "ended" });
  assert.deepEqual(folded([noted, changed, ended])("risk"), []);
});

const PLAN = {
  id: "p1",
  entry_id: "p1",
  client_id: "c",
  kind: "crisis",
  red_avoid: "Politi",
  author_id: MONA,
  noted_at: "2026-11-20T10:00:00Z",
};

test("a plan takes the place of the one it was written over", () => {
  const newer = waiting("p2", "plan_noted", 1, { kind: "crisis", red_avoid: "Uniform", replaces: ["p1"] });
  const [plan, ...more] = folded([newer], { plan: [PLAN] })("plan");
  assert.deepEqual([plan.red_avoid, plan.entry_id, plan.beside, more.length], ["Uniform", "p2", undefined, 0]);
});

test("a plan written without having seen the other stands beside it", () => {
  const apart = waiting("p2", "plan_noted", 1, { kind: "crisis", red_avoid: "Uniform", replaces: [] });
  const [plan] = folded([apart], { plan: [PLAN] })("plan");
  assert.deepEqual([plan.red_avoid, plan.beside.map((one) => one.red_avoid)], ["Uniform", ["Politi"]]);
  const of_goals = waiting("p3", "plan_noted", 1, { kind: "goals", goals: [] });
  assert.equal(folded([of_goals], { plan: [PLAN] })("plan").length, 2);
});

test("a person around goes when they are no longer with it, unless another version says that they are", () => {
  const anne = { id: "k", entry_id: "e0", client_id: "c", name: "Anne", author_id: MONA, noted_at: PLAN.noted_at };
  const body = { contact_id: "k", name: "Anne", role: "gp", call_if_not_found: "no", ended: true };
  const seen = waiting("e1", "contact_person_noted", 1, { ...body, replaces: ["e0"] });
  assert.deepEqual(folded([seen], { contact_person: [anne] })("contact_person"), []);
  const unseen = waiting("e1", "contact_person_noted", 1, { ...body, replaces: [] });
  assert.equal(folded([unseen], { contact_person: [anne] })("contact_person").length, 1);
});

test("a task goes when it is done, and stands again when it is set again", () => {
  const set = waiting("e1", "task_set", 3, { task_id: "t", what: "Ringe" });
  const done = waiting("e2", "task_done", 2, { task_id: "t", outcome: "done" }, { client_id: null });
  assert.deepEqual(folded([set, done])("task"), []);
  const again = waiting("e3", "task_set", 1, { task_id: "t", what: "Ringe igjen" });
  assert.equal(folded([set, done, again])("task")[0].what, "Ringe igjen");
});

test("a note that I have read is read by me", () => {
  const note = { id: "n", client_id: "c", what: "Legen ringer", author_id: MONA, read_by: [] };
  const read = waiting("e1", "handover_read", 1, { entry_ids: ["n"] });
  const [now] = folded([read], { handover: [note] })("handover");
  assert.deepEqual(
    now.read_by.map((one) => one.staff_id),
    [ME],
  );
});

test("an agreement in words is withdrawn by its id or with all of its kind", () => {
  const both = ["a", "b"].map((id) => ({ id, client_id: "c", kind: "service", words: "Mandager", withdrawn_at: null }));
  const one = waiting("e1", "agreement_withdrawn", 1, { kind: "service", how: "told", agreement_id: "a" });
  const all = waiting("e1", "agreement_withdrawn", 1, { kind: "service", how: "told" });
  const ended = (entries) => folded(entries, { agreement: both })("agreement").map((row) => row.withdrawn_how ?? null);
  assert.deepEqual(
    [ended([one]), ended([all])],
    [
      ["told", null],
      ["told", "told"],
    ],
  );
});

test("a warning that is taken back without coverage is gone at once, an older plan is not guessed at", () => {
  const angre = (id) => waiting(`x${id}`, "entry_corrected", 0, { entry_id: id, what: "retracted", reason: "angret" });
  const risk = { id: "r", entry_id: "e0", client_id: "c", advice: ["dog"], reason: "Hund" };
  assert.deepEqual(folded([angre("e0")], { risk: [risk] })("risk"), []);
  assert.equal(folded([angre("p1")], { plan: [PLAN] })("plan").length, 1);
});
