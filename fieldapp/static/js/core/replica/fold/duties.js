// @ts-check
/** What waiting entries do to the duty list. An offer and a yes only leave their mark: a duty changes hands at the server. */
import { clockMs, waits } from "../clock.js";
import { utcIso } from "../../time.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {Overlay} over @param {any} entry */
export const dutySet = (over, entry) =>
  over.put("duty", entry.id, { id: entry.id, ...entry.body, pending: waits(entry) });

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function offered(over, entry, nowMs) {
  const { duty_id: dutyId, to_staff_id: to, in_return_for: back = null } = entry.body;
  const offer = { id: entry.id, to_staff_id: to, in_return_for: back, made_at: utcIso(clockMs(entry, nowMs)) };
  over.patch("duty", dutyId, { offer, pending_offer: waits(entry) });
}

/** @param {Overlay} over @param {any} entry */
export function takenOver(over, entry) {
  for (const duty of over.table("duty").values()) {
    if (duty.offer?.id === entry.body.handed_over_id) over.patch("duty", duty.id, { pending_take: true });
  }
}
