/** What waits on the phone shows at once, and never pretends that anybody has been told. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { makeEntry, undoOf } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { settle } from "../../fieldapp/static/js/core/send/verdicts.js";

const HOUR = 3_600_000;
const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
const near = (text, ms) =>
  assert.ok(Math.abs(Date.parse(text) - ms) < 5_000, `${text} is not near ${new Date(ms).toISOString()}`);
const WATCH = {
  mode: "interval",
  interval_minutes: 1440,
  counts: ["seen"],
  last_seen_at: ago(30),
  due_at: ago(6),
  paused_by: null,
};
const client = (watch = {}, data = {}) => ({
  kind: "client",
  id: KARI,
  seq: 1,
  data: { name: "Kari", team_ids: ["t1"], watch: { ...WATCH, ...watch }, ...data },
});
const alert = (data = {}) => ({
  kind: "alert",
  id: "a1",
  seq: 2,
  data: {
    id: "a1",
    kind: "not_seen",
    client_id: KARI,
    team_id: "t1",
    state: "open",
    step: 1,
    opened_at: ago(6),
    due_at: ago(6),
    owner: null,
    ...data,
  },
});
const about = (type, body, around = {}) => save(makeEntry(type, body, { clientId: KARI, ...around }));
const kari = async () => (await readState()).clients.get(KARI);

let server;
const given = async (...changes) => {
  server.pages = [{ changes, cursor: "c1" }];
  await flush();
  server.online = false;
};

beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});

test("a visit where she was seen moves her clock, and the alert is marked to end but burns on", async () => {
  await given(client(), alert());
  const entry = await about("visit_logged", { outcome: "seen", place: "home" });
  const state = await readState();
  near(state.clients.get(KARI).watch.last_seen_at, Date.now());
  near(state.clients.get(KARI).watch.due_at, Date.now() + 24 * HOUR);
  assert.deepEqual([state.alerts.get("a1").state, state.alerts.get("a1").pending_end], ["open", true]);
  assert.deepEqual([state.entries.get(entry.id).local, state.entriesOf(KARI)[0].id], ["pending", entry.id]);
});

test("only the agreed degrees of contact stop the clock", async () => {
  await given(client());
  for (const [type, body] of [
    ["visit_logged", { outcome: "heard" }],
    ["visit_logged", { outcome: "no_answer" }],
    ["visit_logged", { outcome: "cancelled" }],
    ["call_logged", { outcome: "spoke", direction: "out" }],
    ["sighting_reported", { source: "police" }],
    ["home_entered", { found: "nobody" }],
  ])
    await about(type, body);
  assert.equal((await kari()).watch.last_seen_at, WATCH.last_seen_at);
});

test("heard and reported count when the agreement says so, and reports only from agreed sources", async () => {
  await given(client({ counts: ["seen", "heard", "reported"], sources: ["shelter"] }));
  await about("sighting_reported", { source: "police" }, { occurredAt: ago(3) });
  assert.equal((await kari()).watch.last_seen_at, WATCH.last_seen_at);
  await about("sighting_reported", { source: "shelter" }, { occurredAt: ago(2) });
  near((await kari()).watch.last_seen_at, Date.now() - 2 * HOUR);
  await about("call_logged", { outcome: "spoke", direction: "out", with: "next_of_kin" });
  near((await kari()).watch.last_seen_at, Date.now() - 2 * HOUR);
  await about("call_logged", { outcome: "message", direction: "in" }, { occurredAt: ago(1) });
  near((await kari()).watch.last_seen_at, Date.now() - HOUR);
});

test("a contact further back than the last one moves nothing, and one in the future counts from now", async () => {
  await given(client());
  await about("visit_logged", { outcome: "seen" }, { occurredAt: ago(40), timeChosen: true });
  assert.equal((await kari()).watch.last_seen_at, WATCH.last_seen_at);
  await about("visit_logged", { outcome: "seen" }, { occurredAt: ago(-5), timeChosen: true });
  near((await kari()).watch.last_seen_at, Date.now());
});

test("a late visit that leaves the clock run out ends no alert", async () => {
  await given(client(), alert());
  await about("visit_logged", { outcome: "seen" }, { occurredAt: ago(25), timeChosen: true });
  assert.equal((await readState()).alerts.get("a1").pending_end, undefined);
});

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

/** A contact the server has, of `hours` ago. */
const visit = (id, hours, seq, body = { outcome: "seen" }) => ({
  kind: "entry",
  id,
  seq,
  data: {
    id,
    type: "visit_logged",
    client_id: KARI,
    author_id: ALICE.id,
    occurred_at: ago(hours),
    corrected_at: ago(hours),
    received_at: ago(hours),
    body,
  },
});
const fix = (body) => about("entry_corrected", { what: "text", reason: "feil", ...body });

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

