/** Sign-in inside the shell. Help in an emergency never waits for a password. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t, tn } from "../texts/t.js";

/** @param {any} state @param {{signIn?: {wrong?: string, busy?: boolean}, gate?: any}} screen `gate`: what led here from a locked phone */
export function signInView(state, { signIn = {}, gate = {} }) {
  const canUnlock = state.gate?.people.length > 0 && !state.me;
  const unsent = (state.outbox?.unsent ?? 0) + (state.outbox?.unproven ?? 0);
  return html`<main id="main" class="sign-in"><h1 tabindex="-1">Sett</h1><p class="sub">${t("Logg inn med brukernavnet fra teamlederen din.")}</p>
    ${state.accessEnded ? html`<p class="notice" data-color="neutral" role="status">${t("Tilgangen på denne telefonen er avsluttet. Det som var hentet hit, er slettet fra telefonen.")}</p>` : nothing}
    ${unsent ? html`<p class="notice" data-color="neutral">${tn(unsent, "1 notat på telefonen er ikke sendt ennå. Det er trygt.", "{n} notater på telefonen er ikke sendt ennå. De er trygge.")}</p>` : nothing}
    ${gate.forgot ? html`<p class="notice" data-color="warning">${t("Glemt PIN: logg inn, og velg en ny. Da slettes det som er hentet hit og utkastene dine. Det du har ført, blir sendt likevel.")}</p>` : nothing}
    ${gate.said ? html`<p class="notice" data-color="danger" role="alert">${gate.said}</p>` : nothing}
    <form data-sign-in class="card" novalidate>
      ${signIn.wrong ? html`<p class="notice" data-color="danger" role="alert">${signIn.wrong}</p>` : nothing}
      <div class="field"><label class="field-label" for="username">${t("Brukernavn")}</label><input class="ds-input" id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required></div>
      <div class="field"><label class="field-label" for="password">${t("Passord")}</label><input class="ds-input" id="password" name="password" type="password" autocomplete="current-password" required></div>
      <button class="ds-button wide" type="submit" ?disabled=${signIn.busy}>${signIn.busy ? t("Logger inn …") : t("Logg inn")}</button>
      <p><a href="/logg-inn?neste=/felt">${t("Logg inn med passnøkkel eller kommunens innlogging")}</a></p>
      ${canUnlock ? html`<p><button type="button" class="link" data-gate="back">${t("Tilbake til PIN")}</button></p>` : nothing}
      ${state.me ? html`<p><a href="/felt">${t("Tilbake til {name}", { name: state.me.name })}</a></p>` : nothing}
    </form>
    <p class="calls"><a class="ds-button" data-variant="secondary" href="tel:113">${t("Ring 113")}</a><a class="ds-button" data-variant="secondary" href="tel:112">${t("Ring 112")}</a><a class="ds-button" data-variant="secondary" href="tel:116117">${t("Ring 116 117")}</a></p></main>`;
}
