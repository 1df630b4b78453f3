/** Owns how times, people and amounts are put into words. Pure: `now` is always an argument (milliseconds). */
import { contactMs, degreeOf, said } from "../core/replica/contact.js";
import { N, t, tn } from "../texts/t.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = [
  N("jan."),
  N("feb."),
  N("mars"),
  N("april"),
  N("mai"),
  N("juni"),
  N("juli"),
  N("aug."),
  N("sep."),
  N("okt."),
  N("nov."),
  N("des."),
];
const WEEKDAYS = [N("søndag"), N("mandag"), N("tirsdag"), N("onsdag"), N("torsdag"), N("fredag"), N("lørdag")];

// Everybody who uses Sett works in Norway; a phone that still shows another zone must not move a deadline.
const osloClock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Oslo",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** Wall-clock parts in Oslo: {year, month, day, hour, minute} as strings without padding except the clock. */
export function oslo(at) {
  const parts = {};
  for (const { type, value } of osloClock.formatToParts(new Date(at))) parts[type] = value;
  parts.day = String(+parts.day);
  return parts;
}

const dayNumber = (at) => {
  const { year, month, day } = oslo(at);
  return Date.UTC(+year, month - 1, +day) / DAY;
};

/** Whole calendar days from now to at, in Oslo: 0 today, 1 tomorrow, -1 yesterday. */
export const daysAway = (at, now) => dayNumber(at) - dayNumber(now);

/** "09.10" */
export const clock = (at) => `${oslo(at).hour}.${oslo(at).minute}`;

/** "24. nov." and, in another year than now's, "24. nov. 2025". */
export function date(at, now = at) {
  const { year, month, day } = oslo(at);
  const words = t("{day}. {month}", { day, month: t(MONTHS[month - 1]) });
  return oslo(now).year === year ? words : `${words} ${year}`;
}

/** "tirsdag 24. nov." */
export const longDate = (at) => `${t(WEEKDAYS[(dayNumber(at) + 4) % 7])} ${date(at)}`;

/** A date without a clock ("2026-11-24") as "24. nov.": noon, so no zone moves it to another day. */
export const plainDate = (day, now) => date(Date.parse(`${day}T12:00:00Z`), now);

/** "09.10", "i går 09.10", "i morgen 08.00", "tirsdag 09.10" within a week ahead, else "24. nov. 09.10". */
export function when(at, now) {
  const away = daysAway(at, now);
  if (away === 0) return clock(at);
  if (away === -1) return t("i går {clock}", { clock: clock(at) });
  if (away === 1) return t("i morgen {clock}", { clock: clock(at) });
  if (away > 1 && away < 7) return `${t(WEEKDAYS[(dayNumber(at) + 4) % 7])} ${clock(at)}`;
  return `${date(at, now)} ${clock(at)}`;
}

/** The same with the day always named: "mandag 08.00", "i dag 15.00". */
export const dayWhen = (at, now) =>
  daysAway(at, now) === 0 ? t("i dag {clock}", { clock: clock(at) }) : when(at, now);

/** "fredag 27. nov. 22.30–07.30": when a duty begins and ends. */
export const dutyTimes = (duty, now) => {
  const [from, to] = [Date.parse(duty.from_at), Date.parse(duty.to_at)];
  const lasts = to - from > DAY ? `${date(to, now)} ` : "";
  return `${longDate(from)} ${clock(from)}–${lasts}${clock(to)}`;
};

/** How long something lasted, in the unit people say: "12 min", "21 t", "3 d". */
export function span(ms) {
  if (ms < HOUR) return t("{n} min", { n: Math.max(1, Math.floor(ms / MINUTE)) });
  if (ms < 2 * DAY) return t("{n} t", { n: Math.floor(ms / HOUR) });
  return t("{n} d", { n: Math.floor(ms / DAY) });
}

/** "2 døgn og 1 t", for the alert page where the length itself is the message. */
export function longSpan(ms) {
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  if (ms < 2 * DAY)
    return ms < HOUR
      ? tn(Math.floor(ms / MINUTE), "1 minutt", "{n} minutter")
      : tn(Math.floor(ms / HOUR), "1 time", "{n} timer");
  return hours ? t("{days} døgn og {hours} t", { days, hours }) : t("{n} døgn", { n: days });
}

// Seen, heard and reported each have their own words (sync/vectors/contacts.json). Invariant: «sett» stands only where a
// member of staff saw the person; what cannot be told apart is «kontakt».
const AGO = {
  seen: [N("sett nå nettopp"), N("sett for {span} siden")],
  heard: [N("hørt fra nå nettopp"), N("hørt fra for {span} siden")],
  reported: [N("meldt sett nå nettopp"), N("meldt sett for {span} siden")],
};
const CONTACT_AGO = [N("kontakt nå nettopp"), N("kontakt for {span} siden")];
const LAST = {
  seen: N("Sist sett {when} av {who}."),
  heard: N("Sist hørt fra {when}, ført av {who}."),
  reported: N("Sist meldt sett {when}, ført av {who}."),
};
const DONE = { heard: N("Hørt fra"), reported: N("Meldt sett") };