test("a rejected entry is shown as held and moves nothing", async () => {
  await given(client());
  const entry = await about("visit_logged", { outcome: "seen" });
  await settle([entry.id], [{ id: entry.id, verdict: "rejected", code: "not_permitted" }]);
  const state = await readState();
  assert.deepEqual([state.entries.get(entry.id).local, state.outbox.held[0].code], ["held", "not_permitted"]);
  assert.equal(state.clients.get(KARI).watch.last_seen_at, WATCH.last_seen_at);
});

test("a client registered here is on the list at once, with a clock of 24 hours", async () => {
  await save(makeEntry("client_registered", { name: "Even", team_id: "t1", birth_year: 1971 }, { clientId: KARI }));
  const state = await readState();
  const even = state.clients.get(KARI);
  assert.deepEqual([even.name, even.pending, even.team_ids, even.watch.interval_minutes], ["Even", true, ["t1"], 1440]);
  near(even.watch.due_at, Date.now() + 24 * HOUR);
});

test("edits of the card show at once", async () => {
  await given(client());
  await about("client_updated", { base_seq: 1, fields: { phone: "999" } });
  assert.deepEqual([(await kari()).phone, (await kari()).pending_update], ["999", true]);
});

test("a concern raised here burns at once, and says that nobody has been told", async () => {
  await given(client());
  const now = await about("concern_raised", { reason: "rop" });
  await about("concern_raised", { reason: "litt", urgency: "today" });
  const { alerts } = await readState();
  assert.deepEqual(
    [...alerts.values()].map((one) => [one.id, one.kind, one.pending]),
    [[now.id, "concern", true]],
  );
});

test("a crisis is a case and an alert at once, steps need nothing, and closing it marks both", async () => {
  await given(client());
  const opened = await about("crisis_opened", { kind: "overdose" }, { caseId: "k1", teamId: "t1" });
  await about("crisis_step_logged", { step: "called_113" }, { caseId: "k1" });
  let state = await readState();
  assert.deepEqual(
    [state.cases.get("k1").kind, state.cases.get("k1").status, state.alerts.get(opened.id).case_id],
    ["crisis", "open", "k1"],
  );
  await about("crisis_closed", { outcome: "calmed_home" }, { caseId: "k1" });
  state = await readState();
  assert.deepEqual([state.cases.get("k1").status, state.alerts.get(opened.id).pending_end], ["closed", true]);
  near(state.clients.get(KARI).watch.last_seen_at, Date.now());
});

test("«Jeg tar den», utsett, gi videre and ferdig are marked as not sent", async () => {
  await given(client(), alert());
  await about("alert_acknowledged", { alert_id: "a1" });
  await about("alert_snoozed", { alert_id: "a1", until: ago(-1), reason: "x" });
  await about("alert_handed_over", { alert_id: "a1", to_staff_id: "s9" });
  await about("alert_resolved", { alert_id: "a1", outcome: "other", reason: "x" });
  const one = (await readState()).alerts.get("a1");
  assert.deepEqual(
    [one.pending_ack, one.pending_hand_over, one.pending_end, one.state, one.owner],
    [true, "s9", true, "open", null],
  );
  assert.ok(one.pending_snooze);
});

test("«var sett, ikke ført» moves the clock to when she was seen", async () => {
  await given(client(), alert());
  await save(
    makeEntry("alert_resolved", { alert_id: "a1", outcome: "was_seen", seen_at: ago(5), seen_by: "Per", reason: "x" }),
  );
  near((await kari()).watch.last_seen_at, Date.now() - 5 * HOUR);
});

test("a planned absence stops the clock, an unknown one never, and its end starts it again", async () => {
  await given(client());
  await about("absence_started", { absence_id: "b0", kind: "unknown" });
  assert.equal((await kari()).watch.due_at, WATCH.due_at);
  await about("absence_started", { absence_id: "b1", kind: "admitted", where: "DPS" });
  let state = await readState();
  assert.deepEqual(
    [state.clients.get(KARI).watch.paused_by, state.clients.get(KARI).watch.due_at, state.absences.get("b1").where],
    ["b1", null, "DPS"],
  );
  await about("absence_ended", { absence_id: "b1" });
  state = await readState();
  assert.equal(state.clients.get(KARI).watch.paused_by, null);
  near(state.clients.get(KARI).watch.due_at, Date.now() + 24 * HOUR);
});

