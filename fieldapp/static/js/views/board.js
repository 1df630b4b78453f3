/** Tavle, until the board itself comes: who is where, grouped by what the phone knows. */
import { html } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { boardGroups } from "./day.js";
import { icon } from "./icons.js";
import { boardConcerns } from "./checks.js";
import { clientRow, header, meetsNobody, section } from "./parts.js";
import { forBoard } from "./shift.js";

export function boardView(state) {
  const top = header(state, t("Tavle"), { sub: state.me.teams.map((team) => team.name).join(", ") });
  // Who gets no watches is told so: «alle er sett» would be a promise about what this phone can't know.
  if (state.me.role === "landlord" || meetsNobody(state))
    return html`${top}<p class="card quiet">${t("Hvem som er sett, vises bare for dem som følger opp brukerne.")}</p>`;
  const { unseen, soon, away } = boardGroups(state);
  const rows = (clients) => clients.map((client) => clientRow(state, client));
  return html`${top}
    <p class="card quiet">${icon("board")} ${t("Teamets egen tavle kommer. Så lenge ser du hvem som bør ses, og hvem som er borte.")}</p>
    ${forBoard(state, boardConcerns(state))}
    ${section(t("Ikke sett"), rows(unseen), { empty: state.sync.filling ? "" : t("Alle med tilsynsavtale er sett.") })}
    ${section(t("Bør ses snart"), rows(soon))}
    ${section(t("Fravær"), rows(away), { empty: state.sync.filling ? "" : t("Ingen er borte.") })}`;
}
