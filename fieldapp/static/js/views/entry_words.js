/** Owns how one entry reads in a line: what it was, then what was said and agreed. Pure. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { said } from "./people.js";
import { kroner } from "./words.js";

const quote = (text) => (text ? `«${text}»` : "");
const sentence = (...parts) => parts.filter(Boolean).join(" ");

const DETAIL = {
  __proto__: null,
  visit_logged: ({ client_said, agreed, note }) =>
    sentence(quote(client_said), agreed && t("Avtalt: {what}", { what: agreed }), note),
  street_contact_logged: ({ place_label, people, private: hidden, note }) =>
    sentence(place_label, people > 1 && tn(people, "1 person", "{n} personer"), hidden ? t("Privat samtale.") : note),
  concern_raised: ({ reason }) => reason,
  rent_problem_reported: rentWords,
  rent_problem_updated: rentWords,
  neighbour_complaint_received: ({ what = [], client_role }) =>
    sentence(
      what.map((code) => label("complaint", code)).join(", "),
      client_role && `· ${lower(label("client_role", client_role))}`,
    ),
  home_entered: ({ reason, ground }) => sentence(lower(label("entry_ground", ground)), "·", reason),
  absence_started: ({ where, note }) => sentence(where, note),
  watch_set: ({ reason }) => reason,
  absence_confirmed: ({ confirmed_with, note }) => sentence(confirmed_with, note),
  help_requested: ({ place_label }) => place_label,
  client_registered: () => "",
  client_updated: () => "",
};

function rentWords({ amount_nok, letters = [], plan, note }) {
  return sentence(
    amount_nok && t("Restanse {amount}.", { amount: kroner(amount_nok) }),
    letters.map((letter) => label("letter", letter.kind)).join(", "),
    plan && label("rent_plan", plan),
    note,
  );
}

/** A home visit is one at home; elsewhere the place is named. */
function visitTitle({ place = "home" }) {
  return place === "home"
    ? label("entry_type", "visit_logged")
    : t("Besøk ({place})", { place: lower(label("visit_place", place)) });
}

/** "Hjemmebesøk, traff"; one tap on «Sett» says that the person was seen, and no more. */
export function entryTitle(entry) {
  const { type } = entry;
  const body = said(entry);
  if (type === "visit_logged" && body.quick && body.outcome === "seen") return t("Sett");
  // Of an alert's end only «var sett, ikke ført» is about the person.
  if (type === "alert_resolved" && body.outcome === "was_seen") return label("alert_outcome", "was_seen");
  if (type === "crisis_step_logged") return label("crisis_step", body.step) + (body.count ? ` (${body.count})` : "");
  const title = type === "visit_logged" ? visitTitle(body) : label("entry_type", type);
  const [list, field] = ENTRY_TYPES[type]?.outcome ?? [];
  const bare = type === "crisis_opened" && body.kind === "other"; // the clock starts before anybody has said what it is
  return list && body[field] && !bare ? `${title}, ${lower(label(list, body[field]))}` : title;
}

/** What stands after the title: the person's own words first. */
export const entryDetail = (entry) => (DETAIL[entry.type] ? DETAIL[entry.type](said(entry)) : said(entry).note) ?? "";

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
