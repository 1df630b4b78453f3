/** A phone with what the server has told it, before each test of what waits on it. Owns the builders, no test. */
import assert from "node:assert/strict";
import { beforeEach } from "node:test";
import { ALICE, aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";

export const HOUR = 3_600_000;
export const ago = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
export const near = (text, ms) =>
  assert.ok(Math.abs(Date.parse(text) - ms) < 5_000, `${text} is not near ${new Date(ms).toISOString()}`);
export const WATCH = {
  mode: "interval",
  interval_minutes: 1440,
  counts: ["seen"],
  last_seen_at: ago(30),
  due_at: ago(6),
  paused_by: null,
};
export const client = (watch = {}, data = {}) => ({
  kind: "client",
  id: KARI,
  seq: 1,
  data: { name: "Kari", team_ids: ["t1"], watch: { ...WATCH, ...watch }, ...data },
});
export const alert = (data = {}) => ({
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
export const about = (type, body, around = {}) => save(makeEntry(type, body, { clientId: KARI, ...around }));
export const kari = async () => (await readState()).clients.get(KARI);

export let server;
export const given = async (...changes) => {
  server.pages = [{ changes, cursor: "c1" }];
  await flush();
  server.online = false;
};

/** A contact the server has, of `hours` ago. */
export const visit = (id, hours, seq, body = { outcome: "seen" }) => ({
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
export const fix = (body) => about("entry_corrected", { what: "text", reason: "feil", ...body });

export const DUTY = { team_id: "t1", staff_id: ALICE.id, duty: "duty", from_at: ago(-5), to_at: ago(-13) };
export const duty = (id, data = {}) => ({ kind: "duty", id, seq: 5, data: { id, ...DUTY, ...data } });
export const dutyOf = async (id) => (await readState()).duty.find((one) => one.id === id);

export const seenEntry = (id, at, seq, body = { outcome: "seen", place: "home" }) => ({
  kind: "entry",
  id,
  seq,
  data: { id, type: "visit_logged", client_id: KARI, author_id: ALICE.id, occurred_at: at, corrected_at: at, body },
});
export const corrects = (id, body, more = {}) =>
  about("entry_corrected", { entry_id: id, what: "text", reason: "x", body, ...more });

beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});