test("a new agreement sets the clock, and one withdrawn takes the key away but not the clock", async () => {
  await given(client({ last_seen_at: ago(2) }));
  await about("watch_set", {
    mode: "interval",
    interval_minutes: 240,
    counts: ["seen", "heard"],
    may_enter: true,
    key_ref: "14",
    reason: "x",
  });
  near((await kari()).watch.due_at, Date.now() + 2 * HOUR);
  await about("agreement_withdrawn", { kind: "watch", how: "at_door" });
  const { watch } = await kari();
  assert.deepEqual([watch.may_enter, watch.key_ref], [false, null]);
  near(watch.due_at, Date.now() + 2 * HOUR);
});

test("per shift the server says when it is due; a contact only puts the old time away", async () => {
  await given(client({ mode: "each_shift" }));
  await about("visit_logged", { outcome: "seen" });
  assert.equal((await kari()).watch.due_at, null);
});

test("a death ends the clock at once, and so does the end of follow-up", async () => {
  await given(client());
  await about("home_entered", { ground: "police_or_ambulance", reason: "x", found: "dead" });
  assert.deepEqual([(await kari()).watch.due_at, (await kari()).deceased], [null, true]);
  await about("follow_up_ended", { reason: "died" });
  assert.equal((await kari()).ended_reason, "died");
});

test("rent and complaints open cases, and updates add to what is known", async () => {
  await given(client());
  await about(
    "rent_problem_reported",
    { amount_nok: "14250.00", letters: [{ kind: "eviction_notice", dated_on: "2026-11-03" }] },
    { caseId: "k1", teamId: "t1" },
  );
  await about("rent_problem_updated", { plan: "instalments", status: "agreed" }, { caseId: "k1" });
  await about(
    "neighbour_complaint_received",
    { what: ["noise"], complainant: "neighbour", client_role: "suffers" },
    { caseId: "k2" },
  );
  const { cases } = await readState();
  assert.deepEqual(
    [cases.get("k1").kind, cases.get("k1").status, cases.get("k1").facts.amount_nok, cases.get("k1").facts.plan],
    ["rent", "agreed", "14250.00", "instalments"],
  );
  assert.equal(cases.get("k2").kind, "complaint");
});

test("duty set here is on the list", async () => {
  await save(makeEntry("duty_set", { team_id: "t1", staff_id: "s1", duty: "duty", from_at: ago(1), to_at: ago(-7) }));
  assert.deepEqual(
    (await readState()).duty.map((one) => [one.staff_id, one.pending]),
    [["s1", true]],
  );
});

test("a visit runs from the moment it is saved, and ending it marks the alert about it", async () => {
  const overdue = {
    kind: "alert",
    id: "a2",
    seq: 3,
    data: {
      id: "a2",
      kind: "staff_overdue",
      subject_id: "v1",
      client_id: KARI,
      staff_id: ALICE.id,
      state: "open",
      owner: null,
    },
  };
  await given(client(), overdue);
  await about("visit_started", { visit_id: "v1", expected_end_at: ago(-1), with_staff: ["s9"] });
  let state = await readState();
  const { staff_id, client_id, ended_at, with_staff, pending } = state.visits.get("v1");
  assert.deepEqual([staff_id, client_id, ended_at, with_staff, pending], [ALICE.id, KARI, null, ["s9"], true]);
  near(state.visits.get("v1").started_at, Date.now());
  await about("visit_ended", { visit_id: "v1" });
  state = await readState();
  near(state.visits.get("v1").ended_at, Date.now());
  assert.equal(state.alerts.get("a2").pending_end, true);
});

test("asking for help burns at once as mine, and says that nobody has been told; taken back it is gone", async () => {
  await given(client());
  const help = await save(makeEntry("help_requested", { place_label: "Parken" }, { teamId: "t1" }));
  const [one] = (await readState()).alerts.values();
  assert.deepEqual(
    [one.id, one.kind, one.staff_id, one.subject_id, one.team_id, one.pending],
    [help.id, "staff_help", ALICE.id, help.id, "t1", true],
  );
  await save(undoOf(help));
  assert.equal((await readState()).alerts.size, 0);
});

