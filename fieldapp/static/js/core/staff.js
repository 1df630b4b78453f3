// @ts-check
/** The staff who have used this phone: who they are, and the key that proves their entries. Known beyond session and lock. */
import { read } from "./db.js";
import { PHONE } from "./schema.js";

/** @typedef {{id: string, name: string, role: string, teams: {id: string, name: string, kind: string}[], delivery_key?: string}} Staff */

/** @param {string} id @returns {Promise<Staff | undefined>} */
export const staffOnPhone = (id) => read(PHONE, ["staff"], (tx) => tx.objectStore("staff").get(id));

/** Who uses this phone now or did last, signed in and not out, locked or not. @returns {Promise<Staff | null>} */
export async function me() {
  return read(PHONE, ["staff", "values"], async (tx) => {
    const current = await tx.objectStore("values").get("current");
    return (current?.value && (await tx.objectStore("staff").get(current.value))) || null;
  });
}
