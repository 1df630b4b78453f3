/** Owns how a case reads in a line: what it is about, what to do next and when. Pure. */
import { label } from "../texts/codes.js";
import { lower, N, t } from "../texts/t.js";
import { nextStepAt } from "./day.js";
import { kroner, plainDate } from "./words.js";

export const factsOf = (one) => one.facts ?? {};

/** "Husleie: restanse 14 250,00 kr", "Naboklage: bråk" */
export function caseTitle(one) {
  const facts = factsOf(one);
  if (one.kind === "rent")
    return facts.amount_nok ? t("Husleie: restanse {amount}", { amount: kroner(facts.amount_nok) }) : t("Husleie");
  if (one.kind === "complaint")
    return [t("Naboklage"), (facts.what ?? []).map((code) => lower(label("complaint", code))).join(", ")]
      .filter(Boolean)
      .join(": ");
  if (one.kind === "housing")
    return [
      t("Hendelse i boligen"),
      (facts.what ?? []).map((code) => lower(label("housing_incident", code))).join(", "),
    ]
      .filter(Boolean)
      .join(": ");
  return facts.kind && facts.kind !== "other"
    ? `${t("Krise")}: ${lower(label("crisis_kind", facts.kind))}`
    : t("Krise");
}

/** Has somebody, or the law, said what to do next or when. */
export const hasNextStep = (one) => Boolean(stepWords(one)) || nextStepAt(one) !== null;

/** The next step and when; never called a deadline when it is not one. */
export function caseReason(one, now) {
  const at = nextStepAt(one);
  const step = stepWords(one);
  if (at === null) return step || t("neste steg er ikke valgt");
  const day = plainDate(new Date(at).toISOString().slice(0, 10), now);
  const late = at < now - 43_200_000;
  return [
    step || t("neste steg"),
    late ? t("skulle vært gjort {day}", { day }) : Math.abs(at - now) < 43_200_000 ? t("i dag") : day,
  ].join(" · ");
}

const STEPS = {
  stop_eviction: N("få stanset utkastelsen"),
  answer_bailiff: N("svar namsmannen"),
  protest_termination: N("protester skriftlig mot oppsigelsen"),
  pay_or_agree: N("betal eller lag avtale med utleier"),
  answer_rescission: N("svar på hevingen"),
  act_on_warning: N("gjør noe med det advarselen gjelder"),
  renew_lease: N("avklar ny kontrakt"),
  call_landlord: N("ring utleier"),
  check_plan: N("sjekk at avtalen holdes"),
  help_client_who_suffers: N("hjelp brukeren, som er den som rammes"),
  answer_complainant: N("svar den som klaget"),
  check_with_neighbour: N("hør med naboen om det er blitt bedre"),
  handle_incident: N("gjør noe med det som har hendt"),
  handle_crisis: N("krisen pågår"),
  look_again: N("let videre"),
  contact_ward: N("ta kontakt med avdelingen"),
  hold_debrief: N("snakk sammen om krisen etterpå"),
  see_client_after_crisis: N("møt brukeren etter krisen"),
};

/** What to do next: what somebody wrote, else the step the law or the case asks for. */
const stepWords = (one) =>
  one.facts?.next_step ?? (STEPS[one.next_step] ? t(STEPS[one.next_step]) : (one.next_step ?? ""));
