/** Saying whom something of nobody known was about: at once on this phone, and by a form that keeps what it is about. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "./_screen.js";
import { fold } from "../../fieldapp/static/js/core/replica/fold/index.js";
import { overlayOn } from "../../fieldapp/static/js/core/replica/overlay.js";
import { FORMS, bodyOf, contextOf, shownFields } from "../../fieldapp/static/js/views/forms.js";
import { pickRows } from "../../fieldapp/static/js/views/picker.js";
import { ME, NOW, TEAM, aState, entry, unwatched } from "./_state.js";

const tables = () =>
  new Map([
    ["case", new Map([["sak", { id: "sak", kind: "crisis", client_id: null, team_id: TEAM, facts: {} }]])],
    [
      "entry",
      new Map([["steg", entry("steg", null, "crisis_step_logged", 1, { step: "arrived" }, { case_id: "sak" })]]),
    ],
    ["alert", new Map([["varsel", { id: "varsel", kind: "crisis", client_id: null, case_id: "sak" }]])],
  ]);
const link = (body, more = {}) => ({
  ...entry("lenke", "kari", "subject_client_set", 0, body, { author_id: ME, local: "pending" }),
  device_seq: 1,
  ...more,
});

test("the case, its steps and its alert stand with the client before the server has answered", () => {
  for (const waiting of [link({ case_id: "sak" }), link({}, { case_id: "sak" })]) {
    const over = overlayOn(tables());
    fold(over, [waiting], new Set(), NOW);
    for (const [kind, id] of [
      ["case", "sak"],
      ["entry", "steg"],
      ["alert", "varsel"],
    ])
      assert.equal(over.get(kind, id).client_id, "kari");
  }
});

test("taken back before it was sent, it has moved nothing", () => {
  const over = overlayOn(tables());
  fold(over, [link({ case_id: "sak" })], new Set(["lenke"]), NOW);
  assert.equal(over.get("case", "sak").client_id, null);
});

test("the one chosen comes with what it is about, and of a private talk nothing is asked", () => {
  const talk = entry("prat", null, "street_contact_logged", 1, { place_label: "Havna", people: 1, private: true });
  const state = aState({ clients: [unwatched("kari", "Kari")], entries: [talk] });
  const drawn = markup(pickRows(state, { recent: [], query: { entry: "prat" } }, "subject_of_entry"));
  assert.match(drawn, /type=subject_of_entry&client=kari&entry=prat/);
  const ctx = contextOf(state, { client: "kari", entry: "prat" });
  assert.deepEqual(shownFields(FORMS.subject_of_entry, {}, ctx), []);
  assert.deepEqual(bodyOf(FORMS.subject_of_entry, {}, ctx), { entry_id: "prat" });
});
