/** Owns what a team's opening hours mean on the phone: about to close or not, open next when, and who watches meanwhile. Pure. */
import { isEnded, isPaused, isWatched } from "./people.js";

const HOUR = 3_600_000;
/** A hand-over lasts at most 14 days (sync/PROTOCOL.md). */
const LONGEST = 14 * 24 * HOUR;

const spansOf = (hours) => (hours?.open_spans ?? []).map(([from, to]) => [Date.parse(from), Date.parse(to)]);

/** {closesAt, opensAt} from an hour before closing to an hour after it, else null; `opensAt` null: not for three weeks. */
export function closingOf(hours, now) {
  if (!hours || hours.always_open) return null;
  const spans = spansOf(hours);
  const span = spans.find(([, to]) => Math.abs(now - to) <= HOUR);
  if (!span) return null;
  const opensAt = spans.map(([from]) => from).find((from) => from >= span[1]) ?? null;
  return opensAt === span[1] ? null : { closesAt: span[1], opensAt };
}

const watchTeam = (client) => client.watch.team_id ?? client.team_ids?.[0];

/** Whom nobody would look for before my team opens: due before then, whether an alert waits or not. */
export function closingRows(state) {
  return state.me.teams
    .flatMap((team) => {
      const hours = state.hours?.get(team.id);
      const closing = closingOf(hours, state.nowMs);
      if (!closing) return [];
      const isLeft = (client) =>
        !isEnded(client) &&
        isWatched(client) &&
        watchTeam(client) === team.id &&
        client.watch.due_at &&
        !isPaused(state, client) &&
        (closing.opensAt === null || Date.parse(client.watch.due_at) < closing.opensAt);
      // The key of «Bør ses snart»: who stands there already is the same line, and stays where it is.
      return [...state.clients.values()]
        .filter(isLeft)
        .map((client) => ({ key: `s:${client.id}`, client, closing, hours }));
    })
    .sort((a, b) => Date.parse(a.client.watch.due_at) - Date.parse(b.client.watch.due_at));
}

/** What is agreed while the team is closed: the client's own answer goes before the team's. */
export const whenClosed = (client, hours) => client.watch?.when_closed ?? hours?.when_closed ?? "wait";

/** Until when a hand-over asked for now should last. */
export const handOverUntil = ({ opensAt }, now) =>
  new Date(Math.min(opensAt ?? Infinity, now + LONGEST - HOUR)).toISOString();

const isRunning = (one, now) => Date.parse(one.until_at) > now;

/** The hand-over of a client that runs now, the newest, or null. */
export function handOverOf(state, clientId) {
  const [newest] = [...(state.handOvers?.values() ?? [])]
    .filter((one) => one.client_id === clientId && isRunning(one, state.nowMs))
    .sort((a, b) => Date.parse(b.asked_at) - Date.parse(a.asked_at));
  return newest ?? null;
}

/** What other teams have asked mine to watch over, those nobody has taken first. */
export function handedToUs(state) {
  const mine = new Set(state.me.teams.map((team) => team.id));
  return [...(state.handOvers?.values() ?? [])]
    .filter(
      (one) =>
        mine.has(one.to_team_id) &&
        isRunning(one, state.nowMs) &&
        !(state.clients.has(one.client_id) && isEnded(state.clients.get(one.client_id))),
    )
    .sort(
      (a, b) =>
        Number(Boolean(a.taken_by)) - Number(Boolean(b.taken_by)) || Date.parse(a.asked_at) - Date.parse(b.asked_at),
    )
    .map((one) => ({ key: `h:${one.id}`, handOver: one, client: state.clients.get(one.client_id) }));
}

/** A team's name; a team one does not work in is named by the hours or the hand-over that mention it. */
export const teamName = (state, id, said) => state.teams.get(id)?.name ?? said ?? "";
