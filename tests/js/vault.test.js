/** The vault: which PIN will do, who gets in, and what is gone after the fifth wrong one. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ALICE, aServer, BOB, forgetMemory, freshPhone, KARI, PIN, signIn } from "./_phone.js";
import { stored, storedText } from "./_storage.js";
import { emit } from "../../fieldapp/static/js/core/bus.js";
import { write } from "../../fieldapp/static/js/core/db.js";
import { getDraft, putDraft } from "../../fieldapp/static/js/core/drafts.js";
import { readState } from "../../fieldapp/static/js/core/replica/replica.js";
import { PHONE } from "../../fieldapp/static/js/core/schema.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { counts, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { dropAccess, signIn as enter, signOut } from "../../fieldapp/static/js/core/session.js";
import { isOpenFor, open, seal, VaultClosed } from "../../fieldapp/static/js/core/vault.js";
import { HIDDEN_MS, IDLE_MS, mustLock } from "../../fieldapp/static/js/core/vault/idle.js";
import { newDeviceKey, newLock, openLock } from "../../fieldapp/static/js/core/vault/keys.js";
import { choosePin, lock, peopleHere, unlock, vaultOf, waitOf } from "../../fieldapp/static/js/core/vault/people.js";
import { weaknessOf } from "../../fieldapp/static/js/core/vault/pin.js";

const WRONG = "402816";
const kari = { kind: "client", id: KARI, seq: 1, data: { name: "Kari Hemmelig", team_ids: ["t1"] } };
const visit = () => makeEntry("visit_logged", { outcome: "seen", note: "Sa noe om Svigermor" }, { clientId: KARI });

let server;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  server.pages = [{ changes: [kari], cursor: "c1" }];
  await flush();
});

/** The wait is over: the row is as it would be later. */
async function waitOver() {
  const vault = await vaultOf(ALICE.id);
  await write(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").put({ ...vault, tried_at: 1 }));
}

test("a PIN has at least six digits, and is no sequence, no repetition and no year of birth", () => {
  const weak = {
    12345: "short",
    1234567890123: "long",
    "12a456": "digits",
    123456: "sequence",
    876543: "sequence",
    890123: "sequence",
    111111: "repetition",
    121212: "repetition",
    123123: "repetition",
    1212121: "repetition",
    198512: "year",
    311985: "year",
    201099: "year",
  }; // prettier-ignore
  for (const [pin, weakness] of Object.entries(weak)) assert.equal(weaknessOf(pin), weakness, pin);
  for (const pin of [PIN, WRONG, "001985".replace("1985", "7185"), "24681357"])
    assert.equal(weaknessOf(pin), null, pin);
});

test("a weak PIN makes no vault, and leaves the one there is", async () => {
  assert.equal(await choosePin(ALICE.id, "123456"), "sequence");
  lock();
  assert.equal((await unlock(ALICE.id, PIN)).kind, "open");
});

test("the lock opens with its PIN, its device key and its person, and nothing else", async () => {
  const device = await newDeviceKey();
  const { lock: made } = await newLock(ALICE.id, PIN, device);
  assert.ok(await openLock(ALICE.id, PIN, made));
  assert.equal(await openLock(ALICE.id, WRONG, made), null);
  assert.equal(await openLock(BOB.id, PIN, made), null);
  assert.equal(await openLock(ALICE.id, PIN, { ...made, device: await newDeviceKey() }), null);
  assert.equal(await openLock(ALICE.id, PIN, { ...made, salt: new Uint8Array(16) }), null);
  await assert.rejects(crypto.subtle.exportKey("raw", device));
});

test("no key of an open vault can be exported", async () => {
  const { keys } = await newLock(ALICE.id, PIN, await newDeviceKey());
  for (const key of Object.values(keys)) assert.equal(key.extractable, false);
});

test("a row opens in its own store, under its own key, for its own person", async () => {
  const row = await seal(ALICE.id, "head", "k1", { name: "Kari" });
  assert.deepEqual(await open(ALICE.id, "head", "k1", row), { name: "Kari" });
  await assert.rejects(open(ALICE.id, "head", "k2", row));
  await assert.rejects(open(ALICE.id, "entries", "k1", row));
  await assert.rejects(open(ALICE.id, "head", "k1", row, "stubs"));
  await assert.rejects(open(BOB.id, "head", "k1", row), VaultClosed);
  const again = await seal(ALICE.id, "head", "k1", { name: "Kari" });
  assert.notDeepEqual(again.iv, row.iv);
});

test("nothing of anybody can be read in the storage: replica, draft, copy, what waits", async () => {
  server.online = false;
  await save(visit());
  await putDraft(`visit_logged:${KARI}`, { note: "Svigermor igjen" });
  const text = await storedText();
  for (const words of ["Kari", "Hemmelig", "Svigermor", KARI, "visit_logged"]) assert.ok(!text.includes(words), words);
  assert.ok(text.includes(ALICE.id), "who uses the phone is no secret of the phone's");
});

test("a locked phone shows nothing and opens nothing; the PIN brings all of it back", async () => {
  await putDraft("visit", { note: "halv" });
  lock();
  const locked = await readState();
  assert.deepEqual([locked.me, locked.clients.size, locked.gate.who.id, locked.gate.open], [null, 0, ALICE.id, false]);
  assert.equal(await getDraft("visit"), undefined);
  assert.equal((await unlock(ALICE.id, PIN)).kind, "open");
  assert.equal((await readState()).clients.get(KARI).name, "Kari Hemmelig");
  assert.deepEqual(await getDraft("visit"), { note: "halv" });
});

test("a try is on disk before it is made", async (t) => {
  lock();
  const tries = [];
  const original = crypto.subtle.deriveBits;
  t.mock.method(crypto.subtle, "deriveBits", async function (...given) {
    tries.push((await vaultOf(ALICE.id)).tries);
    return original.apply(this, given);
  });
  await unlock(ALICE.id, WRONG);
  await unlock(ALICE.id, WRONG);
  assert.deepEqual(tries, [1, 2]);
});

test("30 seconds after the third wrong one, five minutes after the fourth, and no try counts meanwhile", async () => {
  lock();
  assert.deepEqual(await unlock(ALICE.id, WRONG), { kind: "wrong", left: 4, waitMs: 0 });
  assert.deepEqual(await unlock(ALICE.id, WRONG), { kind: "wrong", left: 3, waitMs: 0 });
  const third = await unlock(ALICE.id, WRONG);
  assert.deepEqual([third.kind, third.left], ["wrong", 2]);
  assert.ok(third.waitMs > 29_000 && third.waitMs <= 30_000);
  assert.equal((await unlock(ALICE.id, PIN)).kind, "wait");
  assert.equal((await vaultOf(ALICE.id)).tries, 3);
  await waitOver();
  const fourth = await unlock(ALICE.id, WRONG);
  assert.ok(fourth.waitMs > 299_000 && fourth.waitMs <= 300_000);
  assert.equal(waitOf({ tries: 4, tried_at: Date.now() + 3_600_000 }), 300_000, "a clock set back waits from now");
  await waitOver();
  assert.equal((await unlock(ALICE.id, PIN)).kind, "open");
  assert.equal((await vaultOf(ALICE.id)).tries, 0);
});

test("after the fifth wrong one replica, drafts and wrapped key are gone, and the outbox goes out", async () => {
  await putDraft("visit", { note: "halv" });
  server.online = false;
  await save(visit());
  lock();
  for (let i = 0; i < 5; i += 1) {
    await waitOver();
    await unlock(ALICE.id, WRONG);
  }
  const { sett, ...replicas } = await stored();
  assert.deepEqual([sett.vaults, sett.sealed_drafts, Object.keys(replicas)], [[], [], []]);
  assert.equal(sett.outbox.length, 1);
  assert.equal((await unlock(ALICE.id, PIN)).kind, "gone");
  server.online = true;
  await flush();
  assert.equal(server.accepted.size, 1);
  assert.equal((await readState()).gate.choosing, false, "the session that still runs lets nobody choose a new PIN");
  await assert.rejects(choosePin(ALICE.id, PIN), VaultClosed);
  await enter("alice", "riktig");
  assert.equal((await readState()).gate.choosing, true, "the password does");
  assert.equal([...server.accepted.values()][0].body.note, "Sa noe om Svigermor");
});

test("a kill between the count and the answer gives no try back", async () => {
  lock();
  const vault = await vaultOf(ALICE.id);
  await write(PHONE, ["vaults"], (tx) => tx.objectStore("vaults").put({ ...vault, tries: 5, tried_at: 1 }));
  assert.equal((await unlock(ALICE.id, PIN)).kind, "gone");
});

test("several people on one phone: each behind their own PIN, and the other’s is closed", async () => {
  await signOutless("bob");
  await choosePin(BOB.id, WRONG);
  assert.deepEqual([isOpenFor(BOB.id), isOpenFor(ALICE.id)], [true, false]);
  assert.deepEqual(
    (await peopleHere()).map((one) => one.name),
    ["Bob", "Alice"],
  );
  server.online = false;
  assert.equal((await unlock(ALICE.id, WRONG)).kind, "wrong");
  assert.equal((await unlock(ALICE.id, PIN)).kind, "open");
  assert.equal((await readState()).clients.get(KARI).name, "Kari Hemmelig");
  assert.equal((await unlock(BOB.id, WRONG)).kind, "open");
  assert.equal((await readState()).clients.size, 0);
});

const signOutless = (username) => enter(username, "riktig");

test("under another’s session nothing comes down, and nothing of theirs is stored as mine", async () => {
  await signOutless("bob");
  await unlock(ALICE.id, PIN);
  server.pages = [{ changes: [{ ...kari, data: { name: "Bobs bruker" } }], cursor: "b1" }];
  await save(visit());
  assert.equal((await flush("session")).kind, "signed_out");
  assert.deepEqual([server.accepted.size, (await readState()).clients.get(KARI).name], [1, "Kari Hemmelig"]);
});

test("sign-out takes the replica and the name from the list; the key stays, and the PIN opens it after a sign-in", async () => {
  server.online = false;
  await save(visit());
  await signOut();
  assert.deepEqual(await peopleHere(), []);
  assert.ok(!Object.keys(await stored()).some((name) => name.includes("vault")));
  assert.equal((await stored()).sett.vaults.length, 1);
  server.online = true;
  await signIn("alice", "riktig");
  assert.equal((await readState()).entriesOf(KARI).length, 1, "what waited is there to see again");
});

test("a forgotten PIN: the password makes a new vault, and what waits goes out all the same", async () => {
  server.online = false;
  await save(visit());
  lock();
  server.online = true;
  await enter("alice", "riktig", { forgotten: ALICE.id });
  assert.equal((await readState()).gate.choosing, true);
  await choosePin(ALICE.id, WRONG);
  await flush("session");
  assert.equal(server.accepted.size, 1);
});

test("somebody else’s sign-in leaves the vault of whoever forgot the PIN", async () => {
  lock();
  await enter("bob", "riktig", { forgotten: ALICE.id });
  assert.equal((await unlock(ALICE.id, PIN)).kind, "open");
});

test("an access that a person ended: replica, drafts, keys go at once, and the outbox stays", async () => {
  server.online = false;
  await save(visit());
  await putDraft("visit", { note: "halv" });
  await dropAccess(ALICE.id);
  const { sett, ...replicas } = await stored();
  assert.deepEqual([sett.vaults, sett.sealed_drafts, sett.copies, Object.keys(replicas)], [[], [], [], []]);
  assert.equal((await counts()).unsent, 1);
  assert.equal((await readState()).accessEnded, true);
});

test("a locked phone learns at the next contact that its access has ended", async () => {
  lock();
  forgetMemory();
  globalThis.fetch = async () =>
    Response.json({ code: "sign_in", message: "Logg inn", ended: true, staff_id: ALICE.id }, { status: 401 });
  await flush();
  for (let i = 0; i < 100 && (await stored()).sett.vaults.length; i += 1)
    await new Promise((next) => setTimeout(next, 10));
  assert.deepEqual((await stored()).sett.vaults, []);
});

test("another window locks, and this one has nothing open", async () => {
  emit("changed", { what: "lock", remote: true });
  await new Promise((done) => setTimeout(done, 10));
  assert.equal((await readState()).me, null);
});

test("five minutes without a touch, or two minutes put away, by the clock and by elapsed time", () => {
  const at = (wall, elapsed = wall) => ({ wall, elapsed });
  assert.equal(mustLock(at(IDLE_MS - 1), at(0), null), false);
  assert.equal(mustLock(at(IDLE_MS), at(0), null), true);
  assert.equal(mustLock(at(HIDDEN_MS, 5), at(0, 0), at(0, 0)), true, "a phone that slept");
  assert.equal(mustLock(at(5, HIDDEN_MS), at(0, 0), at(0, 0)), true, "a clock that stood");
  assert.equal(mustLock(at(HIDDEN_MS - 1), at(0), at(0)), false);
  assert.equal(mustLock(at(HIDDEN_MS), at(HIDDEN_MS - 5), at(0)), false, "another window is in use");
  assert.equal(mustLock(at(-120_000, 5), at(0, 0), null), true, "a clock set back");
});
