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

/** When it happened, from the back-dating line: {} for now, else a chosen time. `_at` is "now", "hour" or a picked time. */
export function timeOf(values, nowMs) {
  if (!values._at || values._at === "now") return {};
  const at = values._at === "hour" ? new Date(nowMs - 3_600_000) : new Date(values._at);
  return Number.isNaN(at.getTime()) ? {} : { occurredAt: at, timeChosen: true };
}
