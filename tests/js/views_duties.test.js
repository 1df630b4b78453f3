/** Mine vakter: whose a duty is, who is asked, and what has been answered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askable, dutiesOf, offerOf, offeredToMe } from "../../fieldapp/static/js/views/duty_list.js";
import { FORMS, bodyOf, contextOf, shownFields } from "../../fieldapp/static/js/views/forms.js";
import { dutyTimes } from "../../fieldapp/static/js/views/words.js";
import { ME, MONA, NOW, TEAM, aState, hoursAgo } from "./_state.js";

const duty = (id, staff_id, inHours, more = {}) => ({
  id,
  team_id: TEAM,
  staff_id,
  duty: "duty",
  from_at: hoursAgo(-inHours),
  to_at: hoursAgo(-inHours - 8),
  ...more,
});
const offer = (to_staff_id, in_return_for = null) => ({
  offer: { id: "o", to_staff_id, in_return_for, made_at: hoursAgo(1) },
});
const ids = (rows) => rows.map((one) => one.id);

test("mine are those that are not over, four weeks ahead, in order", () => {
  const state = aState({
    duty: [
      duty("far", ME, 24 * 29),
      duty("later", ME, 30),
      duty("now", ME, -2),
      duty("over", ME, -9),
      duty("hers", MONA, 3),
    ],
  });
  assert.deepEqual(ids(dutiesOf(state, ME)), ["now", "later"]);
});

test("an offer to me shows until it is taken back here, the duty is over, or what is asked in return is gone", () => {
  assert.deepEqual(ids(offeredToMe(aState({ duty: [duty("d", MONA, 3, offer(ME))] }))), ["d"]);
  assert.deepEqual(offeredToMe(aState({ duty: [duty("d", MONA, 3, offer(ME))], retracted: ["o"] })), []);
  assert.deepEqual(offeredToMe(aState({ duty: [duty("d", MONA, -9, offer(ME))] })), []);
  assert.deepEqual(offeredToMe(aState({ duty: [duty("d", MONA, 3, offer(ME, "gone"))] })), []);
  const swap = aState({ duty: [duty("d", MONA, 3, offer(ME, "mine")), duty("mine", ME, 40)] });
  assert.equal(offerOf(swap, swap.duty[0]).back.id, "mine");
});

test("an erfaringskonsulent is asked only when the leader has put them on the list, a landlord never", () => {
  const state = aState({ duty: [duty("d", ME, 3)] });
  for (const [id, role] of [
    ["peer", "peer"],
    ["lars", "landlord"],
    ["kaia", "fieldworker"],
  ])
    state.staff.set(id, { id, name: id, role, team_ids: [TEAM] });
  assert.deepEqual(ids(askable(state, state.duty[0])), ["kaia", MONA]);
  state.duty.push(duty("p", "peer", 60));
  assert.deepEqual(ids(askable(state, state.duty[0])), ["kaia", MONA, "peer"]);
});

test("the form asks whom, and for what in return only when that colleague has a duty", () => {
  const state = aState({ duty: [duty("d", ME, 3), duty("hers", MONA, 50)] });
  const ctx = contextOf(state, { type: "duty_handed_over", duty: "d" });
  const form = FORMS.duty_handed_over;
  const names = (values) => shownFields(form, values, ctx).map((field) => field.name);
  assert.deepEqual(names({}), ["to_staff_id"]);
  assert.deepEqual(names({ to_staff_id: MONA }), ["to_staff_id", "in_return_for"]);
  assert.deepEqual(bodyOf(form, { to_staff_id: MONA, in_return_for: "hers" }, ctx), {
    duty_id: "d",
    to_staff_id: MONA,
    in_return_for: "hers",
  });
  assert.equal(form.changed({ to_staff_id: "x", in_return_for: "hers" }, "to_staff_id").in_return_for, undefined);
});

test("a night says which day it begins, and a longer one the day it ends", () => {
  assert.equal(
    dutyTimes({ from_at: "2026-11-27T21:30:00Z", to_at: "2026-11-28T06:30:00Z" }, NOW),
    "fredag 27. nov. 22.30–07.30",
  );
  assert.equal(
    dutyTimes({ from_at: "2026-11-27T15:00:00Z", to_at: "2026-11-30T07:00:00Z" }, NOW),
    "fredag 27. nov. 16.00–30. nov. 08.00",
  );
});
