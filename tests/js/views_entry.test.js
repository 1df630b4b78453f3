/** What was filled in can be read back and corrected: every entry type, every field of its body. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { vectors } from "./_vectors.js";
import { ME, MONA, NOW, aState, entry, hoursAgo, unwatched } from "./_state.js";
import { CODE_WORDS as FIRST_WORDS } from "../../fieldapp/static/js/texts/code_words.js";
import { MORE_WORDS } from "../../fieldapp/static/js/texts/code_words_more.js";
import { TIES, factsOf, fieldOf } from "../../fieldapp/static/js/views/entry_fields.js";

const CODE_WORDS = { ...FIRST_WORDS, ...MORE_WORDS };

const { entryView } = await import("../../fieldapp/static/js/views/entry.js");
const { logView } = await import("../../fieldapp/static/js/views/log.js");
const { clientView } = await import("../../fieldapp/static/js/views/client.js");
const { landlordsOf } = await import("../../fieldapp/static/js/views/facts.js");
const { staffOf } = await import("../../fieldapp/static/js/views/people.js");
const { formOf } = await import("../../fieldapp/static/js/views/correction.js");
const { FORMS, bodyOf, contextOf, maxOf, problems } = await import("../../fieldapp/static/js/views/forms.js");

const BODIES = vectors("bodies");
const ELEMENTS = vectors("elements").cases;

for (const [type, fields] of Object.entries(BODIES)) {
  test(`every field of ${type} has its words`, () => {
    const without = Object.keys(fields).filter((name) => !TIES.has(name) && !fieldOf(type, name));
    assert.deepEqual(without, []);
    for (const name of Object.keys(fields).filter((one) => !TIES.has(one))) {
      const [, kind, list] = fieldOf(type, name);
      assert.equal(
        ["code", "codes", "yesOrCode", "counts"].includes(kind),
        Boolean(CODE_WORDS[list]),
        `${type}.${name}`,
      );
    }
  });

  test(`the forms of ${type} know the limits of its texts`, () => {
    for (const form of Object.values(FORMS).filter((one) => one.type === type && type !== "entry_corrected")) {
      for (const field of [...form.fields, ...(form.more ?? [])].filter((one) =>
        ["text", "line", "tel", "places"].includes(one.kind),
      )) {
        const limit = (fields[field.name] ?? fields[`fields.${field.name}`])?.max;
        assert.equal(maxOf(field), limit, `${type}.${field.name}`);
      }
    }
  });
}

test("the only fields nobody filled in tie entries together", () => {
  const minted = ["risk_id", "contact_id", "agreement_id", "task_id", "decision_id", "plan_id"];
  const first = ["base_seq", "visit_id", "absence_id", "case_id", "file_id", "step_id"];
  assert.deepEqual([...TIES], [...first, ...minted, "replaces", "meeting_id"]);
});

const VISIT = {
  outcome: "seen",
  place: "cafe",
  contact: "seen",
  cancelled_by: "us",
  medication: "seen_taken",
  children_present: true,
  interpreter: false,
  announced: true,
  with_staff: [MONA],
  duration_min: 90,
  condition: "worse",
  client_said: "Sover dårlig.",
  topics: ["economy", "lar"],
  agreed: "Ny time fredag",
  next_contact_on: "2026-11-27",
  note: "Hund i gangen.",
};
const state = (...entries) => aState({ clients: [unwatched("c", "Kari L.")], entries });
const page = (one, ...more) => words(entryView(state(one, ...more), { id: one.id }));

test("a visit reads back whole: who, when, and every field in words", () => {
  const read = page(
    entry("e", "c", "visit_logged", 2, VISIT, {
      author_id: MONA,
      time_chosen: true,
      flags: ["clock_uncertain"],
      received_at: hoursAgo(1),
    }),
  );
  for (const said of [
    "Besøk (kafé), traff",
    "Kari L.",
    "10.47",
    "Ført av Mona Lie.",
    "Tidspunktet er valgt",
    "Klokkeslettet er usikkert.",
    "Mottatt 11.47.",
    "Av oss",
    "Så at den ble tatt",
    "Barn til stede? Ja",
    "Brukt tolk? Nei",
    "Varslet på forhånd? Ja",
    "Mona Lie",
    "1 t 30 min",
    "Dårligere",
    "Sover dårlig.",
    "Økonomi/husleie, LAR",
    "Ny time fredag",
    "27. nov.",
    "Hund i gangen.",
  ])
    assert.ok(read.includes(said), `${said} is not in: ${read}`);
});

test("every entry of the contract's examples reads back with nothing left out", () => {
  for (const { element, name } of ELEMENTS.filter((one) => one.expect.verdict === null && one.element?.body)) {
    const facts = factsOf(state(), element.type, element.body);
    const given = Object.entries(element.body).filter(
      ([field, value]) =>
        value !== null &&
        value !== "" &&
        !(Array.isArray(value) && !value.length) &&
        !TIES.has(field) &&
        fieldOf(element.type, field),
    );
    for (const [field, value] of given.filter(([, one]) => typeof one !== "object"))
      assert.ok(
        facts.some((fact) => fact.name === field && fact.value === value),
        `${name}: ${element.type}.${field}`,
      );
    assert.ok(
      facts.every((fact) => fact.label),
      name,
    );
    assert.doesNotMatch(
      words(entryView(state(entry("e", "c", element.type, 1, element.body)), { id: "e" })),
      /undefined|\[object|NaN|Invalid/,
      name,
    );
  }
});

test("a field of a newer version is shown by its name", () =>
  assert.ok(page(entry("e", "c", "visit_logged", 1, { ...VISIT, weather: "regn" })).includes('weather "regn"')));

test("who complained is kept apart", () => {
  const drawn = markup(
    entryView(
      state(
        entry("e", "c", "neighbour_complaint_received", 1, {
          what: ["noise"],
          complainant: "neighbour",
          client_role: "unclear",
          complainant_name: "Olga",
        }),
      ),
      { id: "e" },
    ),
  );
  assert.match(drawn, /<details><summary>Holdt for seg<\/summary>.*Olga/);
  assert.doesNotMatch(drawn.split("<details>")[0], /Olga/);
});

test("a correction stands with who, when and why, and what was there before beside it", () => {
  const was = entry(
    "e",
    "c",
    "visit_logged",
    5,
    { outcome: "seen", place: "home", note: "Hund" },
    { amended_body: { outcome: "seen", place: "home", note: "Katt" } },
  );
  const fix = entry("f", "c", "entry_corrected", 1, {
    entry_id: "e",
    what: "text",
    reason: "Det var en katt",
    body: { note: "Katt" },
  });
  const read = page(was, fix);
  assert.match(read, /Notat Katt Før: Hund/);
  assert.match(read, /Rettinger 11\.47 Feil i det som er ført Mona Det var en katt/);
});

test("what was taken back says so, and can't be corrected", () => {
  const gone = entry("e", "c", "visit_logged", 5, VISIT, { struck_by: "f", author_id: ME });
  const read = page(
    gone,
    entry("f", "c", "entry_corrected", 1, { entry_id: "e", what: "retracted", reason: "Feil person" }),
  );
  assert.match(read, /Trukket tilbake 11\.47 av Mona\. Skulle ikke vært ført: Feil person/);
  assert.doesNotMatch(markup(entryView(state(gone), { id: "e" })), /type=entry_corrected/);
});

test("the card leads to every entry", () =>
  assert.match(
    markup(clientView(state(entry("e", "c", "visit_logged", 1, VISIT)), { id: "c" })),
    /href=\/felt\/notat\/e/,
  ));

test("what was written on a locked phone says so, in the note and in every list, until its author has said it was they", async () => {
  const { alertView } = await import("../../fieldapp/static/js/views/alert.js");
  const { caseView } = await import("../../fieldapp/static/js/views/case.js");
  const alert = { id: "a", kind: "concern", client_id: "c", team_id: "t", opened_at: hoursAgo(1), told: [] };
  const one = { id: "k", kind: "crisis", client_id: "c", opened_at: hoursAgo(1), opened_by: MONA };
  const pages = (...entries) => {
    const here = aState({ clients: [unwatched("c", "Kari L.")], entries, alerts: [alert], cases: [one] });
    return [
      words(entryView(here, { id: "e" })),
      words(clientView(here, { id: "c" })),
      words(alertView(here, { id: "a" })),
      words(caseView(here, { id: "k" })),
    ];
  };
  const sent = entry("e", "c", "crisis_opened", 1, { kind: "other" }, { case_id: "k", flags: ["locked"] });
  const waits = { ...sent, flags: undefined, locked: true, local: "pending" };
  const confirmed = entry("f", "c", "entry_corrected", 0, { entry_id: "e", what: "text", reason: "bekreftet" });
  for (const said of [...pages(sent), ...pages(waits), ...pages(sent, { ...confirmed, author_id: ME })])
    assert.match(said, /[Ss]krevet på låst telefon/);
  for (const said of [
    ...pages({ ...sent, flags: [] }),
    ...pages(sent, confirmed),
    ...pages({ ...waits, locked: false }),
  ])
    assert.doesNotMatch(said, /låst telefon/);
  for (const said of pages(sent, { ...confirmed, locked: true })) assert.match(said, /låst telefon/);
});

// --- Rett ----------------------------------------------------------------------------------------------------------

const visit = entry("e", "c", "visit_logged", 2, VISIT, { author_id: ME });
const correct = (one, values, ...more) => {
  const here = state(one, ...more);
  const ctx = contextOf(here, { type: "entry_corrected", entry: one.id }, () => "minted");
  const form = formOf(here, { type: "entry_corrected", entry: one.id });
  const filled = { ...form.preset(ctx), _what: "text", _reason: "Skrev feil", ...values };
  return { body: bodyOf(form, filled, ctx), wrong: problems(form, filled, ctx), form, filled };
};

test("Rett shows the person, the entry and the old values", () => {
  const here = state(visit);
  const query = { type: "entry_corrected", entry: "e" };
  const form = formOf(here, query);
  const values = { ...form.preset(contextOf(here, query)), _what: "text" };
  const drawn = logView(here, { query, form: { values, errors: {} }, found: [] });
  assert.match(words(drawn), /Kari L\..*Besøk \(kafé\), traff · 10\.47 · du/);
  assert.match(markup(drawn), /name=note[^>]*\.value=Hund i gangen\./);
  assert.match(markup(drawn), /data-pick=condition data-value=worse[^>]*aria-pressed=true/);
});

test("any field can be corrected, and only what was changed goes up", () => {
  assert.deepEqual(correct(visit, { note: "Katt i gangen.", topics: ["lar"] }).body, {
    entry_id: "e",
    what: "text",
    reason: "Skrev feil",
    body: { topics: ["lar"], note: "Katt i gangen." },
  });
  assert.deepEqual(correct(visit, { condition: undefined }).body.body, { condition: null });
  assert.ok("_what" in correct(visit, {}).wrong, "nothing was changed");
});

test("a changed answer brings its own questions, and what was answered is not emptied", () => {
  const now = entry("w", "c", "concern_raised", 2, { urgency: "now" }, { author_id: ME });
  assert.deepEqual(Object.keys(correct(now, { urgency: "today" }).wrong), ["reason"]);
  assert.deepEqual(correct(now, { urgency: "today", reason: "Roper" }).wrong, {});
  const entered = { ground: "danger_to_life", found: "fine", reason: "Svarte ikke" };
  const home = entry("h", "c", "home_entered", 2, entered, { author_id: ME });
  assert.deepEqual(Object.keys(correct(home, { reason: "" }).wrong), ["reason"]);
  const bare = entry("b", "c", "visit_logged", 2, { outcome: "seen" }, { author_id: ME });
  assert.deepEqual(correct(bare, { note: "Hund" }).wrong, {}, "the place was never said");
});

test("the time can be corrected, and never to one that is ahead", () => {
  const local = (hours) => {
    const at = new Date(NOW + hours * 3_600_000);
    return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  };
  const { body, wrong } = correct(visit, { _at_was: local(-5) });
  assert.equal(Date.parse(body.occurred_at), Math.floor((NOW - 5 * 3_600_000) / 60_000) * 60_000);
  assert.deepEqual([body.body, wrong], [undefined, {}]);
  assert.equal(correct(visit, { _at_was: local(2) }).wrong._at_was, "Det har ikke skjedd ennå.");
});

test("a correction says only what it changes: the server merges field by field", () => {
  const twice = { ...visit, amended_body: { ...VISIT, note: "Katt" } };
  assert.deepEqual(correct(twice, { condition: "better" }).body.body, { condition: "better" });
  assert.deepEqual(correct(twice, { note: "Hund i gangen." }).body.body, { note: "Hund i gangen." });
});

test("one tap that is told more of is one tap no longer", () => {
  const quick = entry("q", "c", "visit_logged", 2, { outcome: "seen", place: "other", quick: true }, { author_id: ME });
  assert.deepEqual(correct(quick, { place: "home" }).body.body, { place: "home", quick: null });
});

test("out of the wrong record it may go into the right one, unless others hang on it", () => {
  assert.deepEqual(correct(visit, { _what: "wrong_client", _to: "d" }).body, {
    entry_id: "e",
    what: "wrong_client",
    reason: "Skrev feil",
    to_client_id: "d",
  });
  const crisis = entry("k", "c", "crisis_opened", 2, { kind: "overdose" }, { author_id: ME });
  const form = formOf(state(crisis), { type: "entry_corrected", entry: "k" });
  const asked = form.fields.filter((field) => !field.if || field.if({ _what: "wrong_client" }, {}));
  assert.ok(!asked.some((field) => field.name === "_to"));
});

test("a correction of a private talk asks for no words, and sends none", () => {
  const talk = entry(
    "p",
    null,
    "street_contact_logged",
    2,
    { place_label: "Havna", people: 1, private: true },
    { author_id: ME },
  );
  assert.deepEqual(correct(talk, { _what: "retracted", _reason: "han sa" }).body, {
    entry_id: "p",
    what: "retracted",
    reason: "rettet",
  });
  const { wrong } = correct(talk, { note: "noe" });
  assert.ok("_what" in wrong);
});

test("taken back or moved, nothing else goes up", () => {
  assert.deepEqual(correct(visit, { _what: "retracted", note: "x" }).body, {
    entry_id: "e",
    what: "retracted",
    reason: "Skrev feil",
  });
  assert.ok("_reason" in correct(visit, { _what: "retracted", _reason: "" }).wrong);
});

test("every type can be corrected: by its own form, else by its fields", () => {
  for (const { element, name } of ELEMENTS.filter(
    (one) => one.expect.verdict === null && one.element?.body && one.element.type !== "entry_corrected",
  )) {
    const one = entry("e", "c", element.type, 1, element.body, { author_id: ME });
    const { filled, form, body } = correct(one, {});
    assert.ok(form.fields.length > 2, element.type);
    assert.equal(
      body.body,
      undefined,
      `${name}: opening Rett changes nothing of ${element.type}, ${JSON.stringify(body.body)}`,
    );
    assert.equal(filled._what, "text");
  }
});

test("what a colleague wrote who has left keeps the name, and the colleague is on no list", () => {
  const gone = "01890000-0000-7000-8000-0000000000aa";
  const visit = entry("v", "c", "visit_logged", 1, { outcome: "seen", place: "home" }, { author_id: gone });
  const state = aState({ clients: [unwatched("c")], entries: [visit] });
  state.staff.set(gone, { id: gone, name: "Bjørn Dal", team_ids: [] });
  assert.match(words(entryView(state, { id: "v" })), /Ført av Bjørn Dal\./);
  assert.ok(
    !staffOf(
      state,
      state.me.teams.map((team) => team.id),
    ).some((one) => one.id === gone),
  );
  assert.ok(!landlordsOf(state, state.clients.get("c")).some((one) => one.id === gone));
});
