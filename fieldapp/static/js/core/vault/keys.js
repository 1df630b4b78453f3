// @ts-check
/**
 * The keys of one person's vault on one phone: how they are made, wrapped by a PIN, and opened again. Knows no storage.
 *
 *   KEK = HKDF(PBKDF2-SHA-256(PIN, salt) ‖ HMAC(device key of that person))
 *   the vault key: 32 random bytes, wrapped by the KEK; from it the keys of content, of stubs and of row names
 *
 * Invariant: the vault key can be read by a script only in the moment it is made; opened, it is a key that can't be exported.
 */

/** How many rounds a new PIN costs. Tests put a lower number here; what is made keeps the number it was made with. */
export const cost = { rounds: 600_000 };

/** @typedef {{content: CryptoKey, stubs: CryptoKey, names: CryptoKey}} Keys */
/** @typedef {{rounds: number, salt: Uint8Array<ArrayBuffer>, iv: Uint8Array<ArrayBuffer>, wrapped: ArrayBuffer, device: CryptoKey | Uint8Array<ArrayBuffer>, digits: number}} Lock */

const subtle = () => globalThis.crypto.subtle;
/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const utf8 = (text) => new TextEncoder().encode(text);
/** @param {number} length @returns {Uint8Array<ArrayBuffer>} */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** @param {ArrayBuffer} a @param {ArrayBuffer} b */
function joined(a, b) {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(new Uint8Array(a));
  both.set(new Uint8Array(b), a.byteLength);
  return both;
}

/** @param {string} pin @param {Pick<Lock, 'salt'|'rounds'>} lock */
async function stretched(pin, { salt, rounds }) {
  const typed = await subtle().importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  return subtle().deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, 256);
}

/** The device's part: a key that can't be exported, or its bytes where a platform can't store such a key. @param {Lock['device']} device */
async function ofDevice(device) {
  const key = device instanceof Uint8Array ? await subtle().importKey("raw", device, HMAC, false, ["sign"]) : device;
  return subtle().sign("HMAC", key, utf8("sett device 1"));
}

/** @param {CryptoKey} base @param {string} purpose @param {Uint8Array<ArrayBuffer>} salt */
const hkdf = (base, purpose, salt = new Uint8Array()) => ({
  params: { name: "HKDF", hash: "SHA-256", salt, info: utf8(purpose) },
  base,
});

/** @param {{params: any, base: CryptoKey}} from @param {KeyUsage[]} uses */
const aes = ({ params, base }, uses) => subtle().deriveKey(params, base, { name: "AES-GCM", length: 256 }, false, uses);

/** @param {string} pin @param {Pick<Lock, 'salt'|'rounds'|'device'>} lock */
async function kekOf(pin, lock) {
  const [fromPin, fromDevice] = await Promise.all([stretched(pin, lock), ofDevice(lock.device)]);
  const base = await subtle().importKey("raw", joined(fromPin, fromDevice), "HKDF", false, ["deriveKey"]);
  return aes(hkdf(base, "sett kek 1", lock.salt), ["encrypt", "unwrapKey"]);
}

/** @param {string} staffId @param {Uint8Array<ArrayBuffer>} iv */
const wrapping = (staffId, iv) => ({ name: "AES-GCM", iv, additionalData: utf8(`sett vault key 1|${staffId}`) });

/** @param {CryptoKey} base @returns {Promise<Keys>} */
async function keysFrom(base) {
  const [content, stubs, names] = await Promise.all([
    aes(hkdf(base, "sett content 1"), ["encrypt", "decrypt"]),
    aes(hkdf(base, "sett stubs 1"), ["encrypt", "decrypt"]),
    subtle().deriveKey(hkdf(base, "sett row names 1").params, base, { ...HMAC, length: 256 }, false, ["sign"]),
  ]);
  return { content, stubs, names };
}

/** A device key: never to be exported. */
export const newDeviceKey = () =>
  /** @type {Promise<CryptoKey>} */ (subtle().generateKey({ ...HMAC, length: 256 }, false, ["sign"]));

/**
 * A new vault key under a PIN.
 * @param {string} staffId @param {string} pin @param {Lock['device']} device @returns {Promise<{lock: Lock, keys: Keys}>}
 */
export async function newLock(staffId, pin, device) {
  const lock = { rounds: cost.rounds, salt: random(16), device };
  const kek = await kekOf(pin, lock);
  const key = random(32);
  const iv = random(12);
  const wrapped = await subtle().encrypt(wrapping(staffId, iv), kek, key);
  const base = await subtle().importKey("raw", key, "HKDF", false, ["deriveKey"]);
  key.fill(0);
  return { lock: { ...lock, iv, wrapped, digits: pin.length }, keys: await keysFrom(base) };
}

/** The keys, or null when the PIN is not the one. @param {string} staffId @param {string} pin @param {Lock} lock @returns {Promise<Keys | null>} */
export async function openLock(staffId, pin, lock) {
  const kek = await kekOf(pin, lock);
  const how = wrapping(staffId, lock.iv);
  const base = await subtle()
    .unwrapKey("raw", lock.wrapped, kek, how, "HKDF", false, ["deriveKey"])
    .catch(() => null);
  return base && keysFrom(base);
}
