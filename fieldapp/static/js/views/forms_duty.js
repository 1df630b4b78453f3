/** The forms about duties: set, and offered to a colleague. Rows of the table in forms.js. */
import { t } from "../texts/t.js";
import { dutiesOf } from "./duty_list.js";

export const DUTY_FORMS = [
  {
    type: "duty_set",
    title: "Vakt",
    icon: "bell",
    who: "none",
    save: "Lagre vakt",
    saved: "vakta er lagret",
    leader: true,
    now: true,
    preset: ({ state }) => ({ team_id: state.me.teams.length === 1 ? state.me.teams[0].id : undefined, duty: "duty" }),
    fields: [
      { name: "team_id", kind: "team", label: "Team", required: true },
      { name: "staff_id", kind: "staff", label: "Hvem?", required: true },
      { name: "duty", kind: "one", list: "duty", label: "Vakt eller bakvakt?", required: true },
      { name: "from_at", kind: "moment", label: "Fra", required: true },
      { name: "to_at", kind: "moment", label: "Til", required: true },
    ],
    check: (v) =>
      v.from_at && v.to_at && v.to_at <= v.from_at ? { to_at: t("Vakta må slutte etter at den begynner.") } : {},
  },
  {
    type: "duty_handed_over",
    duty: true,
    title: "Tilby en vakt",
    icon: "bell",
    who: "none",
    save: "Tilby vakta",
    saved: "vakta er tilbudt",
    now: true,
    after: "/felt/vakter",
    changed: (values, name) => (name === "to_staff_id" ? { ...values, in_return_for: undefined } : values),
    fields: [
      { name: "to_staff_id", kind: "colleague", label: "Til hvem?", required: true },
      {
        name: "in_return_for",
        kind: "theirs",
        label: "Mot en av vaktene til kollegaen?",
        hint: "kan stå tomt",
        if: (v, { state, duty }) => duty && dutiesOf(state, v.to_staff_id, duty.team_id).length > 0,
      },
    ],
    hint: "Vakta er din til kollegaen har sagt ja.",
    body: (body, { duty }) => ({ duty_id: duty?.id, ...body }),
  },
];
