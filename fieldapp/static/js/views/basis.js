/** Owns what a form asks before something is shared with a landlord or another service: what gives the right to. Pure. */
import { thingsOf } from "./people.js";
import { plainDate } from "./words.js";

/** The consents of a client that nobody has withdrawn. */
export const consentsOf = (state, client) =>
  thingsOf(state, "agreements", client.id).filter((one) => one.kind === "consent" && one.words && !one.withdrawn_at);

/** "Kirkens Bymisjon: leie, 3. november" */
export const consentWords = (consent, now) =>
  [`${consent.party}: ${consent.purpose}`, consent.made_on && plainDate(consent.made_on, now)]
    .filter(Boolean)
    .join(", ");

/** Basis, and what it rests on. @param {string[]} [only] */
export const basisFields = (only) => [
  { name: "basis", kind: "one", list: "share_basis", only, label: "Hva gir rett til å dele?", required: true },
  {
    name: "agreement_id",
    kind: "consents",
    label: "Hvilket samtykke?",
    hint: "delingen slutter når det trekkes",
    required: true,
    if: (v) => v.basis === "consent",
  },
  { name: "basis_words", kind: "line", label: "Hvilken lov?", required: true, if: (v) => v.basis === "law" },
  {
    name: "basis_words",
    kind: "line",
    label: "Hvilken fare?",
    required: true,
    if: (v) => v.basis === "danger",
  },
];
