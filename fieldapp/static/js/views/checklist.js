/** This phone's checklist on Mer: what is proved, and for what is not, the one thing to do. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t, tn } from "../texts/t.js";
import { whyDeaf } from "./deaf.js";
import { icon } from "./icons.js";
import { when } from "./words.js";

const HOUR = 3_600_000;

export function checklist(state, phone) {
  const lines = [installed(phone), allowed(phone), shown(state, phone), kept(phone), inContact(state), sent(state)];
  return html`<section class="card"><h2>${t("Denne telefonen")}</h2>
    ${phone.permission && whyDeaf(phone) ? html`<p class="notice" data-color="warning">${t("Denne telefonen får ikke varsler. Punktene under sier hva som mangler.")}</p>` : nothing}
    <ul class="checks">${lines.map(line)}</ul>
    ${phone.said ? html`<p role="status">${phone.said}</p>` : nothing}</section>
    ${phone.iphone && !phone.installed ? iphoneGuide() : nothing}`;
}

/** `bad`: it was proved not to work, where the others are only not proved yet. `todo` is shown until it is ok. */
function line({ ok, bad = false, words, told = "", todo = "", button = null, always = false }) {
  return html`<li>
    <span class=${ok ? "tick ok" : bad ? "tick bad" : "tick"} aria-hidden="true">${ok ? icon("check") : bad ? icon("bang") : nothing}</span>
    <div><b>${words}:</b> <span class="sub">${ok ? t("ja") : bad ? t("nei") : t("ikke ennå")}</span>
    ${told ? html`<p class="sub">${told}</p>` : nothing}
    ${ok ? nothing : html`<p class="sub">${todo}</p>`}
    ${button && (!ok || always) ? html`<button type="button" class="ds-button" data-variant="secondary" data-do=${button[0]}>${button[1]}</button>` : nothing}</div></li>`;
}

function installed(phone) {
  const todo = phone.iphone
    ? t("Følg bildene under. Da åpner Sett uten dekning, og varsler virker.")
    : t("Legg Sett på hjemskjermen, så åpner den uten dekning og varsler virker.");
  return {
    ok: phone.installed,
    words: t("Sett ligger på hjemskjermen"),
    todo,
    button: phone.canInstall ? ["install", t("Legg til")] : null,
  };
}

function allowed({ permission, subscribed, seen, iphone, installed }) {
  const ok = permission === "granted" && subscribed && seen?.subscribed !== false;
  const button = ["default", "granted"].includes(permission) ? ["push", t("Slå på varsler")] : null;
  return {
    ok,
    bad: permission === "denied",
    words: t("Varsler er slått på"),
    todo: whyNot(permission, iphone && !installed),
    button,
  };
}

function whyNot(permission, firstHome) {
  if (permission === "denied")
    return t("Varsler er sperret. Åpne telefonens innstillinger, finn Sett, og tillat varsler.");
  if (permission !== "unsupported") return t("Uten dette ser du bare varsler når Sett er åpen.");
  return firstHome
    ? t("På iPhone virker varsler først når Sett ligger på hjemskjermen.")
    : t("Denne nettleseren kan ikke motta varsler. Bruk Chrome på Android eller Safari på iPhone.");
}

/** Only the server's receipt is proof: that the phone showed it does not help when nobody learns of it. */
function shown(state, { subscribed, seen, lastShownAt }) {
  const at = (text) => when(Date.parse(text), state.nowMs);
  const receiptAt = seen?.last_receipt_at,
    silentAt = seen?.silent_since_at;
  const waiting = seen?.last_handed_over_at && !(Date.parse(receiptAt ?? "") >= Date.parse(seen.last_handed_over_at));
  const told = [
    receiptAt
      ? t("Serveren fikk kvittering {when}.", { when: at(receiptAt) })
      : lastShownAt
        ? t("Vist her {when}, men serveren har ikke fått kvittering ennå.", { when: when(lastShownAt, state.nowMs) })
        : "",
    waiting && !silentAt ? t("Sendt {when}, ikke vist ennå.", { when: at(seen.last_handed_over_at) }) : "",
    silentAt ? t("Prøvevarselet fra {when} er ikke vist.", { when: at(silentAt) }) : "",
  ]
    .filter(Boolean)
    .join(" ");
  const todo = silentAt
    ? t("Slå varsler av og på for Sett i telefonens innstillinger, og send et nytt prøvevarsel.")
    : t("Send et prøvevarsel og se at det kommer på låst skjerm.");
  return {
    ok: Boolean(receiptAt) && !silentAt,
    bad: Boolean(silentAt),
    words: t("Prøvevarsel er vist"),
    told,
    todo,
    button: subscribed ? ["test-push", t("Send prøvevarsel")] : null,
    always: true,
  };
}

const kept = (phone) => ({
  ok: phone.persisted,
  words: t("Lageret er fast"),
  todo: t("Telefonen kan ellers slette det som er lagret, når den er full."),
  button: phone.canPersist ? ["persist", t("Gjør lageret fast")] : null,
});

function inContact({ sync, nowMs }) {
  const told = sync.lastAt
    ? t("Sist i kontakt med serveren {when}.", { when: when(Date.parse(sync.lastAt), nowMs) })
    : "";
  const ok = Boolean(sync.lastAt) && nowMs - Date.parse(sync.lastAt) < HOUR;
  return {
    ok,
    words: t("I kontakt med serveren"),
    told,
    todo: sync.online ? t("Åpne Sett et sted med dekning.") : t("Uten dekning nå. Alt du fører blir på telefonen."),
    button: ["flush", t("Prøv nå")],
  };
}

function sent({ outbox }) {
  const { pending, others } = outbox;
  const told = [
    pending ? tn(pending, "1 notat venter på å bli sendt.", "{n} notater venter på å bli sendt.") : "",
    others ? tn(others, "1 notat fra andre på denne telefonen.", "{n} notater fra andre på denne telefonen.") : "",
  ]
    .filter(Boolean)
    .join(" ");
  return {
    ok: pending === 0 && !others,
    words: t("Alt er sendt"),
    told,
    todo: t("Det sendes av seg selv når det er dekning."),
    button: ["flush", t("Prøv nå")],
  };
}

/** Three pictures and a sentence each: on iPhone nothing in the page may do it for the person. */
const iphoneGuide = () => html`<section class="card"><h2>${t("Slik gjør du på iPhone")}</h2><ol class="guide">
  <li><span class="picture" aria-hidden="true">${icon("share")}</span> <span>${t("Åpne Sett i Safari, og trykk Del nederst på skjermen.")}</span></li>
  <li><span class="picture" aria-hidden="true">${icon("add")}</span> <span>${t("Rull ned, og velg «Legg til på Hjem-skjerm».")}</span></li>
  <li><span class="picture" aria-hidden="true">${icon("home")}</span> <span>${t("Åpne Sett fra hjemskjermen, gå til Mer, og slå på varsler.")}</span></li>
</ol></section>`;
