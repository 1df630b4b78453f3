/** A judged duty to report on the phone: who is offered it, that each kind has its guide, and that it says «ingenting er sendt». */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { aState, entry, watched } from "./_state.js";

const { options } = await import("../../fieldapp/static/js/texts/codes.js");
const { entryDetail } = await import("../../fieldapp/static/js/views/entry_detail.js");
const { entryTitle } = await import("../../fieldapp/static/js/views/entry_words.js");
const { FORMS, bodyOf, contextOf, problems, savedWords } = await import("../../fieldapp/static/js/views/forms.js");
const { logView } = await import("../../fieldapp/static/js/views/log.js");
const { cardMenu, menuOf } = await import("../../fieldapp/static/js/views/menu.js");

const TYPE = "duty_to_report_noted";
const state = aState({ clients: [watched("c", "Kari", 3)] });
const drawn = (values) =>
  logView(state, { query: { type: TYPE, client: "c" }, form: { values, errors: {} }, found: [] });
const JUDGED = { kind: "child", decided: "not_reported", reason: "Så ikke barnet" };

test("it is offered to fieldworkers and leaders, and to nobody else", () => {
  const onCard = (role) => cardMenu(role).some(({ types }) => types.includes(TYPE));
  for (const role of ["fieldworker", "leader"]) assert.ok(menuOf(role).includes(TYPE) && onCard(role));
  for (const role of ["peer", "landlord"]) assert.ok(!menuOf(role).includes(TYPE) && !onCard(role));
});

test("each kind has its guide: what the law asks, and by which paragraph", () => {
  const kinds = options("report_kind").map(([code]) => code);
  const paragraphs = {
    child: ["barnevernsloven § 13-2", "hpl § 33", "barnevernstjenesten"],
    pregnancy: ["hpl § 32", "hol § 10-3"],
    avert_crime: ["straffeloven § 196"],
    emergency: ["straffeloven § 287", "hpl § 7", "hpl § 31"],
    animal: ["hpl § 34 b", "en rett, ikke en plikt"],
    serious_event: ["hol § 12-3 a", "5 virkedager", "lørdag", "3 måneder", "10 dager", "pbrl § 3-2", "Ukom"],
  };
  assert.deepEqual(kinds.sort(), Object.keys(paragraphs).sort());
  for (const [kind, said] of Object.entries(paragraphs)) {
    const text = words(drawn({ kind }));
    for (const part of said) assert.ok(text.includes(part), `${kind}: ${part}`);
    assert.ok(text.includes("Sett sender ingenting"), kind);
    assert.ok(text.includes("jurist avgjør"), kind);
  }
});

test("only the guide of what was chosen shows, and its numbers can be rung", () => {
  assert.ok(!words(drawn({})).includes("§"));
  assert.ok(!words(drawn({ kind: "animal" })).includes("§ 196"));
  assert.match(markup(drawn({ kind: "emergency" })), /href="tel:113"/);
});

test("kind, decision and reason are asked for, and no more is sent", () => {
  const ctx = contextOf(state, { client: "c" });
  assert.deepEqual(Object.keys(problems(FORMS[TYPE], {}, ctx)).sort(), ["decided", "kind", "reason"]);
  assert.deepEqual(problems(FORMS[TYPE], JUDGED, ctx), {});
  assert.deepEqual(bodyOf(FORMS[TYPE], JUDGED, ctx), JUDGED);
});

test("whatever was decided, what is said after saving is that nothing was sent", () => {
  const ctx = contextOf(state, { client: "c" });
  assert.match(savedWords(FORMS[TYPE], { ...JUDGED, decided: "reported" }, ctx), /ingenting er sendt fra Sett/);
});

test("in the timeline it reads as what was decided, of what, and why", () => {
  const one = entry("e", "c", TYPE, 1, JUDGED);
  assert.equal(entryTitle(one), "Meldeplikt vurdert, ikke meldt");
  assert.equal(entryDetail(one), "Barn. Så ikke barnet");
});

test("after a death a serious event can still be judged", () => {
  const dead = aState({ clients: [watched("c", "Kari", 3, { deceased: true, ended_at: "2026-11-24T08:00:00Z" })] });
  const view = logView(dead, { query: { type: TYPE, client: "c" }, form: { values: {}, errors: {} }, found: [] });
  assert.ok(words(view).includes("Hva gjelder det?"));
});
