/** When a clock runs out: the phone computes it by the server's rules, and before it has synced. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { vectors } from "./_vectors.js";
import { makeEntry, undoOf } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { missingForHome } from "../../fieldapp/static/js/core/replica/homecoming.js";
import { dueOf, spansOf } from "../../fieldapp/static/js/core/replica/watch.js";

const iso = (ms) => (ms === null ? null : new Date(ms).toISOString().replace(".000Z", "Z"));

for (const { name, absences, now, expect, next_check: check, ended, deceased, mode = "interval", ...terms } of vectors(
  "due",
).cases) {
  test(`a clock runs out: ${name}`, () => {
    const watch = { mode, ...terms, last_seen_at: terms.last_contact_at, next_check: check };
    const found = dueOf({ watch, ended, deceased }, spansOf(absences), Date.parse(now));
    assert.deepEqual(
      { due_at: iso(found.dueMs), paused_by: found.pausedBy, tightened_until: iso(found.tightenedUntilMs) },
      expect,
    );
  });
}

for (const { name, expect, home, visits_at: visits, seen_at: seen, now, ...absence } of vectors("homecoming").cases) {
  test(`coming home: ${name}`, () => {
    assert.deepEqual(missingForHome({ ...absence, discharge: { home } }, visits, seen, Date.parse(now)), expect);
  });
}

const HOUR = 3_600_000;
const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
const near = (text, ms) =>
  assert.ok(Math.abs(Date.parse(text) - ms) < 5_000, `${text} is not near ${new Date(ms).toISOString()}`);
const about = (type, body, around = {}) => save(makeEntry(type, body, { clientId: KARI, ...around }));
const kari = async () => (await readState()).clients.get(KARI);
const WATCH = {
  mode: "interval",
  interval_minutes: 1440,
  counts: ["seen"],
  tighten_days: 7,
  since_at: ago(999),
  last_seen_at: ago(300),
  due_at: null,
  paused_by: "b1",
};
const absence = {
  kind: "absence",
  id: "b1",
  seq: 2,
  data: { id: "b1", client_id: KARI, kind: "admitted", started_at: ago(290), ended_at: null, expected_end_at: null },
};

let server;
const given = async (watch, ...changes) => {
  server.pages = [
    {
      changes: [
        { kind: "client", id: KARI, seq: 1, data: { name: "Kari", team_ids: ["t1"], watch: { ...WATCH, ...watch } } },
        ...changes,
      ],
      cursor: "c1",
    },
  ];
  await flush();
  server.online = false;
};

beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

test("out of hospital offline, she is due in half the time at once, and so after each visit of those days", async () => {
  await given({}, absence);
  await about("absence_ended", { absence_id: "b1" });
  near((await kari()).watch.due_at, Date.now() + 12 * HOUR);
  near((await kari()).watch.tightened_until, Date.now() + 7 * 24 * HOUR);
  const visit = await about("visit_logged", { outcome: "seen", place: "home" });
  near((await kari()).watch.due_at, Date.now() + 12 * HOUR);
  await save(undoOf(visit));
  near((await kari()).watch.due_at, Date.now() + 12 * HOUR);
});

test("the server's own word on the tighter days holds where the absence is no longer on the phone", async () => {
  await given({ paused_by: null, last_seen_at: ago(20), due_at: ago(8), tightened_until: ago(-48) });
  await about("visit_logged", { outcome: "seen", place: "home" });
  near((await kari()).watch.due_at, Date.now() + 12 * HOUR);
});

test("an absence with an end winds the clock from that end, and a new end moves it", async () => {
  await given({ paused_by: null, last_seen_at: ago(2), due_at: ago(-22), tighten_days: null });
  await about("absence_started", { absence_id: "b2", kind: "travel", expected_end_at: ago(-72) });
  assert.equal((await kari()).watch.paused_by, "b2");
  near((await kari()).watch.due_at, Date.now() + 96 * HOUR);
  await about("absence_confirmed", { absence_id: "b2", expected_end_at: ago(-120) });
  near((await kari()).watch.due_at, Date.now() + 144 * HOUR);
});

test("with others stops the clock where she has agreed to it, and only there", async () => {
  await given({ paused_by: null, last_seen_at: ago(2), due_at: ago(-22), pause_with_others: true });
  await about("absence_started", { absence_id: "b2", kind: "with_others" });
  assert.deepEqual([(await kari()).watch.due_at, (await kari()).watch.paused_by], [null, "b2"]);
});

test("a clock turned on again starts then, not at the last contact of long ago", async () => {
  await given({ mode: "off", paused_by: null, last_seen_at: ago(500), due_at: null, tighten_days: null });
  await about("watch_set", { mode: "interval", interval_minutes: 1440, counts: ["seen"], reason: "x" });
  near((await kari()).watch.due_at, Date.now() + 24 * HOUR);
});

test("a step home offline runs the clock while it lasts, and the same step again replaces it", async () => {
  await given({ tighten_days: null }, absence);
  const step = (step_id, from, to, watch = "on") =>
    about("absence_step_set", { absence_id: "b1", step_id, from_at: ago(from), to_at: ago(to), watch });
  await step("s1", 1, -5);
  assert.deepEqual([(await kari()).watch.due_at, (await kari()).watch.paused_by], [null, "b1"]);
  await step("s1", 1, -48);
  near((await kari()).watch.due_at, Date.now() + 23 * HOUR);
  assert.equal((await kari()).watch.paused_by, null, "home now");
  await about("visit_logged", { outcome: "seen", place: "home" });
  near((await kari()).watch.due_at, Date.now() + 24 * HOUR);
  await step("s2", 0, -48, "off");
  assert.deepEqual([(await kari()).watch.due_at, (await kari()).watch.paused_by], [null, "b1"]);
  assert.equal((await readState()).absences.get("b1").steps.length, 2);
});

test("a step the server knows is replaced, and what is ready for coming home stands at once", async () => {
  const known = { from_at: ago(-10), to_at: ago(-60), watch: "on" };
  const told = {
    kind: "entry",
    id: "e1",
    seq: 3,
    data: { id: "e1", type: "absence_step_set", client_id: KARI, body: { absence_id: "b1", step_id: "s1", ...known } },
  };
  await given({}, { ...absence, data: { ...absence.data, steps: [known], discharge: {} } }, told);
  await about("absence_step_set", { absence_id: "b1", step_id: "s1", ...known, to_at: ago(-20) });
  await about("discharge_planned", { absence_id: "b1", checks: ["date"], home: "no" });
  const { steps, discharge } = (await readState()).absences.get("b1");
  assert.deepEqual([steps.length, discharge], [1, { checks: ["date"], home: "no" }]);
  assert.equal((await kari()).watch.due_at, null, "too short to ask anything");
});
