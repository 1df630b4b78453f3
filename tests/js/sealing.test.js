/** Sealing on the phone: the steps of RFC 9180, and the very bytes that the server opens (tests/sync/test_sealing.py). */
import assert from "node:assert/strict";
import { createECDH, webcrypto } from "node:crypto";
import { test } from "node:test";
import { vectors } from "./_vectors.js";
import {
  ENTRY_INFO,
  keyIdOf,
  readKey,
  seal,
  sealEntry,
  sealUnder,
  SUITE,
} from "../../fieldapp/static/js/core/sealing.js";

const { key, made, rfc, suite } = vectors("sealed");
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SERVER = { suite, key_id: key.key_id, public_key: key.public_key };
const AES_128 = { id: 1, keyBytes: 16 };
const AES_256 = { id: 2, keyBytes: 32 };

const hex = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "hex"));
const raw = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "base64url"));
const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("base64url");

/** @param {Uint8Array} privateKey */
async function pairOf(privateKey) {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(privateKey);
  const point = curve.getPublicKey();
  const jwk = { kty: "EC", crv: "P-256", x: text(point.subarray(1, 33)), y: text(point.subarray(33)) };
  return {
    publicKey: await webcrypto.subtle.importKey("jwk", jwk, CURVE, true, []),
    privateKey: await webcrypto.subtle.importKey("jwk", { ...jwk, d: text(privateKey) }, CURVE, false, ["deriveBits"]),
  };
}

test("the steps are those of RFC 9180 (A.3.1)", async () => {
  const parts = [rfc.pkRm, rfc.info, rfc.aad, rfc.pt].map(hex);
  const sealed = await sealUnder(await pairOf(hex(rfc.skEm)), AES_128, .../** @type {any} */ (parts));
  assert.equal(Buffer.from(sealed).toString("hex"), rfc.pkEm + rfc.ct);
});

for (const { name, ephemeral, to, info, aad, plaintext, sealed } of made) {
  test(`sealed: ${name}`, async () => {
    const again = await sealUnder(await pairOf(raw(ephemeral)), AES_256, raw(to), info, aad, plaintext);
    assert.equal(text(again), sealed);
  });
}

test("the server's key is taken when it is the one it says", async () => {
  assert.equal(suite, SUITE);
  assert.deepEqual(await readKey(SERVER), { keyId: key.key_id, publicKey: raw(key.public_key) });
});

for (const [name, wrong] of Object.entries({
  "another suite": { suite: "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM" },
  "another id": { key_id: "A".repeat(43) },
  "no id": { key_id: undefined },
  "another key": { public_key: made[0].sealed.slice(0, 87) },
  "no base64": { public_key: "«»" },
})) {
  test(`a key is not taken with ${name}`, () => assert.rejects(readKey({ ...SERVER, ...wrong })));
}

test("a key is not taken that is no point of the curve", async () => {
  const bent = raw(key.public_key);
  bent[64] ^= 1;
  await assert.rejects(readKey({ suite, key_id: await keyIdOf(bent), public_key: text(bent) }));
});

test("an answer that is no key is not taken", () => assert.rejects(readKey(null)));

test("an entry is sealed anew each time, bound to its id, with its number beside it", async () => {
  const server = await readKey(SERVER);
  const entry = {
    id: "01934F00-0000-7000-8000-0000000000A1",
    device_seq: 7,
    type: "visit_logged",
    body: { note: "🙂" },
  };
  const [one, two] = [await sealEntry(server, entry), await sealEntry(server, entry)];
  assert.deepEqual(Object.keys(one), ["id", "device_seq", "key_id", "sealed"]);
  assert.deepEqual([one.id, one.device_seq, one.key_id], [entry.id.toLowerCase(), 7, key.key_id]);
  assert.notEqual(one.sealed, two.sealed);
  assert.notEqual(one.sealed.slice(0, 87), two.sealed.slice(0, 87));
  const inner = JSON.stringify({ id: entry.id, type: entry.type, body: entry.body });
  assert.equal(raw(one.sealed).length, 65 + Buffer.byteLength(inner) + 16);
});

test("a large entry is sealed", async () => {
  const sealed = await seal(raw(key.public_key), ENTRY_INFO, "x", "å".repeat(32_000));
  assert.equal(raw(sealed).length, 65 + 64_000 + 16);
});
