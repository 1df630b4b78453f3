// @ts-check
/** Where a person stands before the phone: whom it can be unlocked for, whether a PIN is to be chosen, who may write while it is locked. */
import { me, staffOnPhone } from "../staff.js";
import { getValue } from "../values.js";
import { isOpenFor } from "../vault.js";
import { lastUser } from "./last_user.js";
import { passwordNeeded, peopleHere, vaultOf } from "./people.js";

/** @typedef {import("../staff.js").Staff} Staff */

/** Signed in, and without a vault that a PIN opens. @param {string} staffId */
const mayChoose = async (staffId) => !(await vaultOf(staffId)) && !(await passwordNeeded()).includes(staffId);

/**
 * `open`: `who` may see what is here. `choosing`: signed in, without a PIN. `writer`: whose what is written now would be,
 * the last person who used the phone within 14 hours; null: nobody's, so nothing can be written.
 * @returns {Promise<{who: Staff | null, open: boolean, choosing: boolean, people: Awaited<ReturnType<typeof peopleHere>>, writer: Staff | null}>}
 */
export async function readGate() {
  const [who, people, last] = await Promise.all([me(), peopleHere(), getValue("last_used")]);
  const open = isOpenFor(who?.id);
  const choosing = Boolean(who) && !open && (await mayChoose(/** @type {Staff} */ (who).id));
  const writer = lastUser(last) ? ((await staffOnPhone(last.id)) ?? null) : null;
  return { who, open, choosing, people, writer: writer?.name ? writer : null };
}
