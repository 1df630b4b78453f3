// @ts-check
/** The duty list: arrows go from cell to cell in the calendar, and names that take turns are counted as they are ticked. */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FOCUSABLE = "summary, a";

/** The first cell that way with something to focus. @param {HTMLTableCellElement} from @param {[number, number]} step */
function beyond(from, [across, down]) {
  const row = /** @type {HTMLTableRowElement} */ (from.parentElement);
  const { rows } = /** @type {HTMLTableElement} */ (from.closest("table"));
  for (let x = from.cellIndex + across, y = row.rowIndex + down; rows[y]?.cells[x]; x += across, y += down) {
    /** @type {HTMLElement | null} */
    const found = rows[y].cells[x].querySelector(FOCUSABLE);
    if (found) return found;
  }
  return null;
}

/** One stop of Tab is enough for the cells that are empty. @param {HTMLElement | null} grid */
export function letArrowsMove(grid) {
  if (!grid) return;
  /** @type {HTMLElement[]} */
  const empty = [...grid.querySelectorAll(".add-here")].map((one) => /** @type {HTMLElement} */ (one));
  for (const one of empty.slice(1)) one.tabIndex = -1;
  grid.addEventListener("keydown", (event) => {
    const { key, target } = /** @type {KeyboardEvent & { target: HTMLElement }} */ (event);
    const cell = /** @type {HTMLTableCellElement | null} */ (target.closest("td"));
    if (!cell || !STEPS[key] || target.closest(".actions")) return;
    event.preventDefault();
    beyond(cell, STEPS[key])?.focus();
  });
}

/** @param {HTMLElement | null} names a group of boxes, and the field that tells their order */
export function countTurns(names) {
  const field = /** @type {HTMLInputElement | null} */ (names?.querySelector("[name=order]"));
  if (!names || !field) return;
  /** @type {HTMLInputElement[]} */
  const boxes = [...names.querySelectorAll("input[type=checkbox]")].map((one) => /** @type {any} */ (one));
  const show = () => {
    const known = field.value.split(",").filter((id) => boxes.some((box) => box.checked && box.value === id));
    const order = [
      ...known,
      ...boxes.filter((box) => box.checked && !known.includes(box.value)).map((box) => box.value),
    ];
    field.value = order.join(",");
    for (const { value, checked, parentElement } of boxes)
      if (checked && order.length > 1) parentElement?.setAttribute("data-turn", String(order.indexOf(value) + 1));
      else parentElement?.removeAttribute("data-turn");
  };
  names.addEventListener("change", show);
  show();
}
