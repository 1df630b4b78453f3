/** The phone's id: what proves it, and what a phone does that could not prove it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, ALICE, BOB, freshPhone, KARI, signIn } from "./_phone.js";
import { deviceId } from "../../fieldapp/static/js/core/device.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, rowsOf, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { signOut, staffOnPhone } from "../../fieldapp/static/js/core/session.js";

const ANOTHER = "d0000000-0000-4000-8000-00000000000d";
const registrations = () => server.requests.filter(({ path }) => path === "/api/devices").map(({ body }) => body);
const visit = () => save(makeEntry("visit_logged", { outcome: "seen", place: "home" }, { client_id: KARI }));

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
});

test("a phone proves itself by the keys it holds, whoever signs in", async () => {
  await signIn("alice", "riktig");
  assert.equal(registrations()[0].deliver_for, undefined);
  await signOut();
  await signIn("bob", "riktig");
  assert.deepEqual(registrations().at(-1).deliver_for, [{ staff_id: ALICE.id, key: "key-of-Alice" }]);
  assert.equal(new Set(registrations().map((body) => body.device_id)).size, 1);
});

test("a phone that could not prove itself has the new id, and all that waits is numbered from one", async () => {
  await signIn("alice", "riktig");
  for (let i = 0; i < 3; i++) await visit();
  await flush("user");
  server.online = false;
  for (let i = 0; i < 2; i++) await visit();
  await signOut();
  server.online = true;
  server.called = ANOTHER;
  await signIn("bob", "riktig");
  assert.equal(await deviceId(), ANOTHER);
  assert.deepEqual(
    (await rowsOf(ALICE.id)).filter((row) => row.state === "pending").map((row) => row.device_seq),
    [1, 2],
  );
  const saved = await visit();
  assert.equal(saved.device_seq, 3);
  assert.equal((await staffOnPhone(ALICE.id)).delivery_key, undefined, "it was for the old id");
  assert.equal((await staffOnPhone(BOB.id)).delivery_key, "key-of-Bob");
  await flush("user");
  assert.equal((await rowsOf(ALICE.id)).length, 2, "hers wait for her");
  await signOut();
  await signIn("alice", "riktig");
  await flush("session");
  assert.equal((await counts(ALICE.id)).unsent, 0);
  assert.equal(server.accepted.size, 6);
});

test("an answer that names no id changes nothing", async () => {
  const before = await deviceId();
  server.called = "d";
  await signIn("alice", "riktig");
  assert.equal(await deviceId(), before);
});
