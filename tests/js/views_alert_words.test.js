/** An alert says what is known and no more: who was reached, who has it, how the person was last heard of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { historyWords } from "../../fieldapp/static/js/views/alert_history.js";
import {
  alertStory,
  arrivalWords,
  isLeft,
  ownerWords,
  stillAway,
  toldWords,
} from "../../fieldapp/static/js/views/alert_words.js";
import { ME, MONA, NOW, TEAM, aState, entry, hoursAgo, unwatched } from "./_state.js";

const anAlert = (more = {}) => ({
  id: "a",
  kind: "not_seen",
  client_id: "c",
  team_id: TEAM,
  state: "open",
  opened_at: hoursAgo(1),
  owner: null,
  ...more,
});
const told = (staff_id, how, more = {}) => ({ staff_id, how, step: 0, round: 1, ...more });

test("told are those who were reached or still may be; the others are said not to be", () => {
  const state = aState();
  for (const how of ["shown", "handed_over", "pending", undefined])
    assert.equal(toldWords(state, [told(MONA, how)]), "Varslet: Mona.", how);
  for (const how of ["no_device", "unreachable", "our_fault", "given_up", "called_off"])
    assert.equal(toldWords(state, [told(MONA, how)]), "Ikke nådd: Mona.", how);
  assert.equal(
    toldWords(state, [told(MONA, "no_device"), told(ME, "shown"), told(MONA, "shown", { step: 1 })]),
    "Varslet: du, Mona.",
  );
  assert.equal(toldWords(state, [told(MONA, "no_device"), told(ME, "pending")]), "Varslet: du. Ikke nådd: Mona.");
  assert.equal(toldWords(state), "");
});

test("an alert is left when everybody was told and nobody has it: from the last step on, and in every new round", () => {
  const left = (more, state = aState()) => isLeft(state, anAlert({ step: 3, round: 1, ...more }));
  assert.ok(left({}) && left({ step: 0, round: 2 }));
  for (const not of [
    { step: 2 },
    { owner: MONA },
    { pending_ack: "e" },
    { pending_end: "e" },
    { state: "waiting" },
    { state: "snoozed" },
  ])
    assert.ok(!left(not), JSON.stringify(not));
  assert.ok(!left({ kind: "staff_help", staff_id: ME, round: 2 }), "not to the one who asks");
});

test("only somebody who was met was last seen", () => {
  const story = (type, body) =>
    alertStory(aState({ clients: [unwatched("c", "Kari")], entries: [entry("e", "c", type, 1, body)] }), anAlert());
  assert.match(story("visit_logged", { outcome: "seen" }), /^Sist sett 11\.47 av Mona\./);
  assert.match(story("call_logged", { outcome: "spoke", direction: "out" }), /^Sist hørt fra 11\.47, ført av Mona\./);
  assert.match(story("sighting_reported", { source: "family" }), /^Sist meldt sett 11\.47, ført av Mona\./);
});

test("who has put an alert off has not said that he takes it", () => {
  const state = aState();
  const words = (owner, one = "snoozed") => ownerWords(state, anAlert({ owner, state: one }));
  assert.deepEqual([words(MONA), words(ME), words(null)], ["Mona har utsatt det.", "Du har utsatt det.", "Utsatt."]);
  const takenByMe = anAlert({
    owner: ME,
    state: "snoozed",
    snoozed_by: MONA,
    snoozed_until: new Date(state.nowMs + 60_000).toISOString(),
  });
  assert.match(ownerWords(state, takenByMe), /^Mona har utsatt det til i dag \d\d\.\d\d\.$/);
  assert.deepEqual(
    [words(MONA, "acknowledged"), words(ME, "acknowledged"), words(null, "open")],
    ["Mona har tatt det.", "Du har tatt det.", "Varselet er ikke tatt."],
  );
});

test("the history says of each step whom it reached, and of a hold that is over only that", () => {
  const state = aState();
  const alert = anAlert({ told: [told(MONA, "no_device"), told(ME, "shown", { step: 1 })] });
  const words = (event, more = {}) =>
    historyWords(state, alert, { event, step: 0, round: 1, state: "open", staff_id: null, reason: null, ...more });
  assert.equal(words("opened"), "Varselet ble åpnet. Ikke nådd: Mona.");
  assert.equal(words("escalated", { step: 1 }), "Varslet: du.");
  assert.equal(words("escalated", { step: 2 }), "Ingen å varsle");
  assert.equal(words("hold_expired", { staff_id: MONA }), "Ingen har det lenger");
  assert.equal(words("waits_again", { staff_id: MONA }), "Ingen har det lenger. Venter til teamet åpner");
  assert.equal(words("came_late", { staff_id: MONA }), "Mona svarte for sent");
  assert.equal(words("acknowledged", { staff_id: MONA, state: "acknowledged" }), "Mona tok det");
  assert.equal(words("acknowledged", { staff_id: MONA, state: "snoozed" }), "Mona utsatte det");
  assert.equal(words("snoozed", { staff_id: ME, state: "snoozed", reason: "han sover" }), "Du utsatte det: han sover");
});

test("the button to what is new says that an alert is among it, and whom a single one is about", () => {
  const state = aState();
  const [line, alert] = [{ client: { name: "Kari" } }, { alert: anAlert(), client: { name: "Even" } }];
  const help = { alert: { kind: "staff_help", staff_id: MONA }, client: { name: "Even" } };
  const crisis = { crisis: {}, client: { name: "Siv" } };
  assert.equal(arrivalWords(state, [line]), "Ny linje: Kari. Vis");
  assert.equal(arrivalWords(state, [line, line]), "2 nye linjer. Vis");
  assert.equal(arrivalWords(state, [alert]), "Nytt varsel: Even. Vis");
  assert.equal(arrivalWords(state, [help]), "Nytt varsel: Mona Lie. Vis");
  assert.equal(arrivalWords(state, [{ alert: { kind: "crisis", client_id: null } }]), "Nytt varsel: Krise. Vis");
  assert.equal(arrivalWords(state, [alert, help, crisis]), "3 nye varsler. Vis");
  assert.equal(arrivalWords(state, [line, alert]), "2 nye linjer, også varsler. Vis");
});

test("an absence is asked about by its end: passed, still to come, or without one by its start", () => {
  const away = { kind: "admitted", started_at: hoursAgo(48) };
  assert.equal(
    stillAway({ ...away, expected_end_on: "2026-11-21" }, NOW),
    "fortsatt innlagt? Skulle vært tilbake 21. nov.",
  );
  assert.equal(
    stillAway({ ...away, expected_end_at: "2126-12-01T11:00:00Z" }, NOW),
    "fortsatt innlagt? Ventes tilbake 1. des. 2126.",
  );
  assert.equal(stillAway(away, NOW), "fortsatt innlagt? Borte siden 22. nov.");
  assert.equal(stillAway(null, NOW), "fortsatt borte?");
});
