/** The forms about being away: begun, asked about, over. Rows of the table in forms.js. */
import { label } from "../texts/codes.js";

export const ABSENCE_FORMS = [
  {
    type: "absence_started",
    living: true,
    title: "Fravær",
    icon: "leave",
    who: "client",
    saved: "fravær er ført",
    saves: (v) => (v.kind ? label("absence_kind", v.kind) : null),
    fields: [
      {
        name: "kind",
        kind: "one",
        list: "absence_kind",
        label: "Hva slags fravær?",
        required: true,
        says: {
          unknown: "Klokka går videre: en vi ikke vet hvor er, er savnet, ikke fraværende.",
          with_others: "Klokka stanser bare hvis det er avtalt med brukeren.",
        },
      },
      {
        name: "expected_end_on",
        kind: "date",
        label: "Ventes tilbake",
        hint: "da starter klokka igjen av seg selv, kl. 12",
      },
      { name: "where", kind: "line", label: "Hvor?" },
      { name: "confirmed_with", kind: "line", label: "Bekreftet med" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { mint }) => ({ absence_id: mint(), ...body }),
  },
  {
    type: "absence_confirmed",
    absence: true,
    living: true,
    title: "Fortsatt borte",
    icon: "leave",
    who: "client",
    save: "Lagre: fortsatt borte",
    saved: "fortsatt borte",
    hint: "Dere blir spurt igjen når datoen kommer, og minst hver måned. Uten dato: om 7 dager.",
    fields: [
      { name: "confirmed_with", kind: "line", label: "Hvem bekreftet det?", required: true },
      { name: "expected_end_on", kind: "date", label: "Ventes tilbake", hint: "hvis det er en ny dato" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { absence }) => ({ absence_id: absence?.id, ...body }),
  },
  {
    type: "absence_ended",
    absence: true,
    living: true,
    title: "Tilbake fra fravær",
    icon: "leave",
    who: "client",
    save: "Lagre: tilbake",
    saved: "tilbake",
    fields: [
      { name: "outcome", kind: "one", list: "absence_outcome", label: "Hvordan endte det?" },
      { name: "where_to", kind: "line", label: "Hvor bor personen nå?" },
      { name: "note", kind: "text", label: "Notat" },
    ],
    body: (body, { absence }) => ({ absence_id: absence?.id, ...body }),
  },
];
