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
  "housing_incident_logged",
  "home_entered",
  "absence_started",
  "duty_to_report_noted",
  "staff_incident_logged",
  "task_set",
  "handover_noted",
  "meeting_held",
  "client_registered",
];
const PEERS_MENU = [
  "street_contact_logged",
  "call_logged",
  "concern_raised",
  "visit_logged",
  "visit_started",
  "staff_incident_logged",
];
/** On the card, by what it is about. */
const CARD = [
  {
    words: N("Kontakt"),
    types: ["call_logged", "concern_raised", "sighting_reported", "street_contact_logged"],
    atDoor: true,
  },
  {
    words: N("Hjem og økonomi"),
    types: ["rent_problem_reported", "neighbour_complaint_received", "housing_incident_logged", "home_entered"],
  },
  { words: N("Fravær og hendelser"), types: ["absence_started", "duty_to_report_noted", "staff_incident_logged"] },
];

/** About the person, and what stands: on the card, behind what is logged every day. */
const STANDS = [
  "risk_noted",
  "plan_noted",
  "contact_person_noted",
  "task_set",
  "visit_planned",
  "board_placed",
  "handover_noted",
  "meeting_held",
  "agreement_recorded",
  "housing_changed",
  "decision_recorded",
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

/** What is logged from a client's card, in groups. @param {string} role */
export const cardMenu = (role) =>
  CARD.map((group) => ({ ...group, types: group.types.filter(mayWrite(role)) })).filter(({ types }) => types.length);

/** What is written down to stand, from a client's card. @param {string} role */
export const standsMenu = (role) => STANDS.filter(mayWrite(role));

/** About the agreement. @param {any} state @param {any} client */
export const agreementMenu = (state, client) => offered(AGREEMENT, state, client);

/** What is done seldom. @param {any} state @param {any} client */
export const rarerMenu = (state, client) => offered(RARER, state, client);