test("a watch handed over here stands as asked, not as taken, and one taken over here has my name", async () => {
  const theirs = {
    kind: "hand_over",
    id: "h1",
    seq: 4,
    data: { id: "h1", client_id: KARI, from_team_id: "t2", to_team_id: "t1", until_at: ago(-9), taken_by: null },
  };
  await given(client({ team_id: "t1" }), theirs);
  const asked = await about("watch_handed_over", { to_team_id: "t2", until_at: ago(-10) });
  await about("watch_taken_over", { handed_over_id: "h1" });
  const { handOvers } = await readState();
  const { from_team_id, to_team_id, asked_by, taken_by } = handOvers.get(asked.id);
  assert.deepEqual([from_team_id, to_team_id, asked_by, taken_by], ["t1", "t2", ALICE.id, null]);
  assert.deepEqual([handOvers.get("h1").taken_by, handOvers.get("h1").pending], [ALICE.id, true]);
});

test("an absence asked about keeps its end unless a new one was said, and the line about it is done", async () => {
  const absence = {
    kind: "absence",
    id: "b1",
    seq: 3,
    data: {
      id: "b1",
      client_id: KARI,
      kind: "admitted",
      started_at: ago(200),
      expected_end_at: ago(2),
      ended_at: null,
    },
  };
  const asked = {
    kind: "alert",
    id: "a3",
    seq: 4,
    data: { id: "a3", kind: "absence_overdue", subject_id: "b1", client_id: KARI, state: "open", owner: null },
  };
  await given(client(), absence, asked);
  await about("absence_confirmed", { absence_id: "b1", confirmed_with: "Post 4" });
  let state = await readState();
  assert.deepEqual(
    [state.absences.get("b1").expected_end_at, state.alerts.get("a3").pending_end],
    [absence.data.expected_end_at, true],
  );
  await about("absence_confirmed", { absence_id: "b1", expected_end_on: "2027-01-05" });
  state = await readState();
  assert.deepEqual(
    [state.absences.get("b1").expected_end_at, state.absences.get("b1").expected_end_on],
    [undefined, "2027-01-05"],
  );
});

test("nothing of this touches the replica: what the server says next is what stands", async () => {
  await given(client());
  await about("visit_logged", { outcome: "seen" });
  await readState();
  server.online = true;
  server.pages = [{ changes: [client({ last_seen_at: ago(1), due_at: ago(-23) })], cursor: "c2" }];
  await flush();
  near((await kari()).watch.last_seen_at, Date.now() - HOUR);
});

const DUTY = { team_id: "t1", staff_id: ALICE.id, duty: "duty", from_at: ago(-5), to_at: ago(-13) };
const duty = (id, data = {}) => ({ kind: "duty", id, seq: 5, data: { id, ...DUTY, ...data } });
const dutyOf = async (id) => (await readState()).duty.find((one) => one.id === id);

test("an offered duty is marked, and stays whose it was", async () => {
  await given(duty("d1"), duty("d2", { staff_id: "mona" }));
  const entry = await save(makeEntry("duty_handed_over", { duty_id: "d1", to_staff_id: "mona", in_return_for: "d2" }));
  const one = await dutyOf("d1");
  assert.deepEqual(
    [one.staff_id, one.pending_offer, one.offer.id, one.offer.to_staff_id, one.offer.in_return_for],
    [ALICE.id, true, entry.id, "mona", "d2"],
  );
  await save(undoOf(entry));
  assert.equal((await dutyOf("d1")).offer, undefined);
});

test("a yes to an offer is a mark too: the duty is the other's until the server has it", async () => {
  await given(
    duty("d1", { staff_id: "mona", offer: { id: "o1", to_staff_id: ALICE.id, in_return_for: null, made_at: ago(1) } }),
  );
  await save(makeEntry("duty_taken_over", { handed_over_id: "o1" }));
  const one = await dutyOf("d1");
  assert.deepEqual([one.staff_id, one.pending_take], ["mona", true]);
});

const seenEntry = (id, at, seq, body = { outcome: "seen", place: "home" }) => ({
  kind: "entry",
  id,
  seq,
  data: { id, type: "visit_logged", client_id: KARI, author_id: ALICE.id, occurred_at: at, corrected_at: at, body },
});
const corrects = (id, body, more = {}) =>
  about("entry_corrected", { entry_id: id, what: "text", reason: "x", body, ...more });

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
