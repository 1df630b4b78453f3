// @ts-check
/**
 * What waiting text corrections do: the entry reads as corrected at once, as it will when the server has it.
 * A crisis has its kind from the opening alone, so its case follows; of other cases the server says what stands.
 */

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {Overlay} over @param {any} entry */
export function amends(over, entry) {
  const { entry_id: id, what, body } = entry.body;
  const target = over.get("entry", id);
  if (what !== "text" || !body || !target) return;
  over.patch("entry", id, { amended_body: { ...(target.amended_body ?? target.body), ...body } });
  const opened = target.type === "crisis_opened" && over.get("case", target.case_id);
  if (opened) over.patch("case", target.case_id, { facts: { ...opened.facts, kind: body.kind ?? opened.facts?.kind }, pending: true });
}
