/** What waits on the phone moves the clock at once: contacts, absences, agreements, deaths. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, WATCH, about, ago, alert, client, given, kari, near } from "./_fold.js";
import { KARI } from "./_phone.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";

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