/** "sett for 21 t siden", "hørt fra for 2 t siden", "ikke sett ennå"; `degree` null: it can't be told which. */
export function seenAgo(at, now, degree = "seen") {
  if (!at) return t("ikke sett ennå");
  const [justNow, ago] = AGO[degree] ?? CONTACT_AGO;
  const ms = now - Date.parse(at);
  return ms < 2 * MINUTE ? t(justNow) : t(ago, { span: span(ms) });
}

/** The last contact in words: "sett for 4 d siden", "meldt sett for 6 d siden". Older than a month is not on the phone. */
export function contactAgo(entry, now) {
  return entry
    ? seenAgo(new Date(contactMs(entry)).toISOString(), now, degreeOf(entry))
    : t("ingen kontakt siste 30 dager");
}

/**
 * Which degree the contact was that wound this clock. The server says it; of a client fetched before it did, the entry
 * does, else an agreement under which nothing but seeing counts; null when it can't be told.
 */
export function watchDegree(state, { watch }) {
  const entry = state.entries.get(watch.last_seen_entry_id);
  return (
    watch.last_seen_as ??
    (entry ? degreeOf(entry) : (watch.counts ?? ["seen"]).every((one) => one === "seen") ? "seen" : null)
  );
}

/** When the clock was wound last, in words. */
export const watchAgo = (state, client) =>
  client.stub && !client.watch.last_seen_at
    ? ""
    : seenAgo(client.watch.last_seen_at, state.nowMs, client.watch.last_seen_at && watchDegree(state, client));

/** What stands in place of the button once it is done: «Sett», «Hørt fra», «Meldt sett». */
export const doneWords = (degree) => t(DONE[degree] ?? "Sett");

/** "Sist sett 09.10 av Mona." of {degree, at, who}; `seer`: a name that was given for whoever saw the person. */
export function lastWords(state, { degree, at, who, seer }) {
  const told = { when: when(at, state.nowMs), who: seer ?? byWhom(state, who) };
  return t(LAST[degree] ?? "Siste kontakt {when}, ført av {who}.", told);
}

/** The same of an entry. «Var sett, ikke ført» is told by one, and seen by another. */
export function contactWords(state, entry) {
  const { seen_by: seer } = entry.type === "alert_resolved" ? said(entry) : {};
  return lastWords(state, { degree: degreeOf(entry), at: contactMs(entry), who: entry.author_id, seer });
}

/** "innen 14.05" before, "skulle vært sett innen 14.05" after. */
export function dueBy(dueAt, now) {
  const at = Date.parse(dueAt);
  return t(at > now ? "innen {when}" : "skulle vært sett innen {when}", { when: when(at, now) });
}

/** The first name of a colleague; "du" for the one who holds the phone. */
export function colleague(state, staffId) {
  if (!staffId) return "";
  if (staffId === state.me?.id) return t("du");
  const name = state.staff.get(staffId)?.name;
  return name ? name.split(" ")[0] : t("en kollega");
}

/** The same as the one who did something: "av deg", "av Mona". */
export const byWhom = (state, staffId) => (staffId && staffId === state.me?.id ? t("deg") : colleague(state, staffId));

/** Minutes and seconds on a running crisis clock: "04.12", "1.04.12". */
export function stopwatch(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}.` : ""}${pad(Math.floor(seconds / 60) % 60)}.${pad(seconds % 60)}`;
}

/** How long until the next try: "Vent 28 sekunder." */
export function waitWords(ms) {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60
    ? tn(seconds, "Vent 1 sekund.", "Vent {n} sekunder.")
    : tn(Math.ceil(seconds / 60), "Vent 1 minutt.", "Vent {n} minutter.");
}

/** "14 250,00 kr" from the exact decimal string of the contract. */
export function kroner(amount) {
  const [whole, fraction = "00"] = String(amount).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0")},${fraction.padEnd(2, "0")} kr`;
}

/** 40123456 → "401 23 456" for the eye; the tel: link keeps the digits. */
export const phoneDigits = (phone) => String(phone ?? "").replace(/[^\d+]/g, "");

// The emergency numbers and the legevakt; alone, so that neither an amount, a clock nor a house number is taken for one.
const EMERGENCY = /(?<![\d.,–-])(116 117|11[023])(?![\d.,–-]*\d)/;

/** A text cut at the numbers to ring in an emergency: every second part is one. */
export const splitNumbers = (text) => String(text ?? "").split(EMERGENCY);

/** "Granveien 3, inngang B, 3. etg.": as one would say it to 113; empty without an address. */
export function addressWords({ address, entrance, floor }) {
  const storey = /^\d+$/.test(floor ?? "") ? t("{n}. etg.", { n: floor }) : floor;
  return address
    ? [address, entrance && t("inngang {which}", { which: entrance }), storey].filter(Boolean).join(", ")
    : "";
}

/** Texts as sentences after each other: each with a capital, and one full stop whatever it ends with. */
export const sentences = (...texts) =>
  texts
    .map((text) => String(text ?? "").trim())
    .filter(Boolean)
    .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? "" : "."}`)
    .join(" ");
