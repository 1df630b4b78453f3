/** The forms about incidents, in a home and against staff. Rows of the table in forms.js. */
import { t } from "../texts/t.js";

const nextStep = [
  { name: "next_step", kind: "line", label: "Neste steg" },
  { name: "next_step_on", kind: "date", label: "Neste steg innen" },
];
const homeMore = [
  { name: "landlord_informed", kind: "yes", label: "Er utleier orientert?" },
  ...nextStep,
  { name: "note", kind: "text", label: "Notat", hint: "fakta, kilde og dato. Det som står her, kan bli bevis." },
];

export const INCIDENT_FORMS = [
  {
    type: "housing_incident_logged",
    title: "Hendelse i boligen",
    icon: "home",
    who: "client",
    case: "new",
    save: "Lagre hendelsen",
    saved: "ny sak: hendelse i boligen",
    fields: [
      { name: "what", kind: "many", list: "housing_incident", label: "Hva har hendt?", required: true },
      { name: "client_role", kind: "one", list: "client_role", label: "Hvem rammes?", required: true },
    ],
    moreLabel: "utleier, neste steg, notat",
    more: homeMore,
  },
  {
    type: "housing_incident_updated",
    title: "Hendelse i boligen: nytt i saken",
    icon: "home",
    who: "client",
    case: "given",
    save: "Lagre i saken",
    saved: "nytt i saken om hendelsen",
    fields: [
      { name: "status", kind: "one", list: "incident_status", label: "Hvordan står saken?" },
      { name: "client_role", kind: "one", list: "client_role", label: "Hvem rammes?" },
      ...homeMore,
    ],
    moreLabel: "hva som har hendt",
    more: [{ name: "what", kind: "many", list: "housing_incident", label: "Hva har hendt?" }],
    check: (v) =>
      v.status || v.client_role || v.what?.length || v.note || v.next_step || v.landlord_informed !== undefined
        ? {}
        : { status: t("Skriv hva som er nytt i saken.") },
  },
  {
    type: "staff_incident_logged",
    title: "Hendelse mot ansatt",
    icon: "bang",
    who: "maybe",
    hint: "Du og lederen leser alt. Kollegene ser at det har hendt, og hva slags, aldri skade, støtte eller notat.",
    save: "Lagre hendelsen",
    saved: "hendelsen er ført",
    fields: [
      { name: "kinds", kind: "many", list: "staff_incident", label: "Hva skjedde?", required: true },
      { name: "by", kind: "one", list: "incident_by", label: "Av hvem?", required: true },
      { name: "injury", kind: "one", list: "injury", label: "Ble noen skadet?" },
    ],
    moreLabel: "sted, hvem var med, støtte, avvik, notat",
    more: [
      { name: "place", kind: "one", list: "visit_place", label: "Hvor?" },
      { name: "could_retreat", kind: "one", list: "retreat", label: "Kunne du trekke deg unna?" },
      { name: "with_staff", kind: "staffs", label: "Hvem var med?" },
      { name: "support", kind: "many", list: "staff_support", label: "Støtte etterpå" },
      { name: "in_system", kind: "yes", label: "Er det meldt i avvikssystemet?" },
      { name: "report_number", kind: "line", label: "Nummer på meldingen", if: (v) => v.in_system === true },
      { name: "note", kind: "text", label: "Notat" },
    ],
  },
];
