/** Owns a form while it is filled in: its values, the draft on every change, and the save. */
import { claimWindow, dropDraft, openDraft, putDraft } from "../core/drafts.js";
import { makeEntry } from "../core/send/envelope.js";
import { uuid7 } from "../core/ids.js";
import { t } from "../texts/t.js";
import { formOf, mintedIn } from "../views/correction.js";
import {
  FORMS,
  aboutOf,
  bodyOf,
  contextOf,
  draftKey,
  givenIn,
  problems,
  savedWords,
  timeOf,
  valuesOf,
} from "../views/forms.js";
import { mountRows } from "./form_rows.js";
import { on } from "./on.js";
import { entryOf, saveAll } from "./saving.js";

let writing = Promise.resolve();
/** This window, for as long as it lives: its drafts are its own. */
const WINDOW = uuid7();

/** Resolves when every change so far is on disk. */
export const draftsWritten = () => writing;

/** What the form of the address is called, or undefined. @param {{type?: string}} [query] */
export const formTitle = ({ type } = {}) => FORMS[type]?.title;

/** The form of the address with what was being written in it, or null when there is none. */
export async function openForm(state, query) {
  const form = formOf(state, query);
  if (!form || !state.me) return null; // a browser that has signed in elsewhere learns who it is a moment later
  const { key, value: draft } = await openDraft(draftKey(query), WINDOW).catch(() => ({
    key: draftKey(query),
    value: null,
  }));
  const old = query.mend ? state.outbox.held.find((row) => row.id === query.mend) : null;
  const ctx = contextOf(state, query, uuid7);
  const preset = form.preset?.(ctx);
  const first = { ...preset, ...(old ? valuesOf(form, old.entry.body) : {}) };
  return {
    key,
    values: { ...(draft?.values ?? first), ...givenIn(form, query, ctx) },
    restored: draft?.at ?? null,
    old,
    errors: {},
  };
}

export function mountForm(root, app) {
  claimWindow(WINDOW);
  on(root, "input", "form[data-form] [name]", (field) => change(app, field.name, field.value));
  on(root, "click", "form[data-form] [data-pick]", (chip) => pick(app, chip.dataset));
  on(root, "click", "[data-count]", ({ dataset: { count, value, by } }) => {
    const counts = { ...app.screen.form.values[count] };
    counts[value] = Math.max(0, (counts[value] ?? 0) + Number(by));
    if (!counts[value]) delete counts[value];
    change(app, count, Object.keys(counts).length ? counts : undefined);
  });
  mountLetters(root, app);
  mountRows(root, app, change);
  // «Mer» stays as the person left it, whatever is drawn anew while they type; a toggle does not bubble.
  root.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("[data-more]") && app.screen.form)
        app.screen.form = { ...app.screen.form, more: event.target.open };
    },
    true,
  );
  on(root, "submit", "form[data-form]", (form, event) => {
    event.preventDefault();
    submit(app);
  });
  on(root, "click", '[data-do="empty-form"]', () => empty(app));
}

function mountLetters(root, app) {
  const letters = () => app.screen.form.values.letters ?? [];
  on(root, "click", "[data-letter-add]", (chip) =>
    change(app, "letters", [...letters(), { kind: chip.dataset.letterAdd }]),
  );
  on(root, "click", "[data-letter-drop]", (chip) =>
    change(
      app,
      "letters",
      letters().filter((_, i) => i !== Number(chip.dataset.letterDrop)),
    ),
  );
  on(root, "input", "[data-letter]", ({ dataset, value }) =>
    change(
      app,
      "letters",
      letters().map((letter, i) => (i === Number(dataset.letter) ? { ...letter, [dataset.part]: value } : letter)),
    ),
  );
}

const ANSWERS = { yes: true, no: false, on: true };

/** A chip tapped again is let go, unless the form cannot do without it. */
function pick(app, { pick: name, value, many }) {
  const { values } = app.screen.form;
  const field = fieldNamed(app, name);
  if (many !== undefined) {
    const had = values[name] ?? [];
    if (field?.always?.includes(value) && had.includes(value)) return undefined;
    return change(app, name, had.includes(value) ? had.filter((one) => one !== value) : [...had, value]);
  }
  const answer = ["yes", "switch"].includes(field?.kind) ? ANSWERS[value] : value;
  const letGo = values[name] === answer && !field?.required && name !== "_at";
  return change(app, name, letGo ? undefined : answer);
}

const fieldNamed = (app, name) => {
  const form = formOf(app.state, app.screen.query);
  return [...form.fields, ...(form.more ?? [])].find((field) => field.name === name);
};

