/** «Sett» of somebody who is away asks first, wherever the button stands; and one tap says no more than that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { TEAM, aState, hoursAgo, watched } from "./_state.js";

const { settButton } = await import("../../fieldapp/static/js/views/parts.js");
const { alertActions } = await import("../../fieldapp/static/js/views/today.js");
const { alertView } = await import("../../fieldapp/static/js/views/alert.js");
const { clientView } = await import("../../fieldapp/static/js/views/client.js");
const { awayView } = await import("../../fieldapp/static/js/views/away.js");

const even = watched("c", "Even", 30);
const alert = {
  id: "a",
  kind: "not_seen",
  client_id: "c",
  team_id: TEAM,
  state: "open",
  owner: null,
  opened_at: hoursAgo(1),
};
const away = (kind) =>
  aState({
    clients: [even],
    alerts: [alert],
    absences: [{ id: "f", client_id: "c", kind, started_at: hoursAgo(40), ended_at: null }],
  });
const SAVES = /data-tap=[^>]*visit_logged/;
const screens = (state) => ({
  list: settButton(state, even),
  today: alertActions(state, alert, even),
  alert: alertView(state, { id: "a" }),
  card: clientView(state, { id: "c" }),
});

for (const kind of ["prison", "admitted", "treatment", "detox", "travel", "with_others", "unknown"]) {
  test(`nobody who is away (${kind}) is logged as seen without being asked about`, () => {
    for (const [where, drawn] of Object.entries(screens(away(kind)))) {
      assert.doesNotMatch(markup(drawn), SAVES, where);
      assert.match(markup(drawn), /href=\/felt\/ny\?type=away&client=c/, where);
    }
  });
}

test("whoever is not away is logged in one tap", () => {
  for (const [where, drawn] of Object.entries(screens(aState({ clients: [even], alerts: [alert] }))))
    assert.match(markup(drawn), SAVES, where);
});

test("one tap says that it was one tap, and chooses no place", () => {
  const { body } = JSON.parse(
    /data-tap=(\{.*?"said"[^}]*\})/.exec(markup(settButton(aState({ clients: [even] }), even)))[1],
  );
  assert.deepEqual(body, { outcome: "seen", place: "other", quick: true });
});

test("the question has both answers: back ends the absence and logs the sighting, not back logs it alone", () => {
  const drawn = awayView(away("prison"), { query: { client: "c" } });
  assert.match(words(drawn), /Er Even tilbake\?/);
  assert.match(words(drawn), /Fengsel/);
  const taps = [...markup(drawn).matchAll(/data-tap=(\{.*?\})\s*>/g)].map((found) => JSON.parse(found[1]));
  assert.deepEqual(
    taps.map((one) => [one.type, ...(one.also ?? []).map((more) => more.type)]),
    [["absence_ended", "visit_logged"], ["visit_logged"]],
  );
  assert.equal(taps[0].body.absence_id, "f");
  assert.deepEqual(taps[1].body, { outcome: "seen", place: "institution", quick: true });
});

test("whoever is back since the question was opened is not asked about again", () => {
  const drawn = awayView(aState({ clients: [even] }), { query: { client: "c" } });
  assert.match(markup(drawn), SAVES);
  assert.doesNotMatch(markup(drawn), /absence_ended/);
});
