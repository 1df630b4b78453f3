/** Owns the questions the screens ask about the duty list: mine, those offered to me, and whom I can ask. Pure, no templates. */
import { staffOf } from "./people.js";

const FOUR_WEEKS = 28 * 86_400_000;

const begins = (duty) => Date.parse(duty.from_at);
const isAhead = (state, duty) => Date.parse(duty.to_at) > state.nowMs && begins(duty) < state.nowMs + FOUR_WEEKS;
const inOrder = (duties) => duties.sort((a, b) => begins(a) - begins(b));

/** A person's duties that are not over, four weeks ahead. */
export const dutiesOf = (state, staffId, teamId) =>
  inOrder(
    (state.duty ?? []).filter(
      (one) => one.staff_id === staffId && isAhead(state, one) && (!teamId || one.team_id === teamId),
    ),
  );

/** The offer that waits on a duty, or null: not taken back here, and what is asked in return is still there. */
export function offerOf(state, duty) {
  const { offer } = duty;
  if (!offer || state.retracted.has(offer.id) || Date.parse(duty.to_at) <= state.nowMs) return null;
  const back = offer.in_return_for ? dutyOf(state, offer.in_return_for) : null;
  return offer.in_return_for && !(back && Date.parse(back.to_at) > state.nowMs) ? null : { ...offer, back };
}

export const dutyOf = (state, id) => (state.duty ?? []).find((one) => one.id === id) ?? null;

/** Duties that colleagues have offered me. */
export const offeredToMe = (state) =>
  inOrder(
    (state.duty ?? []).filter(
      (one) => one.staff_id !== state.me?.id && offerOf(state, one)?.to_staff_id === state.me?.id,
    ),
  );

/** Whom I can offer a duty to: an erfaringskonsulent only when the leader has put them on the list. */
export function askable(state, duty) {
  const listed = new Set((state.duty ?? []).filter((one) => one.team_id === duty?.team_id).map((one) => one.staff_id));
  return staffOf(state, duty ? [duty.team_id] : []).filter(
    (one) =>
      one.id !== state.me.id &&
      (one.role === "peer" ? listed.has(one.id) : !["landlord", "privacy", "admin"].includes(one.role)),
  );
}
