/** Opens what a phone has sealed, as the server does (RFC 9180 base mode, P-256, HKDF-SHA256, AES-256-GCM). */
import { createHmac, createHash } from "node:crypto";

const text = (value) => Buffer.from(value, "utf8");
const KEM = Buffer.concat([text("KEM"), Buffer.from([0, 0x10])]);
const SUITE = Buffer.concat([text("HPKE"), Buffer.from([0, 0x10, 0, 1, 0, 2])]);
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
const extract = (suite, salt, label, ikm) =>
  hmac(salt.length ? salt : Buffer.alloc(32), Buffer.concat([text("HPKE-v1"), suite, text(label), ikm]));
const expand = (suite, secret, label, info, length) =>
  hmac(
    secret,
    Buffer.concat([Buffer.from([0, length]), text("HPKE-v1"), suite, text(label), info, Buffer.from([1])]),
  ).subarray(0, length);

/** A server's sealing key: {answer, open}. */
export async function aSealingKey() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const point = Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key_id = createHash("sha256").update(point).digest("base64url");
  const answer = {
    key_id,
    suite: "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM",
    public_key: point.toString("base64url"),
  };
  return { answer, key_id, open: (element, info) => opened(pair.privateKey, point, element, info) };
}

async function opened(privateKey, point, { id, sealed }, purpose = "sett entry 1") {
  const bytes = Buffer.from(sealed, "base64url");
  const enc = bytes.subarray(0, 65);
  const theirs = await crypto.subtle.importKey("raw", enc, CURVE, false, []);
  const dh = Buffer.from(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, privateKey, 256));
  const none = Buffer.alloc(0);
  const shared = expand(KEM, extract(KEM, none, "eae_prk", dh), "shared_secret", Buffer.concat([enc, point]), 32);
  const info = text(purpose);
  const context = Buffer.concat([
    Buffer.from([0]),
    extract(SUITE, none, "psk_id_hash", none),
    extract(SUITE, none, "info_hash", info),
  ]);
  const secret = extract(SUITE, shared, "secret", none);
  const key = await crypto.subtle.importKey("raw", expand(SUITE, secret, "key", context, 32), "AES-GCM", false, [
    "decrypt",
  ]);
  const how = { name: "AES-GCM", iv: expand(SUITE, secret, "base_nonce", context, 12), additionalData: text(id) };
  return JSON.parse(Buffer.from(await crypto.subtle.decrypt(how, key, bytes.subarray(65))).toString("utf8"));
}
