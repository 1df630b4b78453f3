/** Owns how one entry reads in a line: what it was, then what was said and agreed. Pure. */
import { degreeOf } from "../core/replica/contact.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { said } from "./people.js";
import { kroner } from "./words.js";

const sentence = (...parts) => parts.filter(Boolean).join(" ");

/** How a field reads in a line, whatever type it belongs to; the others stand as they are. */
const WORDS = {
  __proto__: null,
  client_said: (said) => `«${said}»`,
  agreed: (what) => t("Avtalt: {what}", { what }),
  people: (n) => n > 1 && tn(n, "1 person", "{n} personer"),
  private: () => t("Privat samtale."),
  amount_nok: (amount) => t("Restanse {amount}.", { amount: kroner(amount) }),
  letters: (letters) => letters.map((letter) => label("letter", letter.kind)).join(", "),
  plan: (code) => label("rent_plan", code),
  what: (codes) => codes.map((code) => label("complaint", code)).join(", "),
  client_role: (code) => `· ${lower(label("client_role", code))}`,
  kind: (code) => `${label("report_kind", code)}.`,
  ground: (code) => `${lower(label("entry_ground", code))} ·`,
};

/** A home visit is one at home; elsewhere the place is named. */
function visitTitle({ place = "home" }) {
  return place === "home"
    ? label("entry_type", "visit_logged")
    : t("Besøk ({place})", { place: lower(label("visit_place", place)) });
}

const typeTitle = (type, body) => (type === "visit_logged" ? visitTitle(body) : label("entry_type", type));

/** "Hjemmebesøk, traff"; one tap on «Sett» says that the person was seen, and no more. */
export function entryTitle(entry) {
  const { type } = entry;
  const body = said(entry);
  const { outcome: [list, field] = [], titled, unsaid, met_at: metAt } = ENTRY_TYPES[type] ?? {};
  const code = field && body[field];
  if (!code || code === unsaid) return typeTitle(type, body);
  if (titled === "outcome") return label(list, code) + (body.count ? ` (${body.count})` : "");
  // Of an alert's end only «var sett, ikke ført» is about the person.
  if (metAt && degreeOf(entry) !== "none") return label(list, code);
  if (body.quick && code === "seen") return t("Sett");
  return `${typeTitle(type, body)}, ${lower(label(list, code))}`;
}

/** What stands after the title: the person's own words first. */
export function entryDetail(entry) {
  const body = said(entry);
  const { line = ["note"] } = ENTRY_TYPES[entry.type] ?? {};
  return sentence(...line.map((field) => body[field] && (WORDS[field]?.(body[field]) ?? body[field])));
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
