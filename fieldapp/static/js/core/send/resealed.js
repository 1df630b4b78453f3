// @ts-check
/**
 * What the server could not open, or not believe, is sealed again where its author's copy is at hand: same id, under the
 * key and with the proof of today. Once for each key, so that a lane ends.
 */
import { write } from "../db.js";
import { PHONE } from "../schema.js";
import { sealingKey } from "../sealing_key.js";
import { staffOnPhone } from "../staff.js";
import { rowsOf } from "./outbox.js";
import { entryOf, sealEntry } from "./sealed.js";

const UNREAD = new Set(["unreadable", "unknown_key"]);

/** @param {import("./outbox.js").Row} row @param {any} entry @param {string} keyId @param {string | undefined} authorKey */
function helps(row, entry, keyId, authorKey) {
  const again = `${keyId} ${authorKey ?? ""}`;
  if (!entry || row.resealed === again) return false;
  return UNREAD.has(row.code ?? "") || (row.code === "author_unproven" && entry.author_key !== authorKey);
}

/** @param {string} staffId whose vault is open here */
export async function sealAgain(staffId) {
  const doubtful = (await rowsOf(staffId)).filter(
    (row) => UNREAD.has(row.code ?? "") || row.code === "author_unproven",
  );
  const key = doubtful.length ? await sealingKey() : null;
  if (!key) return;
  const authorKey = (await staffOnPhone(staffId))?.delivery_key;
  for (const row of doubtful) {
    const entry = await entryOf(row);
    if (!helps(row, entry, key.keyId, authorKey)) continue;
    const content = await sealEntry({ ...entry, author_id: staffId, ...(authorKey ? { author_key: authorKey } : {}) });
    const { code: _code, ...rest } = row;
    const fresh = { ...rest, ...content, state: "pending", resealed: `${key.keyId} ${authorKey ?? ""}` };
    await write(PHONE, ["outbox"], async (tx) => {
      const stands = await tx.objectStore("outbox").get(row.id);
      if (stands) await tx.objectStore("outbox").put(fresh);
    });
  }
}
