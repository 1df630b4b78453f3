/** The forms of the team's board: putting somebody up, or moving them, and taking them down. Rows of the table in forms.js. */
import { boardTeams, cardOf, columnsOf, reviewDays } from "./board_cards.js";
import { daysOn } from "./form_times.js";

/** Whose board: the one the client is up on, else the first team of mine that follows them. */
function teamOf(state, client) {
  const mine = boardTeams(state).filter((team) => (client?.team_ids ?? []).includes(team.id));
  return mine.find((team) => cardOf(state, client.id, team.id))?.id ?? mine[0]?.id;
}

const onBoard = (body, { state, client }) => {
  const teamId = teamOf(state, client);
  return teamId ? { ...body, team_id: teamId } : body;
};
const valuesOf = ({ column, reasons, goal, down_when: downWhen }) => ({ column, reasons, goal, down_when: downWhen });

export const BOARD_FORMS = [
  {
    type: "board_placed",
    living: true,
    title: "På tavla",
    icon: "board",
    who: "client",
    save: "Lagre: på tavla",
    saved: "tavla er oppdatert",
    preset: ({ state, client, today }) => {
      const teamId = teamOf(state, client);
      const card = client && cardOf(state, client.id, teamId);
      return { ...(card ? valuesOf(card) : {}), review_on: daysOn(today, reviewDays(state, teamId)) };
    },
    fields: [
      {
        name: "column",
        kind: "one",
        label: "Hvor på tavla?",
        required: true,
        own: ({ state, client }) => columnsOf(state, teamOf(state, client)).map((column) => [column.key, column.name]),
      },
      { name: "reasons", kind: "many", list: "board_reason", label: "Hvorfor?" },
      { name: "goal", kind: "text", label: "Mål" },
      { name: "down_when", kind: "text", label: "Tas ned når" },
      { name: "review_on", kind: "date", label: "Vurderes på nytt", required: true },
    ],
    moreLabel: "notat",
    more: [{ name: "note", kind: "text", label: "Notat" }],
    body: onBoard,
  },
  {
    type: "board_removed",
    title: "Ta ned fra tavla",
    icon: "leave",
    who: "client",
    save: "Lagre: tatt ned fra tavla",
    saved: "tatt ned fra tavla",
    fields: [{ name: "reason", kind: "text", label: "Hvorfor?" }],
    body: onBoard,
  },
];
