// @ts-check
/** Moments as text: the phone's own clock with its offset, as the envelope carries them. */

/** @param {number} value @param {number} [width] */
const pad = (value, width = 2) => String(value).padStart(width, "0");

/** `2026-11-21T09:05:00.120+01:00`. @param {Date} [moment] */
export function localIso(moment = new Date()) {
  const east = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + east * 60_000).toISOString().slice(0, -1);
  const minutes = Math.abs(east);
  return `${local}${east < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** `2026-11-21T08:05:00.120Z`. @param {number} ms */
export const utcIso = (ms) => new Date(ms).toISOString();

const osloDay = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Oslo" });

/** The day in Oslo, `2026-11-21`. @param {number} ms */
export const dayInOslo = (ms) => osloDay.format(ms);

const osloHour = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Oslo", hour: "2-digit", hourCycle: "h23" });

/** Noon in Oslo on a day without an hour, winter or summer; NaN for what is no day. @param {string} day `2026-11-21` */
export function noonInOslo(day) {
  const ms = Date.parse(`${day}T11:00:00Z`);
  return Number.isNaN(ms) ? ms : ms - (Number(osloHour.format(ms)) - 12) * 3_600_000;
}

/** Milliseconds, or NaN. @param {string | null | undefined} text */
export const toMs = (text) => Date.parse(text ?? "");
