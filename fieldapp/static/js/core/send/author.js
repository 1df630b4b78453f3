// @ts-check
/**
 * Who writes an entry, and the key that proves it wherever it is delivered from. With the vault open it is whoever uses the
 * phone; on a locked phone the last person who used it within 14 hours, and the entry says that it was locked.
 */
import { read } from "../db.js";
import { PHONE } from "../schema.js";
import { isOpenFor } from "../vault.js";
import { lastUser } from "../vault/last_user.js";
import { SaveError } from "./envelope.js";

/** @returns {Promise<{author_id: string, author_key?: string, locked?: true}>} @throws {SaveError} `no_author` */
export async function whoWrites() {
  const [current, last, staff] = await read(PHONE, ["values", "staff"], (tx) =>
    Promise.all([
      tx.objectStore("values").get("current"),
      tx.objectStore("values").get("last_used"),
      tx.objectStore("staff").getAll(),
    ]),
  );
  const open = isOpenFor(current?.value);
  const author = open ? current.value : lastUser(last?.value);
  const key = staff.find((/** @type {any} */ one) => one.id === author)?.delivery_key;
  if (!author) throw new SaveError("no_author");
  return { author_id: author, ...(key ? { author_key: key } : {}), ...(open ? {} : { locked: true }) };
}
