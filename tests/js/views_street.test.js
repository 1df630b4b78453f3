/** The start page of an oppsøkende peer: who has it, what stands on it, and what it saves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { FORMS, aboutOf, bodyOf, contextOf, problems, saveWords } from "../../fieldapp/static/js/views/forms.js";
import { usedPlaces } from "../../fieldapp/static/js/views/fields.js";
import { worksOnTheStreet } from "../../fieldapp/static/js/views/people.js";
import { STREET, streetView } from "../../fieldapp/static/js/views/street.js";
import { ME, MONA, TEAM, aState, entry, hoursAgo, unwatched } from "./_state.js";

const team = (kind) => ({ id: TEAM, name: "Uteteamet", kind });
const peer = (state, kinds = ["outreach"]) => ({
  ...state,
  me: { id: ME, name: "Rolf", role: "peer", teams: kinds.map(team) },
});
const contact = (id, client, hours, body, more) =>
  entry(
    id,
    client,
    "street_contact_logged",
    hours,
    { place_label: "Havna", people: 2, ...body },
    { author_id: ME, ...more },
  );
const screen = (values, more) => ({ query: STREET, rows: { fire: [] }, form: { values, errors: {} }, ...more });
const street = FORMS.street;

test("the start page is for a peer of outreach teams alone, who is on no duty list", () => {
  const state = aState();
  assert.equal(worksOnTheStreet(peer(state)), true);
  assert.equal(worksOnTheStreet(peer(state, ["outreach", "fact"])), false);
  assert.equal(worksOnTheStreet(peer(state, ["act"])), false);
  assert.equal(worksOnTheStreet(peer(state, [])), false);
  assert.equal(worksOnTheStreet({ ...peer(state), me: { ...peer(state).me, role: "fieldworker" } }), false);
  assert.equal(worksOnTheStreet({ nowMs: state.nowMs, me: null }), false);
  const duty = (staff_id, to_at) =>
    peer(aState({ duty: [{ id: "d", staff_id, team_id: TEAM, from_at: to_at, to_at }] }));
  assert.equal(worksOnTheStreet(duty(ME, hoursAgo(-40))), false);
  assert.equal(worksOnTheStreet(duty(ME, hoursAgo(1))), true);
  assert.equal(worksOnTheStreet(duty(MONA, hoursAgo(-40))), true);
});

test("no name stands on it until it is asked for", () => {
  const state = peer(
    aState({ clients: [unwatched("c", "Kari L."), unwatched("d", "Per Ø.", { ended_at: hoursAgo(9) })] }),
  );
  assert.doesNotMatch(words(streetView(state, screen({ people: "1" }))), /Kari|Per/);
  const opened = words(streetView(state, screen({ people: "1", _known: "open" })));
  assert.match(opened, /Kari L\./);
  assert.doesNotMatch(opened, /Per Ø\./);
  assert.match(words(streetView(state, screen({ people: "1", _client: "c" }))), /Lagre: Kari L\./);
});

test("whoever is chosen is whom the entry is about, and no part of its body", () => {
  const state = peer(aState({ clients: [unwatched("c", "Kari L.")] }));
  const values = { people: "1", place_label: "Havna", _client: "c", equipment: { foil: 2 } };
  const ctx = contextOf(state, aboutOf(STREET, values));
  assert.equal(ctx.client.id, "c");
  assert.deepEqual(problems(street, values, ctx), {});
  assert.deepEqual(bodyOf(street, values, ctx), { place_label: "Havna", people: 1, equipment: { foil: 2 } });
  assert.equal(saveWords(street, values, ctx), "Lagre: Kari L.");
  assert.equal(saveWords(street, values, contextOf(state, STREET)), "Lagre gatekontakt");
  assert.deepEqual(aboutOf({ type: "x", client: "d" }, {}), { type: "x", client: "d" });
});

test("the names fold away when somebody is chosen", () => {
  assert.deepEqual(street.changed({ people: "1", _known: "open", _client: "c" }, "_client"), {
    people: "1",
    _client: "c",
  });
  assert.deepEqual(street.changed({ people: "1", _known: "open" }, "_known"), { people: "1", _known: "open" });
});

test("private keeps whom, when, where and how many, and drops the rest from the draft", () => {
  const filled = { place_label: "Havna", people: "2", note: "hemmelig", equipment: { foil: 1 }, private: true };
  assert.deepEqual(street.changed({ ...filled, _client: "c", _at: "hour" }, "private"), {
    place_label: "Havna",
    people: "2",
    private: true,
    _at: "hour",
    _client: "c",
  });
  const state = peer(aState({ clients: [unwatched("c", "Kari L.")] }));
  const drawn = words(streetView(state, screen(street.changed(filled, "private"))));
  assert.doesNotMatch(drawn, /Brukerutstyr|Notat|Tilbudt/);
});

test("what I logged the last day stands below, and can be tied to somebody when it has arrived", () => {
  const entries = [
    contact("00000000-0000-7000-8000-0000000000e1", null, 1, {}),
    contact("00000000-0000-7000-8000-0000000000e2", "c", 2, { people: 1, private: true }),
    contact("00000000-0000-7000-8000-0000000000e3", null, 3, { place_label: "Parken" }, { local: "pending" }),
    contact("00000000-0000-7000-8000-0000000000e4", null, 30, { place_label: "I går" }),
    contact("00000000-0000-7000-8000-0000000000e5", null, 1, { place_label: "Andres" }, { author_id: MONA }),
    contact("00000000-0000-7000-8000-0000000000e6", null, 1, { place_label: "Angret" }),
  ];
  const retracted = ["00000000-0000-7000-8000-0000000000e6"];
  const state = peer(aState({ clients: [unwatched("c", "Kari L.")], entries, retracted }));
  const page = markup(streetView(state, screen({ people: "1" })));
  assert.match(page, /Havna, 2 personer/);
  assert.match(page, /Havna, Kari L\..*privat/);
  assert.match(page, /Parken, 2 personer/);
  assert.equal(page.match(/class="row-main"/g).length, 3);
  assert.deepEqual(
    [...page.matchAll(/for=subject_of_entry&entry=([^ "]*)/g)].map((match) => match[1]),
    ["00000000-0000-7000-8000-0000000000e1"],
  );
});

test("others' alerts do not stand there; a crisis and a question to me do", () => {
  const alerts = [
    { id: "n", kind: "not_seen", client_id: "c", team_id: TEAM, state: "open", opened_at: hoursAgo(1) },
    { id: "k", kind: "crisis", case_id: "k1", client_id: "c", team_id: TEAM, state: "open", opened_at: hoursAgo(1) },
    { id: "o", kind: "staff_overdue", staff_id: ME, team_id: TEAM, state: "open", opened_at: hoursAgo(1) },
    { id: "p", kind: "staff_overdue", staff_id: MONA, team_id: TEAM, state: "open", opened_at: hoursAgo(1) },
  ];
  const clients = [unwatched("c", "Kari L.")];
  const state = peer(aState({ clients, alerts }));
  const fire = alerts.map((alert) => ({ key: alert.id, alert, client: clients[0] }));
  const page = words(streetView(state, screen({ people: "1" }, { rows: { fire } })));
  assert.match(page, /Krise/);
  assert.match(page, /Er alt bra\?/);
  assert.doesNotMatch(page, /Ikke sett|Jeg tar den|Mona/);
});

test("the places a team has set stand after those used here, and in place of the usual ones", () => {
  const state = aState({ entries: [contact("e1", null, 3, { place_label: "Torget" })] });
  const teams = new Map([[TEAM, { ...team("outreach"), places: "Brua, Torget ,Kaia" }]]);
  assert.deepEqual(usedPlaces({ ...state, teams }), ["Torget", "Brua", "Kaia"]);
  assert.deepEqual(usedPlaces(state).slice(0, 2), ["Torget", "Sentrum"]);
});
