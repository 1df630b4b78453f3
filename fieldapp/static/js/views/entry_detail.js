/** Owns how what was said in an entry reads in a line, after its title. Pure. */
import "../texts/code_words_more.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { said } from "./people.js";
import { clock, date, kroner } from "./words.js";

const sentence = (...parts) => parts.filter(Boolean).join(" ");

const list = (name, codes) => codes.map((code, i) => (i ? lower : String)(label(name, code))).join(", ");

const moment = (at) => `${date(Date.parse(at))} ${clock(Date.parse(at))}`;

/** How a field reads in a line, whatever type it belongs to, or «type.field» where the type says otherwise; the others stand as they are. */
const WORDS = {
  __proto__: null,
  client_said: (said) => `«${said}»`,
  reasons: (codes) => `${list("board_reason", codes)}.`,
  goal: (what) => t("Mål: {what}.", { what }),
  down_when: (what) => t("Tas ned når {what}.", { what: lower(what) }),
  agreed: (what) => t("Avtalt: {what}", { what }),
  people: (n) => n > 1 && tn(n, "1 person", "{n} personer"),
  private: () => t("Privat samtale."),
  amount_nok: (amount) => t("Restanse {amount}.", { amount: kroner(amount) }),
  letters: (letters) => letters.map((letter) => label("letter", letter.kind)).join(", "),
  tenancy: (code) => label("tenancy", code),
  plan: (code) => label("rent_plan", code),
  what: (what) => (Array.isArray(what) ? what.map((code) => label("complaint", code)).join(", ") : what),
  "housing_incident_logged.what": (codes) => list("housing_incident", codes),
  "housing_incident_updated.what": (codes) => list("housing_incident", codes),
  from_at: (at) => t("Fra {when}", { when: moment(at) }),
  to_at: (at) => t("til {when}.", { when: moment(at) }),
  checks: (codes) => list("discharge_check", codes),
  home: (code) => `· ${lower(label("home_to_go_to", code))}.`,
  kinds: (codes) => list("staff_incident", codes),
  advice: (codes) => `${list("risk_advice", codes)}.`,
  at: (at) => `${date(Date.parse(at))} ${clock(Date.parse(at))}`,
  on: (day) => t("Til og med {day}.", { day: date(Date.parse(`${day}T12:00:00Z`)) }),
  client_role: (code) => `· ${lower(label("client_role", code))}`,
  kind: (code) => `${label("report_kind", code)}.`,
  ground: (code) => `${lower(label("entry_ground", code))} ·`,
};

/** What stands after the title: the person's own words first. */
export function entryDetail(entry) {
  const body = said(entry);
  const { line = ["note"] } = ENTRY_TYPES[entry.type] ?? {};
  return sentence(
    ...line.map(
      (field) => body[field] && ((WORDS[`${entry.type}.${field}`] ?? WORDS[field])?.(body[field]) ?? body[field]),
    ),
  );
}

const FIELDS = {
  name: N("Navn"),
  alias: N("Kalles"),
  birth_year: N("Fødselsår"),
  address: N("Adresse"),
  phone: N("Telefon"),
  primary_staff_id: N("Primærkontakt"),
  watch: N("Tilsynsavtale"),
  contact_interval_days: N("Planlagt kontakt"),
};

/** "Endringen din gjelder ikke: adresse, telefon." */
export const lostWords = ({ lost }) =>
  t("Endringen din gjelder ikke: {what}.", {
    what: lost.map((name) => lower(t(FIELDS[name] ?? "opplysninger"))).join(", "),
  });
