/** Owns how the fields of what stands until a newer entry or an ending read, where no form of theirs asks: for entry_fields.js. */
import { N } from "../texts/t.js";

/** What only ties entries together. */
export const MINTED = ["risk_id", "contact_id", "agreement_id", "task_id", "decision_id", "plan_id"];

export const PLAN_FIELDS = {
  advice: [N("Hva skal den som kommer, gjøre?"), "codes", "risk_advice"],
  at: [N("Når?"), "moment"],
  "bed.place": [N("Brukerstyrt plass: hvor?"), "plain"],
  "bed.phone": [N("Nummeret dit"), "plain"],
  "bed.nights": [N("Hvor mange netter?"), "plain"],
  "when_admitted.children": [N("Barna, når jeg er innlagt"), "plain"],
  "when_admitted.animals": [N("Dyrene"), "plain"],
  "when_admitted.keys": [N("Nøklene"), "plain"],
  "when_admitted.mail": [N("Posten"), "plain"],
  "when_admitted.medicine": [N("Medisinen"), "plain"],
  "items.what": [N("Hva?"), "plain"],
  "items.who": [N("Hvem?"), "plain"],
  "items.by_on": [N("Innen"), "date"],
  "goals.text": [N("Mål"), "plain"],
  "goals.since_on": [N("Siden"), "date"],
  entry_ids: [N("Gjelder"), "entries"],
};
