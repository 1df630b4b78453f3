/** Owns how the times a person picks in a form become the contract's times. Pure. */

/** "2026-11-24T09:10" from a picker, with the phone's offset, as the contract wants its times. */
export function moment(local) {
  if (/(Z|[+-]\d\d:\d\d)$/.test(local)) return local;
  const offset = -new Date(local).getTimezoneOffset();
  const pad = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${local.length === 16 ? `${local}:00` : local}${offset < 0 ? "-" : "+"}${pad(offset / 60)}:${pad(offset % 60)}`;
}

/** A moment as a picker wants it, by the phone's own zone: "2026-11-24T12:47". */
export const localMinute = (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** So many months after a day, "2026-11-24"; never past the end of a month. @param {string} today @param {number} months */
export function monthsOn(today, months) {
  const [year, month, day] = today.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/** So many days after a day, "2026-11-24". @param {string} today @param {number} days */
export const daysOn = (today, days) =>
  new Date(Date.parse(`${today}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** "h2" is two hours from now, "m30" thirty minutes, "morning" the next nine o'clock, anything else a picked time. */
export function ahead(value, nowMs) {
  if (/^m\d+$/.test(value)) return new Date(nowMs + Number(value.slice(1)) * 60_000).toISOString();
  if (/^h\d+$/.test(value)) return new Date(nowMs + Number(value.slice(1)) * 3_600_000).toISOString();
  if (value !== "morning") return moment(value);
  const nine = new Date(nowMs);
  nine.setHours(9, 0, 0, 0);
  if (nine.getTime() <= nowMs) nine.setDate(nine.getDate() + 1);
  return nine.toISOString();
}

/** The hour from which an evening or a night is counted: whoever does not know when loses time on the clock, never gains it. */
const EVENING = 18;

/** "hour" is one hour ago, "night" the midnight before, "evening" yesterday at six, anything else a picked time. */
export function ago(value, nowMs) {
  if (value === "hour") return new Date(nowMs - 3_600_000).toISOString();
  if (value !== "night" && value !== "evening") return moment(value);
  const at = new Date(nowMs);
  at.setHours(0, 0, 0, 0);
  if (value === "evening") at.setHours(EVENING - 24);
  return at.toISOString();
}

/** When it happened, from the back-dating line: {} for now, else a chosen time. `_at` is "now", "hour" or a picked time. */
export function timeOf(values, nowMs) {
  if (!values._at || values._at === "now") return {};
  const at = values._at === "hour" ? new Date(nowMs - 3_600_000) : new Date(values._at);
  return Number.isNaN(at.getTime()) ? {} : { occurredAt: at, timeChosen: true };
}
