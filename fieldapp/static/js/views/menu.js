/** Owns what is offered to be logged, and in which order: under ＋ and on the client's card. What is rare stands last. Pure. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { N } from "../texts/t.js";
import { maySetWatch } from "./people.js";

const MENU = [
  "visit_logged",
  "visit_started",
  "street_contact_logged",
  "call_logged",
  "sighting_reported",
  "concern_raised",
  "rent_problem_reported",
  "neighbour_complaint_received",
  "home_entered",
  "absence_started",
  "duty_to_report_noted",
  "client_registered",
];
const PEERS_MENU = ["street_contact_logged", "call_logged", "concern_raised", "visit_logged", "visit_started"];
const CARD = [
  "call_logged",
  "concern_raised",
  "sighting_reported",
  "rent_problem_reported",
  "neighbour_complaint_received",
  "absence_started",
  "home_entered",
  "street_contact_logged",
  "duty_to_report_noted",
];

const hasWatch = ({ watch }) => Boolean(watch?.mode && watch.mode !== "off");

/** The form, what the card calls it, and whether it is offered. */
const AGREEMENT = [
  { type: "watch_set", words: N("Endre tilsynsavtalen"), if: (state, client) => mayChange(state, client, true) },
  { type: "watch_set", words: N("Ny tilsynsavtale"), if: (state, client) => mayChange(state, client, false) },
  { type: "contact_interval_set", words: N("Planlagt kontakt") },
  { type: "agreement_withdrawn", words: N("Avtalen er trukket") },
];
const RARER = [
  { type: "client_updated", words: N("Rett opplysninger") },
  { type: "client_team_set", words: N("Følges av team"), if: (state) => state.me.role === "leader" },
  {
    type: "follow_up_resumed",
    words: N("Ta opp oppfølgingen igjen"),
    if: (_state, client) => client.ended_at && !client.deceased,
  },
  { type: "follow_up_ended", words: N("Avslutt oppfølging"), if: (_state, client) => !client.ended_at },
];

const mayChange = (state, client, has) => maySetWatch(state, client) && hasWatch(client) === has;
const offered = (list, state, client) => list.filter((one) => !one.if || one.if(state, client));
const mayWrite = (role) => (type) => ENTRY_TYPES[type].roles.includes(role);

/** The tiles under ＋; a leader has the duty list as one more. @param {string} role */
export const menuOf = (role) =>
  role === "peer" ? PEERS_MENU : [...MENU.filter(mayWrite(role)), ...(role === "leader" ? ["duty_set"] : [])];

/** What is logged from a client's card. @param {string} role */
export const cardMenu = (role) => CARD.filter(mayWrite(role));

/** About the agreement. @param {any} state @param {any} client */
export const agreementMenu = (state, client) => offered(AGREEMENT, state, client);

/** What is done seldom. @param {any} state @param {any} client */
export const rarerMenu = (state, client) => offered(RARER, state, client);
