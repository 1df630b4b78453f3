/** Owns the page's name in the window, for whoever hears it or has many: the page and how much is urgent, never a person. Pure. */
import { N, t } from "../texts/t.js";
import { badgeCount } from "./day.js";

const NAMES = {
  today: N("I dag"),
  clients: N("Brukere"),
  client: N("Bruker"),
  plans: N("Plan"),
  log: N("Før noe nytt"),
  alert: N("Varsel"),
  help: N("Be om hjelp"),
  case: N("Sak"),
  duties: N("Mine vakter"),
  journal: N("Til journal"),
  more: N("Mer"),
  emergency: N("Nødtilgang"),
  board: N("Tavle"),
  signIn: N("Logg inn"),
  choose: N("Velg PIN"),
  locked: N("Lås opp"),
};

/** Before a locked phone. @param {any} gate */
const ofGate = ({ choosing, people = [] } = {}) => (choosing ? "choose" : people.length ? "locked" : "signIn");

/** "(2) Hjemmebesøk – Sett". `form` is the form's own title; titles end up in histories and app switchers, so no name of anybody. */
export function pageTitle(state, { name, id }, form) {
  const page = !state.me
    ? NAMES[ofGate(state.gate)]
    : name === "log" && form
      ? form
      : name === "case" && state.cases.get(id)?.kind === "crisis"
        ? N("Krise")
        : (NAMES[name] ?? NAMES.today);
  const urgent = state.me && name !== "signIn" ? badgeCount(state) : 0;
  return `${urgent ? `(${urgent}) ` : ""}${t(page)} – Sett`;
}
