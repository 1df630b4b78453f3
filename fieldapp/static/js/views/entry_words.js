/** Owns what an entry is called in a line. What was said in it stands in entry_detail.js. Pure. */
import { degreeOf } from "../core/replica/contact.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import { hasWords, label } from "../texts/codes.js";
import { lower, t } from "../texts/t.js";
import { said } from "./people.js";

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
  if (!code || code === unsaid || !hasWords(list)) return typeTitle(type, body);
  if (titled === "outcome") return label(list, code) + (body.count ? ` (${body.count})` : "");
  // Of an alert's end only «var sett, ikke ført» is about the person.
  if (metAt && degreeOf(entry) !== "none") return label(list, code);
  if (body.quick && code === "seen") return t("Sett");
  return `${typeTitle(type, body)}, ${lower(label(list, code))}`;
}