function change(app, name, value) {
  const { form } = app.screen;
  if (!form || form.saving) return; // what is being saved becomes no draft
  const definition = formOf(app.state, app.screen.query);
  let values = { ...form.values, [name]: value };
  if (definition.changed) values = definition.changed(values, name, contextOf(app.state, app.screen.query, uuid7));
  const { [name]: _mended, ...errors } = form.errors;
  app.screen.form = { ...form, values, errors };
  app.render();
  writing = writing
    .then(() => putDraft(form.key, { values, at: app.now() }))
    .catch((error) => console.error("draft not kept", error));
}

async function empty(app) {
  const { key } = app.screen.form;
  writing = writing.then(() => dropDraft(key)).catch(() => {});
  await writing;
  app.screen.form = await openForm(app.state, app.screen.query);
  app.render();
}

async function submit(app) {
  const { form, query } = app.screen;
  if (form.saving) return;
  const definition = formOf(app.state, query);
  const about = aboutOf(query, form.values);
  const ctx = contextOf({ ...app.state, nowMs: app.now() }, about, () => mintedIn(form.old?.entry) ?? uuid7());
  const errors = problems(definition, form.values, ctx);
  if (Object.keys(errors).length) return showProblems(app, errors);
  app.screen.form = { ...form, saving: true };
  app.render();
  await writing; // a late draft must not outlive the entry it became
  const entry = makeEntry(definition.type, bodyOf(definition, form.values, ctx), around(app, definition, ctx, form));
  const said = `${subject(ctx, form)}${savedWords(definition, form.values, ctx)} · ${app.clock()}`;
  const before = definition.before?.(ctx).map((one) => entryOf(app, one)) ?? [];
  const there = definition.leads?.(form.values, entry); // a page that says itself what was saved
  const saved = await saveAll(app, [...before, entry], {
    said: there ? "" : said.charAt(0).toUpperCase() + said.slice(1),
    draftKey: form.key,
    mends: form.old?.id,
  });
  if (!saved) {
    app.screen.form = { ...form, saving: false };
    return app.render();
  }
  return leave(app, definition, entry, ctx, form);
}

const subject = (ctx, form) => (ctx.client ? `${ctx.client.name}: ` : form.values.name ? `${form.values.name}: ` : "");

/** The ids and the time around the body. A mended entry keeps those of the one it replaces. */
function around(app, form, ctx, { values, old }) {
  const entry = old?.entry;
  const clientId =
    form.who === "mint"
      ? (entry?.client_id ?? uuid7())
      : (ctx.client?.id ?? ctx.entry?.client_id ?? entry?.client_id ?? null);
  const caseId =
    form.case === "new"
      ? (entry?.case_id ?? uuid7())
      : form.case
        ? (app.screen.query.case ?? entry?.case_id ?? null)
        : null;
  const teamless = form.alert || form.who === "mint" || form.type === "duty_set" || clientId;
  const teamId = teamless
    ? null
    : (ctx.duty?.team_id ??
      ctx.entry?.team_id ??
      ctx.case?.team_id ??
      ctx.thing?.team_id ??
      entry?.team_id ??
      app.state.me.teams[0]?.id ??
      null);
  const time = timeOf(values, app.now());
  const kept = entry && !time.occurredAt ? { occurredAt: entry.occurred_at, timeChosen: entry.time_chosen } : time;
  return { clientId, caseId, teamId, ...kept };
}

function showProblems(app, errors) {
  const inMore = (formOf(app.state, app.screen.query).more ?? []).some((one) => one.name in errors);
  app.screen.form = { ...app.screen.form, errors, ...(inMore ? { more: true } : {}) };
  app.render();
  const field = document.querySelector(`[data-field="${CSS.escape(Object.keys(errors)[0])}"]`);
  field?.closest("details")?.setAttribute("open", "");
  /** @type {HTMLElement | null} */ (field?.querySelector("button, input, textarea"))?.focus();
  field?.scrollIntoView({ block: "center" });
}

/** Where one goes after saving: to what the entry was about. */
function leave(app, form, entry, ctx, { values }) {
  const after = form.next?.(values, ctx);
  if (after) app.toast({ ...app.screen.toast, href: after.href, words: t(after.words) });
  const there = form.leads?.(values, entry) ?? form.after;
  if (there) return app.go(there, { replace: true });
  if (form.alert) return app.go("/felt", { replace: true });
  if (entry.case_id) return app.go(`/felt/sak/${entry.case_id}`, { replace: true });
  return app.go(entry.client_id ? `/felt/bruker/${entry.client_id}` : "/felt", { replace: true });
}
