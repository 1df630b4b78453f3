/** «Til journal»: what of mine is not yet copied, with ready text, ticked off client by client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./_screen.js";
import { journalView, noted, toJournal } from "../../fieldapp/static/js/views/journal.js";
import { ME, aState, entry, unwatched } from "./_state.js";

const mine = { author_id: ME };
const visit = (id, hours, more = {}) =>
  entry(
    id,
    "kari",
    "visit_logged",
    hours,
    { outcome: "seen", place: "home", note: "Drakk kaffe" },
    { ...mine, ...more },
  );
const scene = (entries) => aState({ clients: [unwatched("kari", "Kari Lund")], entries });

test("mine of the last week, not what colleagues wrote, nor private talks, nor what is in the journal", () => {
  const talk = entry("5", "kari", "street_contact_logged", 1, { place_label: "Havna", people: 1, private: true }, mine);
  const tick = entry("6", "kari", "journal_noted", 0, { entry_ids: ["2"], system: "Profil" }, mine);
  const state = scene([
    visit("1", 2),
    visit("2", 3),
    visit("3", 4, { author_id: "x" }),
    visit("4", 24 * 9),
    talk,
    tick,
  ]);
  assert.deepEqual(
    toJournal(state).flatMap((one) => one.entries.map(({ id }) => id)),
    ["1"],
  );
});

test("the text is ready, and a tick names the entries, the client and the system", () => {
  const state = scene([visit("1", 2), visit("2", 1)]);
  const text = words(journalView(state));
  assert.match(text, /24\. nov\. 10\.47 Hjemmebesøk, traff\. .*Drakk kaffe\./);
  assert.match(text, /1 bruker igjen/);
  assert.deepEqual(noted(state, "kari", "Profil"), {
    type: "journal_noted",
    body: { entry_ids: ["1", "2"], system: "Profil" },
    client: "kari",
  });
});
