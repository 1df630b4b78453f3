/** Owns how an alert is put into words: whom it is about, who was told, who has it. Pure, no templates. */
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { clientName, lastContact, occurred } from "./people.js";
import { isMine, isSafety, nameOf, safetyStory, safetyTitle, whose } from "./safety.js";
import { byWhom, colleague, dayWhen, longSpan, when } from "./words.js";

export function alertTitle(state, alert) {
  const name = clientName(state, alert.client_id);
  const since = Date.parse(alert.unseen_since_at ?? state.clients.get(alert.client_id)?.watch?.last_seen_at ?? "");
  if (alert.kind === "not_seen") return since ? t("{name} er ikke sett på {span}", { name, span: longSpan(state.nowMs - since) }) : t("{name} er ikke sett", { name });
  if (alert.kind === "concern") return t("Bekymret for {name}", { name });
  if (alert.kind === "crisis") return t("Krise: {name}", { name });
  if (isSafety(alert)) return safetyTitle(state, alert);
  return `${label("alert_kind", alert.kind)}${alert.client_id ? `: ${name}` : ""}`;
}

/** Last seen when and by whom; who was told; who has it. */
export function alertStory(state, alert) {
  if (isSafety(alert)) return [safetyStory(state, alert), isMine(state, alert) && alert.kind === "staff_overdue" ? "" : nobodyWords(alert) || ownerWords(state, alert)].filter(Boolean).join(" ");
  const last = alert.client_id && lastContact(state, alert.client_id);
  const told = (alert.told ?? []).map((one) => colleague(state, one.staff_id));
  return [
    last ? t("Sist sett {when} av {who}.", { when: when(occurred(last), state.nowMs), who: byWhom(state, last.author_id) }) : "",
    alert.kind !== "not_seen" && alert.opened_at ? t("Meldt {when}.", { when: when(Date.parse(alert.opened_at), state.nowMs) }) : "",
    told.length ? t("Varslet: {names}.", { names: [...new Set(told)].join(", ") }) : "",
    nobodyWords(alert) || ownerWords(state, alert),
  ].filter(Boolean).join(" ");
}

/** The server found nobody to tell: whoever raised it must know, and ring. */
export const nobodyWords = (alert) => (alert?.nobody_told && !alert.owner ? t("Ingen på vakt får dette. Ring 113 · 112 · 116 117.") : "");

export function ownerWords(state, alert) {
  if (alert.state === "waiting") return alert.waits_until_at ? t("Venter til teamet åpner {when}.", { when: dayWhen(Date.parse(alert.waits_until_at), state.nowMs) }) : t("Venter til teamet åpner.");
  if (alert.owner) return alert.owner === state.me.id ? t("Du har tatt det.") : t("{name} har tatt det.", { name: colleague(state, alert.owner) });
  return alert.state === "snoozed" ? t("Utsatt.") : t("Varselet er ikke tatt.");
}

/** An alert is never called a line: whoever reads it must know to tap. */
export function arrivalWords(state, arrivals) {
  const alerts = arrivals.filter((row) => row.alert || row.crisis).length;
  const [{ alert, client }] = arrivals;
  const name = alert && isSafety(alert) ? nameOf(state, whose(state, alert)) : client?.name ?? t("Uten navn");
  if (arrivals.length === 1) return alerts ? t("Nytt varsel: {name}. Vis", { name }) : t("Ny linje: {name}. Vis", { name });
  if (alerts === arrivals.length) return t("{n} nye varsler. Vis", { n: alerts });
  return alerts ? t("{n} nye linjer, også varsler. Vis", { n: arrivals.length }) : t("{n} nye linjer. Vis", { n: arrivals.length });
}
