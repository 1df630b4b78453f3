/** Owns how an alert is put into words: whom it is about, who was told, who has it. Pure, no templates. */
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { clientName, lastContact } from "./people.js";
import { isMine, isSafety, nameOf, safetyStory, safetyTitle, whose } from "./safety.js";
import { colleague, contactWords, date, dayWhen, longSpan, when } from "./words.js";

export function alertTitle(state, alert) {
  const name = clientName(state, alert.client_id);
  const since = Date.parse(alert.unseen_since_at ?? state.clients.get(alert.client_id)?.watch?.last_seen_at ?? "");
  if (alert.kind === "not_seen")
    return missingWords(
      name,
      since && longSpan(state.nowMs - since),
      state.clients.get(alert.client_id)?.watch?.counts,
    );
  if (alert.kind === "concern") return t("Bekymret for {name}", { name });
  if (alert.kind === "crisis") return t("Krise: {name}", { name });
  if (alert.kind === "drill") return t("Øvelse: ingen er i fare");
  if (isSafety(alert)) return safetyTitle(state, alert);
  return `${label("alert_kind", alert.kind)}${alert.client_id ? `: ${name}` : ""}`;
}

const MISSING = {
  "": [N("{name} er ikke sett på {span}"), N("{name} er ikke sett ennå")],
  heard: [N("{name} er verken sett eller hørt fra på {span}"), N("{name} er verken sett eller hørt fra ennå")],
  reported: [N("{name} er verken sett eller meldt sett på {span}"), N("{name} er verken sett eller meldt sett ennå")],
  "heard,reported": [
    N("{name} er verken sett, hørt fra eller meldt sett på {span}"),
    N("{name} er verken sett, hørt fra eller meldt sett ennå"),
  ],
};

/** What an alert has been missing for so long: where more than being seen counts, nothing of that has come either. */
function missingWords(name, span, counts = []) {
  const [long, never] = MISSING[["heard", "reported"].filter((one) => counts.includes(one)).join()];
  return t(span ? long : never, { name, span });
}

/** Last seen when and by whom; who was told; who has it. */
export function alertStory(state, alert) {
  if (isSafety(alert))
    return [
      safetyStory(state, alert),
      isMine(state, alert) && alert.kind === "staff_overdue" ? "" : nobodyWords(alert) || ownerWords(state, alert),
    ]
      .filter(Boolean)
      .join(" ");
  const last = alert.client_id && lastContact(state, alert.client_id);
  return [
    last ? contactWords(state, last) : "",
    alert.kind !== "not_seen" && alert.opened_at
      ? t("Meldt {when}.", { when: when(Date.parse(alert.opened_at), state.nowMs) })
      : "",
    toldWords(state, alert.told),
    nobodyWords(alert) || ownerWords(state, alert),
  ]
    .filter(Boolean)
    .join(" ");
}

// Of these no message is, or may still get, on a screen.
const UNREACHED = new Set(["no_device", "unreachable", "our_fault", "given_up", "called_off"]);

/** "Varslet: Mona. Ikke nådd: Per.": whoever was reached once, or still may be, was told. */
export function toldWords(state, told = []) {
  const reached = new Set(told.filter((one) => !UNREACHED.has(one.how)).map((one) => one.staff_id));
  // Whoever reads this has been reached by it, whatever became of the message.
  const missed = new Set(told.map((one) => one.staff_id).filter((id) => !reached.has(id) && id !== state.me?.id));
  const names = (ids) => [...new Set([...ids].map((id) => colleague(state, id)))].join(", ");
  return [
    reached.size && t("Varslet: {names}.", { names: names(reached) }),
    missed.size && t("Ikke nådd: {names}.", { names: names(missed) }),
  ]
    .filter(Boolean)
    .join(" ");
}

/** The server found nobody to tell: whoever raised it must know, and ring. */
export const nobodyWords = (alert) =>
  alert?.nobody_told && !alert.owner ? t("Ingen på vakt får dette. Ring 113 · 112 · 116 117.") : "";

/** Everybody it could climb to was told, and nobody has taken it: then every screen says so. */
export const isLeft = (state, alert) =>
  (alert.step >= 3 || alert.round > 1) &&
  alert.state === "open" &&
  !alert.owner &&
  !alert.pending_ack &&
  !alert.pending_end &&
  alert.kind !== "drill" &&
  !isMine(state, alert);

export function ownerWords(state, alert) {
  if (alert.unsynced) return t("Mottatt. Hvem som har fått beskjed, vises når telefonen har hentet nytt.");
  if (alert.state === "waiting")
    return alert.waits_until_at
      ? t("Venter til teamet åpner {when}.", { when: dayWhen(Date.parse(alert.waits_until_at), state.nowMs) })
      : t("Venter til teamet åpner.");
  if (alert.state === "snoozed") return snoozedWords(state, alert);
  if (!alert.owner) return t("Varselet er ikke tatt.");
  return alert.owner === state.me.id
    ? t("Du har tatt det.")
    : t("{name} har tatt det.", { name: colleague(state, alert.owner) });
}

/** Who put it off and until when: the owner is somebody else when a colleague took it first. */
function snoozedWords(state, alert) {
  const by = alert.snoozed_by ?? alert.owner;
  const until = Date.parse(alert.snoozed_until ?? "");
  if (!by) return t("Utsatt.");
  const said = { name: colleague(state, by), when: until && dayWhen(until, state.nowMs) };
  if (!until) return by === state.me.id ? t("Du har utsatt det.") : t("{name} har utsatt det.", said);
  return by === state.me.id ? t("Du har utsatt det til {when}.", said) : t("{name} har utsatt det til {when}.", said);
}

/** An alert is never called a line: whoever reads it must know to tap. */
export function arrivalWords(state, arrivals) {
  const alerts = arrivals.filter((row) => row.alert || row.crisis).length;
  const [{ alert, client }] = arrivals;
  const nobody = alert ? label("alert_kind", alert.kind) : t("Uten navn");
  const name = alert && isSafety(alert) ? nameOf(state, whose(state, alert)) : (client?.name ?? nobody);
  if (arrivals.length === 1)
    return alerts ? t("Nytt varsel: {name}. Vis", { name }) : t("Ny linje: {name}. Vis", { name });
  if (alerts === arrivals.length) return tn(alerts, "1 nytt varsel. Vis", "{n} nye varsler. Vis");
  return tn(arrivals.length, "1 ny linje. Vis", alerts ? "{n} nye linjer, også varsler. Vis" : "{n} nye linjer. Vis");
}

/** "fortsatt innlagt? Skulle vært tilbake 21. nov."; one with its end far ahead is asked about on the way. */
export function stillAway(absence, now) {
  const kind = absence ? lower(label("absence_kind", absence.kind)) : t("borte");
  return `${t("fortsatt {kind}?", { kind })} ${absence ? untilWhen(absence, now) : ""}`.trim();
}

function untilWhen(absence, now) {
  const end = Date.parse(absence.expected_end_at ?? `${absence.expected_end_on}T11:00:00Z`);
  if (!end) return t("Borte siden {day}.", { day: date(Date.parse(absence.started_at), now) });
  return t(end > now ? "Ventes tilbake {day}." : "Skulle vært tilbake {day}.", { day: date(end, now) });
}
