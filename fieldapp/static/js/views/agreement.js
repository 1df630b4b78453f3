/** Owns what an agreement permits, as far as the phone knows it. Pure. */
import { occurred, said } from "./people.js";

/** Is there a watch agreement with the person; a clock that runs because nobody has asked yet is none. */
export const hasAgreement = ({ watch }) => Boolean(watch && (watch.mode ?? "off") !== "off" && watch.agreed !== false);

/**
 * Did the agreement permit going in at that moment? Now the watch says it; before a withdrawal, the entries of before it.
 * What the phone can't know (the agreement is older than its entries) it does not deny: a no came after they went in.
 */
export function mayEnterAt(state, client, at = state.nowMs) {
  if (client.watch?.may_enter) return true;
  const terms = state
    .entriesOf(client.id)
    .filter((entry) => !entry.struck_by && entry.local !== "held" && isTerms(entry));
  const before = terms.filter((entry) => occurred(entry) <= at).sort((a, b) => occurred(b) - occurred(a))[0];
  if (before) return before.type === "watch_set" && Boolean(said(before).may_enter);
  return terms.some((entry) => entry.type === "agreement_withdrawn" && occurred(entry) > at);
}

const isTerms = (entry) =>
  entry.type === "watch_set" || (entry.type === "agreement_withdrawn" && said(entry).kind === "watch");
