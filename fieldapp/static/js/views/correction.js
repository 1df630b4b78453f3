/**
 * Owns the form that corrects an entry: the same questions as when it was logged, with the old answers in them, and the
 * time. Only what was changed goes up; the old text stays beside it. Pure.
 */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { N, t } from "../texts/t.js";
import { fieldOf } from "./entry_fields.js";
import { localMinute, moment } from "./form_times.js";
import { FORMS, bodyOf, contextOf, isEmpty, valuesOf } from "./forms.js";
import { occurred, said } from "./people.js";

const KINDS = {
  plain: "text",
  code: "one",
  codes: "many",
  yes: "yes",
  staff: "staff",
  staffs: "staffs",
  team: "team",
  date: "date",
  moment: "moment",
  yesOrWords: "text",
};

/** The questions of a type: its form's, else one for each field the entry has. */
function questionsOf(entry) {
  const form = FORMS[entry.type];
  if (form && form.type === entry.type) return form;
  const fields = Object.keys(said(entry)).flatMap((name) => {
    const [label, kind, list] = fieldOf(entry.type, name) ?? [];
    return KINDS[kind] ? [{ name, kind: KINDS[kind], label, list }] : [];
  });
  return { type: entry.type, fields };
}

/** What others hang on, or hang on themselves, is taken out and written anew: the server moves it nowhere. */
const isMovable = (entry) => Boolean(entry.client_id) && Boolean(ENTRY_TYPES[entry.type]?.moves);

/** A correction of a private talk has no words either: its reason is one the server knows. */
const isPrivate = (entry) => entry.type === "street_contact_logged" && Boolean(entry.body?.private);

const isText = (v) => v._what === "text";

/**
 * A question asked again: only of a wrong text. What could be left open and was, may stay open; what was answered, or
 * comes up only with another answer, must be answered as in the form. @param {any} was the old answers
 */
const again = (field, was, ctx) => ({
  ...field,
  required: Boolean(field.required) && (!isEmpty(was[field.name]) || !isAsked(field, was, ctx)),
  if: (v, ctx) => isText(v) && isAsked(field, v, ctx),
});
const isAsked = (field, values, ctx) => !field.if || Boolean(field.if(values, ctx));

/** The form of an address: as the table has it, or made for the entry it is about; null for none. */
export function formOf(state, query) {
  const entry = query.type === "entry_corrected" ? state.entries.get(query.entry) : null;
  return entry ? correctionForm(state, entry) : Object.hasOwn(FORMS, query.type ?? "") ? FORMS[query.type] : null;
}

/** The form for one entry, a row as in forms.js. */
export function correctionForm(state, entry) {
  const target = isPrivate(entry) ? { type: entry.type, fields: [] } : questionsOf(entry);
  const was = valuesOf(target, said(entry));
  const around = contextOf(state, { entry: entry.id });
  // A correction of an edit of the card would bring back what others have changed since.
  const whats = FORMS[entry.type]?.anew ? ["wrong_client", "retracted"] : ["text", "wrong_client", "retracted"];
  return {
    ...FORMS.entry_corrected,
    after: `/felt/notat/${entry.id}`,
    fields: [
      {
        name: "_what",
        kind: "one",
        list: "correction",
        only: whats,
        label: "Hva er feil?",
        required: true,
        hint: FORMS[entry.type]?.takenBack,
      },
      ...[...target.fields, ...(target.more ?? [])].map((field) => again(field, was, around)),
      { name: "_at_was", kind: "moment", label: "Når?", past: true, if: (v) => isText(v) && !target.now },
      {
        name: "_to",
        kind: "client",
        label: N("Hvem det gjelder"),
        hint: N("hvis du vet det, flyttes notatet dit"),
        if: (v) => v._what === "wrong_client" && isMovable(entry),
      },
      ...(isPrivate(entry) ? [] : [{ name: "_reason", kind: "text", label: "Hvorfor rettes det?", required: true }]),
    ],
    preset: () => ({
      ...was,
      _at_was: localMinute(occurred(entry)),
      _what: undefined,
      _reason: undefined,
    }),
    check: (v, ctx) =>
      isText(v) && !hasChanged(changes(target, entry, v, ctx)) ? { _what: t("Ingenting er endret ennå.") } : {},
    body: (_body, ctx, v) => ({
      entry_id: entry.id,
      what: v._what,
      reason: isPrivate(entry) ? "rettet" : (v._reason ?? "").trim(),
      ...(v._what === "wrong_client" && v._to ? { to_client_id: v._to } : {}),
      ...(isText(v) ? changes(target, entry, v, ctx) : {}),
    }),
    unbody: ({ what, reason, body = {}, occurred_at: at, to_client_id: to }) => ({
      _what: what,
      _reason: reason,
      _to: to,
      ...valuesOf(target, { ...said(entry), ...body }),
      _at_was: localMinute(at ? Date.parse(at) : occurred(entry)),
    }),
  };
}

/** @param {{body?: any, occurred_at?: string}} changes */
const hasChanged = ({ body, occurred_at: at }) => Boolean(at || Object.keys(body ?? {}).length);
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The id that this entry minted, or names. @param {{type: string, body: any} | undefined} entry */
export const mintedIn = (entry) =>
  entry && (entry.body.absence_id ?? entry.body.visit_id ?? entry.body[ENTRY_TYPES[entry.type]?.stands?.id ?? ""]);

/** {body?, occurred_at?}: the fields that read otherwise than they do now, null for one that was emptied. */
function changes(target, entry, values, ctx) {
  const now = said(entry);
  const minted = mintedIn({ type: entry.type, body: now });
  const kept = { ...ctx, mint: () => minted, absence: { id: now.absence_id }, thing: { id: minted } };
  const before = bodyOf(target, valuesOf(target, now), kept);
  const after = bodyOf(target, values, kept);
  const body = {};
  let touched = false;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (same(before[name], after[name])) continue;
    body[name] = after[name] ?? null;
    touched = true;
  }
  // Once more is told than that the person was seen, it is no longer one tap.
  if (touched && now.quick) body.quick = null;
  const moved = values._at_was && values._at_was !== localMinute(occurred(entry)) && !target.now;
  return { ...(touched ? { body } : {}), ...(moved ? { occurred_at: moment(values._at_was) } : {}) };
}
