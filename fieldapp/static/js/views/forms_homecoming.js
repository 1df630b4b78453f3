/** The forms of coming home from an absence: a step home, and what is ready. Rows of the table in forms.js. */

const toAbsence = (body, { absence }) => ({ absence_id: absence?.id, ...body });

export const HOMECOMING_FORMS = [
  {
    type: "absence_step_set",
    title: "Steg hjem",
    icon: "home",
    who: "client",
    absence: true,
    now: true,
    hint: "Noen timer eller en natt hjemme før personen er helt tilbake.",
    save: "Lagre steget",
    saved: "steget hjem er ført",
    fields: [
      { name: "from_at", kind: "moment", label: "Hjemme fra", required: true },
      { name: "to_at", kind: "moment", label: "Hjemme til", required: true },
      {
        name: "watch",
        kind: "one",
        list: "step_watch",
        label: "Går tilsynet da?",
        required: true,
        hint: "går det, varsles det hvis ingen har sett personen i tide mens han eller hun er hjemme",
      },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, ctx) => toAbsence({ step_id: ctx.mint?.(), ...body }, ctx),
  },
  {
    type: "discharge_planned",
    title: "Utskriving planlagt",
    icon: "check",
    who: "client",
    absence: true,
    save: "Lagre planen",
    saved: "planen for utskriving er ført",
    fields: [
      { name: "home", kind: "one", list: "home_to_go_to", label: "Er det en bolig å komme hjem til?", required: true },
      { name: "checks", kind: "many", list: "discharge_check", label: "Hva er klart?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, ctx) => toAbsence({ checks: [], ...body }, ctx),
  },
];
