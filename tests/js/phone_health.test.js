/** What a phone tells of itself, when; what it learns of its pushes; and when its owner must be told that it is deaf. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, freshPhone, json, signIn } from "./_phone.js";
import { aState, hoursAgo, ME, NOW, TEAM } from "./_state.js";
import { tellOfPhone } from "../../fieldapp/static/js/core/device.js";
import { pushState } from "../../fieldapp/static/js/core/push.js";
import { confirmSession, me, signOut } from "../../fieldapp/static/js/core/session.js";
import { isOnDuty, whyDeaf } from "../../fieldapp/static/js/views/deaf.js";

const HEALTH = { permission: "granted", installed: true, persistent: true };
const SEEN = {
  subscribed: true,
  last_handed_over_at: null,
  last_receipt_at: "2026-11-24T11:47:00Z",
  silent_since_at: null,
};
const HOUR = 3_600_000;

let server;
let seen;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  seen = SEEN;
  const api = globalThis.fetch;
  globalThis.fetch = async (path, init) => {
    const answer = await api(path, init);
    const told = path === "/api/devices" || (path === "/api/session" && (init.method ?? "GET") === "GET");
    return told && answer.status === 200 ? json({ ...(await answer.json()), push: seen }) : answer;
  };
  await signIn("alice", "riktig");
});

const told = () =>
  server.requests.filter(({ path, body }) => path === "/api/devices" && body.health).map(({ body }) => body.health);
const tell = async (health, how) => tellOfPhone((await me()).id, health, how);

test("it tells of itself once, again when something changed, and otherwise once a day", async () => {
  await tell(HEALTH, { now: NOW });
  assert.equal(await tell(HEALTH, { now: NOW + 23 * HOUR }), null);
  await tell({ ...HEALTH, permission: "denied" }, { now: NOW + 23 * HOUR });
  assert.equal(await tell({ ...HEALTH, permission: "denied" }, { now: NOW + 46 * HOUR }), null);
  await tell({ ...HEALTH, permission: "denied" }, { now: NOW + 47 * HOUR });
  assert.deepEqual(
    told().map(({ permission }) => permission),
    ["granted", "denied", "denied"],
  );
});

test("at a start it tells whatever it told before, and a clock set back makes it tell again", async () => {
  await tell(HEALTH, { now: NOW });
  await tell(HEALTH, { now: NOW, always: true });
  await tell(HEALTH, { now: NOW - HOUR });
  assert.equal(told().length, 3);
});

test("what did not arrive is told again", async () => {
  server.online = false;
  assert.equal((await tell(HEALTH, { now: NOW })).kind, "network");
  server.online = true;
  assert.equal((await tell(HEALTH, { now: NOW })).kind, "ok");
  assert.equal(told().length, 1);
});

test("another person on the same phone is told of too, or they would get no pushes there", async () => {
  await tell(HEALTH, { now: NOW });
  await signOut();
  await signIn("bob", "riktig");
  await tell(HEALTH, { now: NOW });
  assert.equal(told().length, 2);
});

test("what the server has seen is kept for when there is no coverage, and forgotten when somebody else signs in", async () => {
  await tell(HEALTH, { now: NOW });
  assert.deepEqual((await pushState()).seen, SEEN);
  seen = { ...SEEN, silent_since_at: "2026-11-20T08:00:00Z" };
  await confirmSession();
  server.online = false;
  await confirmSession();
  assert.equal((await pushState()).seen.silent_since_at, "2026-11-20T08:00:00Z");
  server.online = true;
  await signOut();
  await signIn("bob", "riktig");
  assert.equal((await pushState()).seen, null);
});

const GOOD = { permission: "granted", subscribed: true, seen: SEEN };

test("a phone is deaf when pushes are not allowed, not subscribed, unknown to the server, or never shown", () => {
  assert.equal(whyDeaf(GOOD), null);
  assert.equal(whyDeaf({ ...GOOD, seen: null }), null, "not asked yet is no proof of harm");
  for (const permission of ["default", "denied", "unsupported"]) assert.equal(whyDeaf({ ...GOOD, permission }), "off");
  assert.equal(whyDeaf({ ...GOOD, subscribed: false }), "off");
  assert.equal(whyDeaf({ ...GOOD, seen: { ...SEEN, subscribed: false } }), "unknown");
  assert.equal(whyDeaf({ ...GOOD, seen: { ...SEEN, silent_since_at: "2026-11-20T08:00:00Z" } }), "silent");
});

test("on duty is who stands on the list now, or anybody in a team that keeps none", () => {
  const listed = (from, to, duty = "duty") => ({
    ...aState({ duty: [{ staff_id: ME, team_id: TEAM, duty, from_at: hoursAgo(from), to_at: hoursAgo(to) }] }),
  });
  assert.equal(isOnDuty(listed(1, -1)), true);
  assert.equal(isOnDuty(listed(1, -1, "backup")), true);
  assert.equal(isOnDuty(listed(2, 1)), false);
  const state = aState();
  state.teams.get(TEAM).duty_ever_set = false;
  assert.equal(isOnDuty(state), true);
  assert.equal(isOnDuty({ ...state, me: { ...state.me, role: "peer" } }), false);
});
