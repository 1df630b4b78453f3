/** The check on the alert page: steps are entries, mine and those of others, each with its time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { alertView, stepsOf } from "../../fieldapp/static/js/views/alert.js";
import { ME, TEAM, aState, entry, hoursAgo, watched } from "./_state.js";

const alert = {
  id: "alert",
  kind: "not_seen",
  client_id: "kari",
  team_id: TEAM,
  state: "open",
  step: 0,
  opened_at: hoursAgo(1),
  due_at: hoursAgo(1),
  owner: null,
};
const step = (id, code, hours, more = {}) =>
  entry(id, "kari", "check_step_logged", hours, { alert_id: "alert", step: code }, more);
const scene = (entries, more = {}) =>
  aState({ clients: [watched("kari", "Kari Lund", 25)], alerts: [alert], entries, ...more });

test("steps by others stand with their name and time, mine with the time alone", () => {
  const state = scene([step("1", "rang", 0.5), step("2", "asked_base", 0.2, { author_id: ME, local: "pending" })]);
  const text = words(alertView(state, { id: "alert" }));
  assert.match(text, /Ring på.*Mona 12\.17/);
  assert.match(text, /Spør basen\s+12\.35/);
  assert.match(text, /Gjort til nå/);
  assert.match(text, /lagret på telefonen/);
});

test("a step taken back, refused, or of another alert is not among them", () => {
  const other = entry("4", "kari", "check_step_logged", 1, { alert_id: "other", step: "rang" });
  const state = scene([step("1", "rang", 1), step("2", "phoned", 1, { local: "held" }), other], { retracted: ["1"] });
  assert.deepEqual(stepsOf(state, alert), []);
});

test("each step is one tap that names the alert, and what was tried goes into the form of entering", () => {
  const drawn = markup(
    alertView(scene([step("1", "rang", 1), step("2", "rang", 0.5), step("3", "waited", 0.2)]), { id: "alert" }),
  );
  const taps = [...drawn.matchAll(/data-tap=(\{[^>]*?\})(?=[ >])/g)].map((found) => JSON.parse(found[1]));
  const checks = taps.filter((one) => one.type === "check_step_logged");
  assert.ok(checks.length >= 6);
  assert.ok(checks.every((one) => one.body.alert_id === "alert" && one.client === "kari" && one.team === TEAM));
  assert.match(drawn, /tried=rang%2Cwaited/);
});
