/** The form that shares one fact with a landlord, with exactly what is told above the button. A row of the table in forms.js. */
import { basisFields } from "./basis.js";
import { landlordsOf, preview } from "./facts.js";

const WHAT = { name: "what", kind: "one", list: "shared_fact", label: "Hva deles?", required: true };
const TO = {
  name: "to_staff_ids",
  kind: "landlords",
  label: "Hvem skal få se det?",
  required: true,
  people: ({ state, client }) => landlordsOf(state, client),
};

export const FACT_FORMS = [
  {
    type: "fact_shared",
    living: true,
    title: "Del med huseier",
    icon: "home",
    who: "client",
    now: true,
    hint: "Huseier får bare se setningen du velger, slik den står her. Aldri årsaker, planer, kriser eller notater. Brukeren får se at det er delt.",
    save: "Del",
    saved: "delt med huseier",
    preset: ({ state, client }) => {
      const [one, ...more] = client ? landlordsOf(state, client) : [];
      return one && !more.length ? { to_staff_ids: [one.id] } : {};
    },
    fields: [
      WHAT,
      {
        name: "_preview",
        kind: "preview",
        label: "Huseier får se",
        words: ({ what }, { state, client }) => preview(state, client, what),
        if: (v) => v.what,
      },
      TO,
      ...basisFields(["consent", "law", "danger"]),
      { name: "until_on", kind: "date", label: "Til og med", hint: "da slutter delingen av seg selv" },
    ],
  },
  {
    type: "fact_unshared",
    title: "Stopp delingen",
    icon: "home",
    who: "client",
    now: true,
    save: "Stopp delingen",
    saved: "delingen er stoppet",
    fields: [WHAT, { ...TO, label: "Hvem skal ikke lenger få se det?" }],
  },
];
