/** On the client's card: for a landlord what is shared with it, for the team what is shared and the way to share or stop it. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { logLink, tap } from "./actions.js";
import { factWords, landlordsOf } from "./facts.js";
import { maySetWatch } from "./people.js";
import { section } from "./parts.js";
import { byWhom, plainDate, when } from "./words.js";

/** Stopped on this phone and not sent yet. */
const stopsHere = (state, client) =>
  state.entriesOf(client.id).filter((one) => one.type === "fact_unshared" && one.local === "pending");

const factsOf = (state, client) => {
  const stopped = stopsHere(state, client).map(({ body }) => body);
  return [...(state.facts?.values() ?? [])].filter(
    (one) =>
      one.client_id === client.id &&
      !stopped.some((body) => body.what === one.what && body.to_staff_ids.includes(one.staff_id)),
  );
};

const sharedWords = (state, fact) =>
  [
    t("Delt av {who} {at}", { who: byWhom(state, fact.shared_by), at: when(Date.parse(fact.shared_at), state.nowMs) }),
    fact.until_on && t("til og med {day}", { day: plainDate(fact.until_on, state.nowMs) }),
  ]
    .filter(Boolean)
    .join(" · ");

const row = (state, fact, mine, stop) => html`<li class="row"><div class="row-main">
  <b>${label("shared_fact", fact.what)}${mine ? nothing : html` · ${byWhom(state, fact.staff_id)}`}</b> ${factWords(fact.what, fact, state.nowMs)}
  <span class="sub">${sharedWords(state, fact)}</span></div>${stop}</li>`;

const stopButton = (client, fact) =>
  html`<button type="button" class="ds-button" data-variant="secondary" data-tap=${tap({
    type: "fact_unshared",
    body: { what: fact.what, to_staff_ids: [fact.staff_id] },
    client: client.id,
    said: t("Delingen er stoppet"),
  })}>${t("Stopp delingen")}</button>`;

export function sharing(state, client) {
  const facts = factsOf(state, client);
  if (state.me.role === "landlord")
    return section(
      t("Delt med deg"),
      facts.map((fact) => row(state, fact, true, nothing)),
    );
  const may = maySetWatch(state, client);
  const rows = facts.map((fact) => row(state, fact, false, may ? stopButton(client, fact) : nothing));
  return html`${section(t("Delt med huseier"), rows)}${
    may && !client.deceased && landlordsOf(state, client).length
      ? html`<p><a class="ds-button wide" data-variant="secondary" href=${logLink("fact_shared", { client: client.id })}>${t("Del med huseier")}</a></p>`
      : nothing
  }`;
}
