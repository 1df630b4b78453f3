/** What stands where on I dag, and that it stays there under a thumb. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, badgeCount, keepStill } from "../../fieldapp/static/js/views/day.js";
import { lastAttempt, lastContact, mineLately, savedAt } from "../../fieldapp/static/js/views/people.js";
import { ME, MONA, NOW, TEAM, aState, entry, hoursAgo, unwatched, watched } from "./_state.js";

const names = (rows) => rows.map((row) => row.client?.name);
const notSeen = (id, client_id, more = {}) => ({
  id,
  kind: "not_seen",
  client_id,
  team_id: TEAM,
  state: "open",
  opened_at: hoursAgo(1),
  owner: null,
  ...more,
});

test("what burns comes first, then who is due within the shift and the night, then the rest", () => {
  const state = aState({
    clients: [
      watched("1", "Even", 25),
      watched("2", "Kari", 22),
      watched("3", "Jonny", 20),
      watched("4", "Aina", 1),
      unwatched("5", "Eva"),
    ],
    alerts: [notSeen("a", "1")],
  });
  const { fire, soon, rest } = arrange(state);
  assert.deepEqual(names(fire), ["Even"]);
  assert.deepEqual(names(soon), ["Kari", "Jonny"]);
  assert.deepEqual(names(rest), ["Aina", "Eva"]);
});

test("a crisis goes before an alert, and one nobody has taken before one somebody has", () => {
  const state = aState({
    clients: [watched("1", "Even", 25), watched("2", "Kari", 25), unwatched("3", "Per")],
    alerts: [
      notSeen("a", "1", { owner: ME, state: "acknowledged" }),
      notSeen("b", "2"),
      { id: "c", kind: "crisis", case_id: "k", client_id: "3", state: "open", opened_at: hoursAgo(0), owner: null },
    ],
  });
  assert.deepEqual(names(arrange(state).fire), ["Per", "Kari", "Even"]);
});

test("a crisis opened on this phone burns at once, and once only", () => {
  const cases = [{ id: "k", kind: "crisis", client_id: "3", status: "open", opened_at: hoursAgo(0) }];
  const clients = [unwatched("3", "Per")];
  assert.equal(arrange(aState({ clients, cases })).fire.length, 1);
  const alerts = [
    { id: "c", kind: "crisis", case_id: "k", client_id: "3", state: "open", opened_at: hoursAgo(0), owner: null },
  ];
  assert.equal(arrange(aState({ clients, cases, alerts })).fire.length, 1);
});

test("somebody overdue without an alert stands among those to be seen, since the phone may be offline", () => {
  assert.deepEqual(names(arrange(aState({ clients: [watched("1", "Even", 30)] })).soon), ["Even"]);
});

test("an absence takes a person off the list; not knowing where he is does not", () => {
  const clients = [watched("1", "Kjell", 23), watched("2", "Siv", 23)];
  const absences = [
    { id: "f", client_id: "1", kind: "admitted", started_at: hoursAgo(3), ended_at: null },
    { id: "g", client_id: "2", kind: "unknown", started_at: hoursAgo(3), ended_at: null },
  ];
  assert.deepEqual(names(arrange(aState({ clients, absences })).soon), ["Siv"]);
});

test("a planned contact stands when its days have run, or when one was promised for today", () => {
  const clients = [
    unwatched("1", "Eva", { contact_interval_days: 3 }),
    unwatched("2", "Per", { contact_interval_days: 7 }),
    unwatched("3", "Siv"),
  ];
  const entries = [
    entry("e1", "1", "visit_logged", 80, { outcome: "seen" }),
    entry("e2", "2", "visit_logged", 80, { outcome: "seen" }),
    entry("e3", "3", "visit_logged", 80, { outcome: "seen", next_contact_on: "2026-11-24" }),
  ];
  assert.deepEqual(names(arrange(aState({ clients, entries })).planned).sort(), ["Eva", "Siv"]);
});

test("an agreement to be looked at again is its primary contact's, and the leader's when a weekday has passed or nobody is", () => {
  const client = (id, review_on, primary_staff_id) => ({
    ...watched(id, id, 1),
    primary_staff_id,
    watch: { mode: "interval", review_on },
  });
  const clients = [
    client("mine today", "2026-11-24", ME),
    client("mine tomorrow", "2026-11-25", ME),
    client("nobody's today", "2026-11-24", null),
    client("hers of monday", "2026-11-23", MONA),
    client("hers of friday", "2026-11-20", MONA),
    client("hers of thursday", "2026-11-19", MONA),
  ];
  const rows = (role) => names(arrange({ ...aState({ clients }), me: { ...aState().me, role } }).reviews);
  assert.deepEqual(rows("leader"), ["hers of thursday", "hers of friday", "mine today", "nobody's today"]);
  assert.deepEqual(rows("fieldworker"), ["mine today"]);
});

test("a rent case stands on the day of its next step, a closed one never", () => {
  const clients = [unwatched("1", "Aina")];
  const rent = (id, next_step_on, status = "open") => ({ id, kind: "rent", client_id: "1", status, next_step_on });
  const state = aState({
    clients,
    cases: [rent("k1", "2026-11-24"), rent("k2", "2026-11-26"), rent("k3", "2026-11-20", "resolved")],
  });
  assert.deepEqual(
    arrange(state).cases.map((row) => row.case.id),
    ["k1"],
  );
});

test("nobody whose follow-up has ended stands anywhere", () => {
  const state = aState({
    clients: [watched("1", "Even", 30, { ended_at: hoursAgo(1) }), watched("2", "Per", 30, { deceased: true })],
  });
  assert.deepEqual(Object.values(arrange(state)).flat(), []);
  assert.equal(badgeCount(state), 0);
});

test("rows keep their place when what they say changes", () => {
  const before = arrange(aState({ clients: [watched("1", "Kari", 23), watched("2", "Jonny", 22)] }));
  const state = aState({ clients: [watched("1", "Kari", 0), watched("2", "Jonny", 22)] });
  const still = keepStill(before, arrange(state), state);
  assert.deepEqual(names(still.soon), ["Kari", "Jonny"]);
  assert.equal(still.soon[0].settled, true);
  assert.equal(still.soon[0].client.watch.last_seen_at, hoursAgo(0));
});

test("a person whose alert comes while the list stands still is not said to be seen", () => {
  const before = arrange(aState({ clients: [watched("1", "Kari", 23)] }));
  const state = aState({ clients: [watched("1", "Kari", 23)], alerts: [notSeen("a", "1")] });
  const still = keepStill(before, arrange(state), state);
  assert.deepEqual([names(still.soon), still.soon[0].settled], [["Kari"], false]);
  assert.deepEqual(names(still.arrivals), ["Kari"]);
});

test("a new alert waits beside the list until the screen is opened again, and is not forgotten on the next drawing", () => {
  const before = arrange(aState({ clients: [watched("1", "Kari", 23)] }));
  const state = aState({ clients: [watched("1", "Kari", 23), watched("2", "Even", 25)], alerts: [notSeen("a", "2")] });
  const once = keepStill({ ...before, arrivals: [] }, arrange(state), state);
  const twice = keepStill(once, arrange(state), state);
  assert.deepEqual(names(once.soon), ["Kari"]);
  assert.deepEqual(names(twice.arrivals), ["Even"]);
});

test("while the phone is filled for the first time every alert is drawn as it comes, those of the last batch too", () => {
  const filling = (more, on) => {
    const state = aState(more);
    return { ...state, sync: { ...state.sync, filling: on } };
  };
  const drawn = (before, state) => keepStill(before, arrange(state), state);
  const clients = [watched("1", "Kari", 23), watched("2", "Even", 25), watched("3", "Siv", 25)];
  const first = drawn(null, filling({ clients }, true));
  const second = drawn(first, filling({ clients, alerts: [notSeen("a", "2")] }, true));
  assert.deepEqual([names(second.fire), second.arrivals], [["Even"], []]);
  const last = drawn(second, filling({ clients, alerts: [notSeen("a", "2"), notSeen("b", "3")] }, false));
  assert.deepEqual([names(last.fire), last.arrivals], [["Even", "Siv"], []]);
  const later = drawn(
    last,
    filling({ clients, alerts: [notSeen("a", "2"), notSeen("b", "3"), notSeen("c", "1")] }, false),
  );
  assert.deepEqual([names(later.fire), names(later.arrivals)], [["Even", "Siv"], ["Kari"]]);
});

test("a client one may no longer see leaves at once", () => {
  const before = arrange(aState({ clients: [watched("1", "Kari", 23), watched("2", "Jonny", 22)] }));
  const state = aState({ clients: [watched("2", "Jonny", 22)] });
  assert.deepEqual(names(keepStill(before, arrange(state), state).soon), ["Jonny"]);
});

test("the number on the tab is alerts and overdue, each person once", () => {
  const state = aState({
    clients: [watched("1", "Even", 25), watched("2", "Kari", 30), watched("3", "Aina", 2)],
    alerts: [notSeen("a", "1")],
  });
  assert.equal(badgeCount(state), 2);
});

test("what was taken back is neither contact nor history", () => {
  const entries = [
    entry("e1", "1", "visit_logged", 1, { outcome: "seen" }),
    entry("e2", "1", "call_logged", 5, { outcome: "spoke", direction: "out" }),
  ];
  const state = aState({ clients: [unwatched("1", "Eva")], entries, retracted: ["e1"] });
  assert.equal(lastContact(state, "1").id, "e2");
});

test("a bomtur shows until the person is met", () => {
  const attempt = entry("e1", "1", "visit_logged", 1, { outcome: "no_answer" });
  const seen = (hours) => entry("e2", "1", "visit_logged", hours, { outcome: "seen" });
  assert.equal(lastAttempt(aState({ entries: [attempt, seen(3)] }), "1").id, "e1");
  assert.equal(lastAttempt(aState({ entries: [attempt, seen(0.5)] }), "1"), null);
});

test("a phone whose clock is forty minutes fast says when it was, and can undo for ten minutes all the same", () => {
  const madeAt = NOW - 9 * 60_000 + 40 * 60_000; // by its own clock
  const id = Math.floor(madeAt)
    .toString(16)
    .padStart(12, "0")
    .replace(/^(.{8})(.{4})$/, "$1-$2-7000-8000-000000000000");
  const saved = entry(
    id,
    "1",
    "visit_logged",
    0.15,
    { outcome: "seen" },
    { author_id: ME, clock_offset_ms: -40 * 60_000 },
  );
  assert.equal(savedAt(saved), NOW - 9 * 60_000);
  assert.deepEqual(
    mineLately(aState({ entries: [saved] })).map((one) => one.id),
    [id],
  );
});

test("my own saves can be undone for ten minutes", () => {
  const id = (minutes) =>
    Math.floor(NOW - minutes * 60_000)
      .toString(16)
      .padStart(12, "0")
      .replace(/^(.{8})(.{4})$/, "$1-$2-7000-8000-000000000000");
  const mine = { author_id: ME };
  const entries = [
    entry(id(9), "1", "visit_logged", 0, {}, mine),
    entry(id(11), "1", "visit_logged", 0, {}, mine),
    entry(id(1), "1", "visit_logged", 0),
  ];
  assert.deepEqual(
    mineLately(aState({ entries })).map((one) => one.id),
    [id(9)],
  );
  const office = { ...entries[0], type: "duty_set", device_seq: null };
  assert.deepEqual(mineLately(aState({ entries: [office, { ...office, device_seq: 4 }] })).length, 1);
});
