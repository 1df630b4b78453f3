/** Whose safety an alert is about, where they are, and what ends a visit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange } from "../../fieldapp/static/js/views/day.js";
import { onDuty, toRing } from "../../fieldapp/static/js/views/people.js";
import {
  ending,
  endings,
  isMine,
  myHelp,
  myVisit,
  placeOf,
  safetyStory,
  safetyTitle,
  visitWords,
  whereIAm,
} from "../../fieldapp/static/js/views/safety.js";
import { ME, MONA, TEAM, aState, entry, hoursAgo, unwatched, watched } from "./_state.js";

const KARI = unwatched("c", "Kari Lund", { address: "Storgata 3" });
const visit = (id, staff_id, more = {}) => ({
  id,
  staff_id,
  with_staff: [],
  client_id: "c",
  team_id: TEAM,
  started_at: hoursAgo(1),
  expected_end_at: hoursAgo(-0.5),
  ended_at: null,
  ...more,
});
const overdue = (subject_id, more = {}) => ({
  id: "a",
  kind: "staff_overdue",
  subject_id,
  client_id: "c",
  team_id: TEAM,
  state: "open",
  opened_at: hoursAgo(0),
  owner: null,
  ...more,
});

test("my visit is the one of mine that runs; as second I am where my colleague is", () => {
  const state = aState({
    clients: [KARI],
    visits: [visit("v0", ME, { ended_at: hoursAgo(0.5) }), visit("v1", MONA, { with_staff: [ME] })],
  });
  assert.equal(myVisit(state), null);
  assert.equal(whereIAm(state).id, "v1");
});

test("the strip says where and until about when, and past it that it should have ended", () => {
  const state = aState({ clients: [KARI] });
  assert.equal(visitWords(state, visit("v", ME)), "Hos Kari Lund til ca. 13.17");
  assert.equal(
    visitWords(state, visit("v", ME, { expected_end_at: hoursAgo(0.25) })),
    "Hos Kari Lund. Skulle vært ferdig 12.32.",
  );
});

test("«Er alt bra?» is asked of the one who is out; colleagues read who, where and since when", () => {
  const late = { expected_end_at: hoursAgo(0.25) };
  const mine = aState({ clients: [KARI], visits: [visit("v", ME, late)] });
  assert.deepEqual([isMine(mine, overdue("v")), safetyTitle(mine, overdue("v"))], [true, "Er alt bra?"]);
  const theirs = aState({ clients: [KARI], visits: [visit("v", MONA, late)] });
  assert.equal(safetyTitle(theirs, overdue("v")), "Mona Lie har ikke meldt seg etter et besøk");
  assert.equal(
    safetyStory(theirs, overdue("v")),
    "Hos Kari Lund, Storgata 3. Gikk inn 11.47. Skulle vært ferdig 12.32.",
  );
});

test("the server's own word for whose safety it is goes before what the phone can guess", () => {
  assert.equal(isMine(aState({ visits: [visit("v", ME)] }), overdue("v", { staff_id: MONA })), false);
});

test("help says where: the visit's address, else the place that was written, else that none was given", () => {
  const help = (body) => entry("e", null, "help_requested", 0, body, { author_id: MONA });
  const alert = {
    id: "a",
    kind: "staff_help",
    subject_id: "e",
    client_id: null,
    team_id: TEAM,
    state: "open",
    opened_at: hoursAgo(0),
    owner: null,
  };
  const story = (body) =>
    safetyStory(aState({ clients: [KARI], visits: [visit("v", MONA)], entries: [help(body)] }), alert);
  assert.match(story({ visit_id: "v" }), /^Hos Kari Lund, Storgata 3\./);
  assert.match(story({ place_label: "Parken" }), /^Parken\./);
  assert.match(story({}), /^Stedet er ikke oppgitt\./);
  assert.equal(
    placeOf(aState({ clients: [KARI], visits: [visit("v", MONA)], entries: [help({ visit_id: "v" })] }), alert).client
      .name,
    "Kari Lund",
  );
});

test("my own call for help is found until I am known to be safe", () => {
  const alert = { id: "a", kind: "staff_help", staff_id: ME, team_id: TEAM, state: "open", owner: null };
  assert.equal(myHelp(aState({ alerts: [alert] })).id, "a");
  assert.equal(myHelp(aState({ alerts: [{ ...alert, pending_end: true }] })), null);
  assert.equal(myHelp(aState({ alerts: [{ ...alert, staff_id: MONA }] })), null);
});

test("a colleague in need burns first, and takes no client off the list of those to be seen", () => {
  const clients = [watched("c", "Kari", 20), watched("d", "Even", 25)];
  const alerts = [
    { id: "x", kind: "crisis", client_id: "d", state: "open", opened_at: hoursAgo(1), owner: null },
    overdue("v"),
    { ...overdue("e"), id: "h", kind: "staff_help" },
  ];
  const rows = arrange(aState({ clients, alerts, visits: [visit("v", MONA)] }));
  assert.deepEqual(
    rows.fire.map((row) => row.alert.id),
    ["h", "x", "a"],
  );
  assert.deepEqual(
    rows.soon.map((row) => row.client.name),
    ["Kari"],
  );
});

test("one tap ends a visit and leads to its record; a new one ends all of mine that run", () => {
  const state = aState({
    clients: [KARI],
    visits: [visit("v1", ME), visit("v2", ME, { client_id: null }), visit("v3", MONA)],
  });
  const spec = ending(state, visit("v1", ME));
  assert.deepEqual([spec.type, spec.body, spec.client, spec.team], ["visit_ended", { visit_id: "v1" }, "c", null]);
  assert.match(spec.href, /type=visit_logged&client=c/);
  assert.deepEqual(
    endings(state).map((one) => [one.body.visit_id, one.client, one.team]),
    [
      ["v1", "c", null],
      ["v2", null, TEAM],
    ],
  );
  assert.equal(ending(state, visit("v3", MONA)).href, undefined, "somebody else's visit is theirs to log");
});

test("whom to ring is never oneself: the others on duty, else backup and the team's leaders", () => {
  const on = (staff_id, duty = "duty") => ({
    staff_id,
    duty,
    team_id: TEAM,
    from_at: hoursAgo(1),
    to_at: hoursAgo(-1),
  });
  const ring = (...duty) => {
    const state = aState({ duty });
    for (const id of ["backup", "boss"])
      state.staff.set(id, { id, name: id, role: id === "boss" ? "leader" : "fieldworker", team_ids: [TEAM] });
    const { duty: first, others } = toRing(state, TEAM);
    return [first, others].map((list) => list.map((one) => one.name));
  };
  assert.deepEqual(ring(on(ME), on(MONA), on("backup", "backup")), [["Mona Lie"], []]);
  assert.deepEqual(ring(on(ME), on("backup", "backup")), [[], ["backup", "boss"]]);
  assert.deepEqual(ring(), [[], ["boss"]]);
  assert.deepEqual(toRing(aState({ duty: [on(ME)] }), TEAM), { duty: [], others: [] });
  assert.deepEqual(onDuty(aState({ duty: [on(ME)] }), TEAM), ["Jonas Berg"], "on the alert page one is named");
});
