/** Duties, visits, help and hand-overs show at once, as asked and not as taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { about, ago, client, duty, dutyOf, given, near } from "./_fold.js";
import { ALICE, KARI } from "./_phone.js";
import { makeEntry, undoOf } from "../../fieldapp/static/js/core/send/envelope.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";

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
