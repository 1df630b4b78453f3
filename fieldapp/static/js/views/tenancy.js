/** The law's dates in a rent case, from the letters shown: what can happen FROM a day, and what must be answered BY one. Pure.
 *
 * The two are never mixed: a FROM date is never moved and never called a deadline. Same rules as fieldapp/domain/tenancy.py.
 */
import { N, t } from "../texts/t.js";
import { longDate } from "./words.js";

const TWO_WEEKS = 14;

const noon = (day) => Date.parse(`${day}T12:00:00Z`);
const addDays = (day, n) => new Date(noon(day) + n * 86_400_000).toISOString().slice(0, 10);

/** The same day n months on, or the last of that month. */
export function addMonths(day, n) {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + n + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + n, Math.min(date, last))).toISOString().slice(0, 10);
}

const left = (letter) => letter.sent_on ?? letter.dated_on;
const came = (letter) => letter.received_on ?? letter.dated_on ?? letter.sent_on;

const RULES = {
  eviction_notice: (letter) => [
    from(
      left(letter) && addDays(left(letter), TWO_WEEKS),
      N(
        "Kan begjæres fra {day} (tvangsfullbyrdelsesloven §§ 4-18, 13-2). Full betaling av leie, renter og kostnader stanser det, helt fram til utkastelsen.",
      ),
    ),
  ],
  bailiff_letter: (letter) => [
    by(
      came(letter) && addDays(came(letter), TWO_WEEKS),
      N("Svar namsmannen innen {day} (tvangsfullbyrdelsesloven § 13-6)."),
    ),
  ],
  termination: (letter) => [
    by(came(letter) && addMonths(came(letter), 1), N("Protester mot oppsigelsen innen {day} (husleieloven § 9-8).")),
    from(
      came(letter) && addMonths(came(letter), 4),
      N(
        "Er det protestert i tide, faller oppsigelsen bort fra {day} hvis utleier ikke har gått til søksmål (husleieloven § 9-8).",
      ),
    ),
  ],
  lease_expiring: (letter) => [
    from(letter.dated_on, N("Kontrakten løper ut {day}, uten oppsigelse (husleieloven § 9-2).")),
    from(
      letter.dated_on && addMonths(letter.dated_on, 3),
      N(
        "Bor brukeren der fortsatt uten skriftlig oppfordring om å flytte, er leieavtalen tidsubestemt fra {day} (husleieloven § 9-2).",
      ),
    ),
  ],
  eviction_date: (letter) => [
    from(letter.dated_on, N("Namsmannen har satt utkastelsen til {day}. Retten til hjelp: boligsosialloven § 6.")),
  ],
};

const from = (on, words) => ({ on, words, mustAnswer: false });
const by = (on, words) => ({ on, words, mustAnswer: true });

/** [{on, words, mustAnswer}], earliest first; nothing for a letter without a date or that starts no clock. */
export function legalDates(letters = []) {
  return letters
    .flatMap((letter) => RULES[letter.kind]?.(letter) ?? [])
    .filter((one) => one.on)
    .sort((a, b) => a.on.localeCompare(b.on))
    .map((one) => ({ ...one, words: t(one.words, { day: longDate(noon(one.on)) }) }));
}
