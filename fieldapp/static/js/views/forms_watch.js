/** The forms about the agreement: how often somebody is seen, planned contact, and that it is withdrawn. Rows of the table in forms.js. */
import { hasAgreement } from "./agreement.js";
import { monthsOn } from "./form_times.js";

export const RARER = [
  ["12", "Hver 12. time"],
  ["48", "Hver 48. time"],
  ["72", "Hver 72. time"],
];
const INTERVALS = [["24", "Hver 24. time"], ...RARER];
export const PLANNED = [
  ["1", "Hver dag"],
  ["2", "Annenhver dag"],
  ["3", "Hver 3. dag"],
  ["7", "Hver uke"],
  ["14", "Hver 14. dag"],
  ["30", "Hver måned"],
];

export const WATCH_FORMS = [
  {
    type: "watch_set",
    living: true,
    title: "Tilsynsavtale",
    icon: "clock",
    who: "client",
    save: "Lagre tilsynsavtale",
    saved: "tilsynsavtalen er lagret",
    hint: "En avtale med brukeren, ikke en husregel. Den gjelder til brukeren sier nei, til hvem som helst.",
    // What is left out has its default and not its old value: whoever changes one thing must see and keep the rest.
    preset: ({ client, today }) => {
      const watch = client?.watch ?? {};
      return {
        mode: watch.mode,
        counts: watch.counts ?? ["seen"],
        sources: watch.sources,
        may_enter: watch.may_enter,
        key_ref: watch.key_ref,
        when_closed: watch.when_closed,
        pause_with_others: watch.pause_with_others,
        shifts: watch.shifts?.length ? watch.shifts : ["day", "evening"],
        tighten_days: watch.tighten_days ? String(watch.tighten_days) : undefined,
        hours: hoursOf(watch),
        review_on: threeMonthsOn(today),
      };
    },
    fields: [
      { name: "mode", kind: "one", list: "watch_mode", label: "Hvor ofte skal personen ses?", required: true },
      {
        name: "hours",
        kind: "one",
        choices: INTERVALS,
        label: "Timer",
        required: true,
        if: (v) => v.mode === "interval",
      },
      {
        name: "shifts",
        kind: "many",
        list: "shift",
        label: "Hvilke vakter?",
        hint: "natt bare hvis brukeren har sagt ja",
        required: true,
        if: (v) => v.mode === "each_shift",
      },
      {
        name: "counts",
        kind: "many",
        list: "counts",
        label: "Hva teller?",
        required: true,
        always: ["seen"],
        if: (v) => v.mode !== "off",
      },
      {
        name: "sources",
        kind: "many",
        list: "source",
        label: "Hvem kan melde?",
        hint: "dem brukeren har sagt ja til",
        required: true,
        if: (v) => v.counts?.includes("reported"),
      },
      {
        name: "may_enter",
        kind: "yes",
        label: "Kan vi låse oss inn hvis vi ikke når deg?",
        if: (v) => v.mode !== "off",
      },
      {
        name: "key_ref",
        kind: "line",
        max: 100,
        label: "Nøkkelnummer og skap",
        hint: "aldri kode eller adresse",
        if: (v) => v.may_enter,
      },
      {
        name: "when_closed",
        kind: "one",
        list: "when_closed",
        label: "Når teamet er stengt",
        if: (v, ctx) => v.mode !== "off" && !teamHours(ctx)?.always_open,
        says: {
          wait: "Når teamet er stengt, er det ingen som ser etter før vi åpner. Si det til brukeren.",
          hand_over: "Et team som er åpent, blir bedt om å se etter. Det gjelder først når noen der har tatt det.",
          on_call: "Den som har vakttelefonen, får varselet.",
        },
      },
      { name: "reason", kind: "text", label: "Hvorfor, med brukerens egne ord", required: true },
    ],
    moreLabel: "tettere etter utskriving, hos andre, vurderes på nytt",
    more: [
      {
        name: "tighten_days",
        kind: "one",
        choices: [
          ["3", "3 dager"],
          ["7", "7 dager"],
          ["14", "14 dager"],
        ],
        number: true,
        label: "Tettere etter utskriving eller løslatelse",
      },
      {
        name: "pause_with_others",
        kind: "yes",
        label: "Stanser klokka når du er hos andre?",
        if: (v) => v.mode !== "off",
      },
      { name: "review_on", kind: "date", label: "Vurderes på nytt", hint: "tre måneder hvis du ikke velger" },
    ],
    body: ({ hours, ...body }) => ({
      ...body,
      ...(body.mode === "interval" ? { interval_minutes: Number(hours) * 60 } : {}),
      ...(body.mode === "off" ? { counts: ["seen"] } : {}),
    }),
    unbody: (body) => ({ ...body, hours: hoursOf(body) }),
  },
  {
    type: "contact_interval_set",
    living: true,
    title: "Planlagt kontakt",
    icon: "day",
    who: "client",
    save: "Lagre planlagt kontakt",
    saved: "planlagt kontakt er lagret",
    now: true,
    hint: "En linje på I dag når tiden er gått. Aldri et varsel.",
    preset: ({ client }) => ({
      days: client?.contact_interval_days ? String(client.contact_interval_days) : undefined,
    }),
    fields: [{ name: "days", kind: "one", choices: PLANNED, number: true, label: "Hvor ofte?", required: true }],
  },
  {
    type: "agreement_withdrawn",
    living: true,
    title: "Avtalen er trukket",
    icon: "door",
    who: "client",
    save: "Lagre: avtalen er trukket",
    preset: ({ client }) => ({ kind: client && hasAgreement(client) ? "watch" : undefined }),
    fields: [
      {
        name: "kind",
        kind: "one",
        list: "agreement_kind",
        label: "Hvilken avtale?",
        required: true,
        denied: "Det er ingen tilsynsavtale å trekke.",
        only: (v, { client }) => [
          ...(client && hasAgreement(client) ? ["watch"] : []),
          "service",
          "follow_up",
          "cooperation",
          "participant",
          "consent",
        ],
      },
      { name: "how", kind: "one", list: "withdrawn_how", label: "Hvordan?", required: true },
      { name: "note", kind: "text", label: "Med brukerens egne ord" },
    ],
  },
];

/** Three months on: an agreement is asked about again. */
export const threeMonthsOn = (today) => monthsOn(today, 3);

const teamHours = ({ state, client }) => state.hours?.get(client?.watch?.team_id ?? client?.team_ids?.[0]);

export const hoursOf = (watch) => (watch?.interval_minutes ? String(watch.interval_minutes / 60) : undefined);
