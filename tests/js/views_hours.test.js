/** What a team's opening hours do to I dag: the list before closing, who has taken whom, and alerts that wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, badgeCount, keepStill } from "../../fieldapp/static/js/views/day.js";
import { closingOf, handOverOf, handOverUntil, handedToUs, whenClosed } from "../../fieldapp/static/js/views/hours.js";
import { MONA, NOW, TEAM, aState, hoursAgo, watched } from "./_state.js";

const NIGHT = "00000000-0000-7000-8000-000000000002";
const open = (...spans) => ({
  team_id: TEAM,
  when_closed: "wait",
  to_team_id: null,
  open_spans: spans.map((span) => span.map(hoursAgo)),
});
// It is 12.47: the team closes at 13.17 and opens again twenty hours later.
const HOURS = open([4, -0.5], [-20.5, -28]);
const names = (rows) => rows.map((row) => row.client.name);

test("closing is near from an hour before to an hour after, never for a team that does not close", () => {
  assert.deepEqual(closingOf(HOURS, NOW), { closesAt: NOW + 1_800_000, opensAt: NOW + 20.5 * 3_600_000 });
  assert.ok(closingOf(HOURS, NOW + 80 * 60_000));
  assert.equal(closingOf(HOURS, NOW - 31 * 60_000), null);
  assert.equal(closingOf(HOURS, NOW + 91 * 60_000), null);
  assert.equal(closingOf({ ...HOURS, always_open: true }, NOW), null);
  assert.equal(closingOf(undefined, NOW), null);
});

test("a span that goes straight on into the next is not a closing", () => {
  assert.equal(closingOf(open([4, -0.5], [-0.5, -8]), NOW), null);
});

test("before closing stand those due before the team opens, and not also under «Bør ses snart»", () => {
  const clients = [watched("1", "Even", 23), watched("2", "Kari", 5), watched("3", "Siv", 1)];
  const rows = arrange(aState({ clients, hours: [HOURS] }));
  assert.deepEqual([names(rows.closing), names(rows.soon), names(rows.rest)], [["Even", "Kari"], [], ["Siv"]]);
});

test("who already stands under «Bør ses snart» stays there under the thumb, and is not called seen", () => {
  const clients = [watched("1", "Even", 23)];
  const before = arrange(aState({ clients }));
  const state = aState({ clients, hours: [HOURS] });
  const still = keepStill(before, arrange(state), state);
  assert.equal(still.soon[0].settled, undefined);
});

test("the client's own answer goes before the team's", () => {
  assert.equal(whenClosed({ watch: { when_closed: "on_call" } }, HOURS), "on_call");
  assert.equal(whenClosed({ watch: {} }, HOURS), "wait");
});

test("a hand-over lasts until the team opens, and never more than fourteen days", () => {
  assert.equal(Date.parse(handOverUntil(closingOf(HOURS, NOW), NOW)), NOW + 20.5 * 3_600_000);
  assert.ok(Date.parse(handOverUntil({ opensAt: null }, NOW)) - NOW < 14 * 86_400_000);
});

test("the newest hand-over that runs is the one that counts", () => {
  const one = (id, hours, until, more = {}) => ({
    id,
    client_id: "1",
    from_team_id: TEAM,
    to_team_id: NIGHT,
    asked_at: hoursAgo(hours),
    until_at: hoursAgo(until),
    taken_by: null,
    ...more,
  });
  const state = aState({ handOvers: [one("old", 30, 10), one("h1", 3, -10), one("h2", 1, -10, { taken_by: MONA })] });
  assert.equal(handOverOf(state, "1").id, "h2");
  assert.equal(handOverOf(state, "2"), null);
});

test("what is handed over to us stands until it ends, untaken first", () => {
  const one = (id, to_team_id, taken_by, until = -10) => ({
    id,
    client_id: id,
    from_team_id: NIGHT,
    to_team_id,
    asked_at: hoursAgo(1),
    until_at: hoursAgo(until),
    taken_by,
  });
  const clients = [watched("a", "Even", 1), watched("b", "Kari", 1)];
  const state = aState({
    clients,
    handOvers: [one("a", TEAM, MONA), one("b", TEAM, null), one("c", NIGHT, null), one("d", TEAM, null, 1)],
  });
  assert.deepEqual(names(handedToUs(state)), ["Kari", "Even"]);
});

test("an alert that waits for the team to open stands last among the alerts and counts for nothing on the tab", () => {
  const alert = (id, client_id, state) => ({
    id,
    kind: "not_seen",
    client_id,
    team_id: TEAM,
    state,
    opened_at: hoursAgo(1),
    owner: null,
  });
  const state = aState({
    clients: [watched("1", "Even", 25), watched("2", "Kari", 25)],
    alerts: [alert("a", "1", "waiting"), alert("b", "2", "open")],
  });
  assert.deepEqual(names(arrange(state).fire), ["Kari", "Even"]);
  assert.equal(badgeCount(state), 1);
});
