// @ts-check
/**
 * Sealing (HPKE, RFC 9180) with WebCrypto alone: what is sealed to the server's key nobody can read on the phone.
 * Owns the suite and the form of a sealed entry, as sync/sealing.py does on the server; vectors/sealed.json holds both to it.
 * Where keys and sealed entries are kept is for others.
 */

export const SUITE = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM";
export const ENTRY_INFO = "sett entry 1";
export const VIEWS_INFO = "sett views 1";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const AES_256 = { id: 2, keyBytes: 32 };
const NONCE_BYTES = 12;
const KEM = suiteId("KEM", 0x10);

/**
 * The key that an answer of the server names (`GET /api/sealing/key`), checked. Throws when it is of another suite, no
 * point of the curve, or not the one that its `key_id` names: nothing may be sealed to such a key.
 * @param {any} answer @returns {Promise<{keyId: string, publicKey: Uint8Array}>}
 */
export async function readKey(answer) {
  if (answer?.suite !== SUITE) throw new Error(`sealing: unknown suite ${answer?.suite}`);
  const publicKey = decode(String(answer.public_key));
  if (answer.key_id !== (await keyIdOf(publicKey))) throw new Error("sealing: the key is not the one it says");
  await importPoint(publicKey);
  return { keyId: answer.key_id, publicKey };
}

/** What a key is called: nobody can pass another off under its name. @param {Uint8Array} publicKey */
export const keyIdOf = async (publicKey) =>
  encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(publicKey))));

/**
 * An entry as it is kept and sent: sealed, bound to its id. Its number is beside it, since it may change.
 * @param {{keyId: string, publicKey: Uint8Array}} key
 * @param {{id: string, device_seq?: number}} envelope with `author_id`, and `author_key` if the phone has one
 * @returns {Promise<{id: string, device_seq: number | undefined, key_id: string, sealed: string}>}
 */
export async function sealEntry({ keyId, publicKey }, envelope) {
  const { device_seq, ...inner } = envelope;
  const id = envelope.id.toLowerCase();
  return { id, device_seq, key_id: keyId, sealed: await seal(publicKey, ENTRY_INFO, id, JSON.stringify(inner)) };
}

/**
 * A report of what was opened, as it is kept and sent: sealed, bound to its id.
 * @param {{keyId: string, publicKey: Uint8Array}} key @param {{id: string}} report with `staff_id`, and `author_key` if the phone has one
 * @returns {Promise<{id: string, key_id: string, sealed: string}>}
 */
export async function sealReport({ keyId, publicKey }, report) {
  const id = report.id.toLowerCase();
  return { id, key_id: keyId, sealed: await seal(publicKey, VIEWS_INFO, id, JSON.stringify(report)) };
}

/**
 * Seal to a public key, under a new ephemeral key each time; base64url of the ephemeral point and the ciphertext.
 * @param {Uint8Array} publicKey an uncompressed point @param {string | Uint8Array} info what it is for
 * @param {string | Uint8Array} aad what it is bound to @param {string | Uint8Array} plaintext
 */
export async function seal(publicKey, info, aad, plaintext) {
  const ephemeral = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  return encode(await sealUnder(ephemeral, AES_256, publicKey, info, aad, plaintext));
}

export const FILE_INFO = "sett file 1";

/**
 * A photo as it is kept and sent: sealed, bound to its id; the bytes themselves.
 * @param {{publicKey: Uint8Array}} key @param {string} id @param {Uint8Array} image
 */
export async function sealFile({ publicKey }, id, image) {
  const ephemeral = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  return sealUnder(ephemeral, AES_256, publicKey, FILE_INFO, id.toLowerCase(), image);
}

/**
 * The steps of RFC 9180 (4.1 Encap, 5.1 KeySchedule in mode base, 6.1 Seal); apart so that its vectors can be tried.
 * An ephemeral key MUST NOT be used twice.
 * @param {CryptoKeyPair} ephemeral @param {{id: number, keyBytes: number}} aead
 * @param {Uint8Array} publicKey @param {string | Uint8Array} info @param {string | Uint8Array} aad
 * @param {string | Uint8Array} plaintext @returns {Promise<Uint8Array>}
 */
export async function sealUnder(ephemeral, aead, publicKey, info, aad, plaintext) {
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", ephemeral.publicKey));
  const shared = await sharedSecret(ephemeral.privateKey, enc, publicKey);
  const { key, nonce } = await keysFrom(shared, aead, bytes(info));
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: bytes(aad) };
  const ciphertext = await crypto.subtle.encrypt(algorithm, aes, bytes(plaintext));
  return joined(enc, new Uint8Array(ciphertext));
}

/** @param {CryptoKey} privateKey @param {Uint8Array} enc @param {Uint8Array} publicKey */
async function sharedSecret(privateKey, enc, publicKey) {
  const exchange = { name: "ECDH", public: await importPoint(publicKey) };
  const dh = new Uint8Array(await crypto.subtle.deriveBits(exchange, privateKey, 256));
  const secret = await extract(KEM, new Uint8Array(0), "eae_prk", dh);
  return expand(KEM, secret, "shared_secret", joined(enc, publicKey), 32);
}

/** @param {Uint8Array} shared @param {{id: number, keyBytes: number}} aead @param {Uint8Array} info */
async function keysFrom(shared, aead, info) {
  const suite = suiteId("HPKE", 0x10, 0x01, aead.id);
  const none = new Uint8Array(0);
  const [pskId, infoHash] = [
    await extract(suite, none, "psk_id_hash", none),
    await extract(suite, none, "info_hash", info),
  ];
  const context = joined(new Uint8Array([0]), pskId, infoHash);
  const secret = await extract(suite, shared, "secret", none);
  return {
    key: await expand(suite, secret, "key", context, aead.keyBytes),
    nonce: await expand(suite, secret, "base_nonce", context, NONCE_BYTES),
  };
}

/** LabeledExtract. @param {Uint8Array} suite @param {Uint8Array} salt @param {string} label @param {Uint8Array} ikm */
const extract = (suite, salt, label, ikm) =>
  hmac(salt.length ? salt : new Uint8Array(32), joined(bytes("HPKE-v1"), suite, bytes(label), ikm));

/**
 * LabeledExpand to at most the length of one hash, so that one round is all of it.
 * @param {Uint8Array} suite @param {Uint8Array} secret @param {string} label @param {Uint8Array} info @param {number} length
 */
async function expand(suite, secret, label, info, length) {
  const named = joined(new Uint8Array([0, length]), bytes("HPKE-v1"), suite, bytes(label), info, new Uint8Array([1]));
  return (await hmac(secret, named)).slice(0, length);
}

/** @param {Uint8Array} key @param {Uint8Array} data */
async function hmac(key, data) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", bytes(key), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes(data)));
}

/** @param {Uint8Array} point */
const importPoint = (point) => crypto.subtle.importKey("raw", bytes(point), CURVE, false, []);

/** @param {string} name @param {number[]} ids each written in two bytes */
function suiteId(name, ...ids) {
  return joined(bytes(name), new Uint8Array(ids.flatMap((id) => [id >> 8, id & 255])));
}

/** @param {string | Uint8Array} value @returns {Uint8Array<ArrayBuffer>} */
function bytes(value) {
  return typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value);
}

/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Base64url without padding. @param {Uint8Array} raw */
function encode(raw) {
  let text = "";
  for (const byte of raw) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
function decode(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
