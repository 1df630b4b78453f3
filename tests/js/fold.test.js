/** What waits on the phone shows at once, and never pretends that anybody has been told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, WATCH, about, ago, alert, client, given, kari, near, server } from "./_fold.js";
import { KARI } from "./_phone.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { settle } from "../../fieldapp/static/js/core/send/verdicts.js";

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

test("nothing of this touches the replica: what the server says next is what stands", async () => {
  await given(client());
  await about("visit_logged", { outcome: "seen" });
  await readState();
  server.online = true;
  server.pages = [{ changes: [client({ last_seen_at: ago(1), due_at: ago(-23) })], cursor: "c2" }];
  await flush();
  near((await kari()).watch.last_seen_at, Date.now() - HOUR);
});
