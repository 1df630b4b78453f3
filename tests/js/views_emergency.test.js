/** Asking for nødtilgang on the phone: who may, what the page says is logged, and what each answer says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { aState } from "./_state.js";

globalThis.document ??= /** @type {any} */ ({ createTreeWalker: () => ({}), createComment: () => ({}) });
const { emergencyView } = await import("../../fieldapp/static/js/views/emergency.js");
const { questionOf, refusalOf } = await import("../../fieldapp/static/js/ui/emergency.js");

function as(role) {
  const state = aState();
  state.me.role = role;
  return state;
}

test("the page asks name, year and reason, and says what is logged", () => {
  const drawn = emergencyView(as("fieldworker"), {});
  for (const name of ["name", "birth_year", "reason"])
    assert.match(markup(drawn), new RegExp(`name=${name}|name="${name}"`));
  const said = words(drawn);
  for (const part of ["Det blir logget at du spurte", "grunnen", "Lederen får vite det", "Varer i en time"])
    assert.ok(said.includes(part), part);
});

test("a peer and a landlord are not asked", () => {
  for (const role of ["peer", "landlord"]) assert.ok(!markup(emergencyView(as(role), {})).includes("data-emergency"));
});

test("offline it says that it needs coverage", () => {
  const state = as("leader");
  state.sync.online = false;
  assert.ok(words(emergencyView(state, {})).includes("Dette trenger dekning."));
});

test("what is missing is named before anything is sent", () => {
  assert.ok(questionOf({ name: "Kari", birth_year: "1980" }).wrong);
  assert.ok(questionOf({ name: "Kari", birth_year: "80", reason: "haster" }).wrong);
  assert.ok(questionOf({ name: "Kari", birth_year: "19801", reason: "haster" }).wrong);
  assert.deepEqual(questionOf({ name: " Kari L ", birth_year: "1980", reason: "haster" }).question, {
    name: "Kari L",
    birth_year: 1980,
    reason: "haster",
  });
});

test("each refusal has its own sentence", () => {
  assert.match(refusalOf({ kind: "refused", status: 404 }), /Fant ikke/);
  assert.match(refusalOf({ kind: "slow_down", status: 429 }), /for mange/);
  assert.match(refusalOf({ kind: "network" }), /dekning/);
  assert.match(refusalOf({ kind: "signed_out", status: 401 }), /Logg inn/);
});
