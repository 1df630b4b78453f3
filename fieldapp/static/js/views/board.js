/** Tavle, until the board itself comes: who is where, grouped by what the phone knows. */
import { html } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { icon } from "./icons.js";
import { absenceOf, alertsOf, isEnded, isWatched } from "./people.js";
import { clientRow, header, section } from "./parts.js";

const DAY = 86_400_000;

/** {unseen, soon, away}: clients a morning meeting would want to see. Pure. */
export function boardGroups(state) {
  const open = [...state.clients.values()].filter((client) => !isEnded(client));
  const byName = (a, b) => a.name.localeCompare(b.name, "nb");
  const away = open.filter((client) => absenceOf(state, client.id)).sort(byName);
  const here = open.filter((client) => !absenceOf(state, client.id) && isWatched(client) && client.watch.due_at);
  const due = (client) => Date.parse(client.watch.due_at) - state.nowMs;
  const unseen = here.filter((client) => due(client) <= 0 || alertsOf(state, client.id).some((alert) => alert.kind === "not_seen")).sort((a, b) => due(a) - due(b));
  const soon = here.filter((client) => !unseen.includes(client) && due(client) < DAY).sort((a, b) => due(a) - due(b));
  return { unseen, soon, away };
}

export function boardView(state) {
  const { unseen, soon, away } = boardGroups(state);
  const rows = (clients) => clients.map((client) => clientRow(state, client));
  return html`${header(state, t("Tavle"), { sub: state.me.teams.map((team) => team.name).join(", ") })}
    <p class="card quiet">${icon("board")} ${t("Teamets egen tavle kommer. Så lenge ser du hvem som bør ses, og hvem som er borte.")}</p>
    ${section(t("Ikke sett"), rows(unseen), { empty: t("Alle med tilsynsavtale er sett.") })}
    ${section(t("Bør ses snart"), rows(soon))}
    ${section(t("Fravær"), rows(away), { empty: t("Ingen er borte.") })}`;
}
