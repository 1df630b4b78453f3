/** Owns what the history of an alert says, row by row. Apart from the other words: only the alert page needs it. Pure. */
import { N, t } from "../texts/t.js";
import { toldWords } from "./alert_words.js";
import { colleague, sentences } from "./words.js";

const EVENTS = {
  opened: N("Varselet ble åpnet"),
  opened_waiting: N("Venter til teamet åpner"),
  team_opened: N("Teamet åpnet"),
  reopened: N("Åpnet igjen"),
  escalated: N("Ingen å varsle"),
  acknowledged: N("{name} tok det"),
  snoozed: N("{name} utsatte det"),
  handed_over: N("{name} ga det videre"),
  hold_expired: N("Ingen har det lenger"),
  waits_again: N("Ingen har det lenger. Venter til teamet åpner"),
  came_late: N("{name} svarte for sent"),
  resolved: N("Avsluttet"),
  notified: N("{name} ble varslet"),
};
// With each of these the people of a step are told; what came of it says more than that it began.
const TELLING = new Set(["opened", "escalated"]);

/** What happened to an alert, and to whom the word of it got. */
export function historyWords(state, alert, row) {
  const event = row.event === "acknowledged" && row.state === "snoozed" ? "snoozed" : row.event; // who has it now, not what he did
  const told = TELLING.has(event)
    ? toldWords(
        state,
        (alert.told ?? []).filter((one) => one.step === row.step && one.round === row.round),
      )
    : "";
  if (event === "escalated" && told) return told;
  const name = row.staff_id ? colleague(state, row.staff_id) : "";
  const words = EVENTS[event] ? t(EVENTS[event], { name: name.charAt(0).toUpperCase() + name.slice(1) }) : event;
  return row.reason ? `${words}: ${row.reason}` : told ? sentences(words, told) : words;
}
