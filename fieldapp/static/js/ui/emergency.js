/** Owns the question for nødtilgang: what was typed stands until the server has answered, and is kept nowhere. */
import { flush } from "../core/send/flush.js";
import { send } from "../core/transport.js";
import { t } from "../texts/t.js";
import { on } from "./on.js";

const NAMES = ["name", "birth_year", "reason"];

/** What is asked, or the sentence that says what is missing. @param {any} values */
export function questionOf(values) {
  const asked = Object.fromEntries(NAMES.map((name) => [name, String(values[name] ?? "").trim()]));
  if (NAMES.some((name) => !asked[name])) return { wrong: t("Skriv hele navnet, fødselsåret og hvorfor.") };
  if (!/^(18[5-9]|19|20|21)\d{1,2}$/.test(asked.birth_year) || asked.birth_year.length !== 4)
    return { wrong: t("Skriv fødselsåret med fire siffer.") };
  return { question: { ...asked, birth_year: Number(asked.birth_year) } };
}

/** The sentence for an answer that shows nobody. @param {import("../core/transport.js").Outcome} outcome */
export function refusalOf({ kind, status }) {
  if (status === 404) return t("Fant ikke én bruker med dette navnet og fødselsåret.");
  if (kind === "slow_down") return t("Du har spurt for mange ganger. Vent, eller ring lederen.");
  if (kind === "signed_out") return t("Logg inn først.");
  return kind === "network" || kind === "timeout" ? t("Dette trenger dekning.") : t("Det gikk ikke. Prøv igjen.");
}

export function mountEmergency(root, app) {
  on(root, "submit", "form[data-emergency]", async (form, event) => {
    event.preventDefault();
    if (app.screen.asked?.busy) return;
    const values = Object.fromEntries(new FormData(form));
    const { question, wrong } = questionOf(values);
    if (wrong) return app.set({ asked: { values, wrong } });
    app.set({ asked: { values, busy: true } });
    const outcome = await send("POST", "/api/access/emergency", question);
    if (outcome.kind !== "ok") return app.set({ asked: { values, wrong: refusalOf(outcome) } });
    await flush();
    app.set({ asked: {} });
    return app.go(`/felt/bruker/${outcome.data.client_id}`, { replace: true });
  });
}
