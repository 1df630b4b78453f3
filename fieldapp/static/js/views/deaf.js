/** Owns when a phone is deaf: pushes would not be shown on it, so its owner must not rely on it. */

/**
 * Why pushes are not shown on this phone: "off" (not allowed here, or not subscribed), "unknown" (the server has no
 * subscription of it), "silent" (the server's test was not shown); null when they are, as far as anybody knows.
 */
export function whyDeaf({ permission, subscribed, seen }) {
  if (permission !== "granted" || !subscribed) return "off";
  if (seen && !seen.subscribed) return "unknown";
  return seen?.silent_since_at ? "silent" : null;
}

/** Is this person told of alerts now: on the duty list, or in a team that keeps none. */
export function isOnDuty({ me, teams, duty = [], nowMs }) {
  const runs = (one) => one.staff_id === me?.id && Date.parse(one.from_at) <= nowMs && nowMs < Date.parse(one.to_at);
  const unlisted = (team) => teams?.get(team.id)?.duty_ever_set === false;
  return duty.some(runs) || (["fieldworker", "leader"].includes(me?.role) && me.teams.some(unlisted));
}
