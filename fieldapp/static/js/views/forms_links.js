/** The forms that tie together: whom something without a client was about. Rows of the table in forms.js. */
// Of a private talk nothing is written down but whom, when and where.
const note = { name: "note", kind: "text", label: "Notat", if: (_v, { entry }) => !entry?.body?.private };

export const LINK_FORMS = [
  {
    key: "subject_of_case",
    type: "subject_client_set",
    title: "Hvem gjaldt det?",
    icon: "person",
    who: "client",
    case: "given",
    hint: "Saken, stegene og varselet flyttes til denne brukeren. Du kan angre.",
    save: "Lagre hvem det gjaldt",
    saved: "det er ført hvem det gjaldt",
    fields: [note],
    body: (body, { case: one }) => ({ ...body, case_id: one.id }),
  },
  {
    key: "subject_of_entry",
    type: "subject_client_set",
    title: "Hvem gjaldt det?",
    icon: "person",
    who: "client",
    entry: true,
    hint: "Notatet flyttes til denne brukeren. Du kan angre.",
    save: "Lagre hvem det gjaldt",
    saved: "det er ført hvem det gjaldt",
    fields: [note],
    body: (body, { entry }) => ({ ...body, entry_id: entry.id }),
  },
];
