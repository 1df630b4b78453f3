/** A card of the team's board is moved by dragging it, or by the arrows while it has the focus: what its own form does. */

/** Send the card's form with this column, unless it stands there. @param {HTMLElement} card @param {string | undefined} column */
function moveTo(card, column) {
  const select = card.querySelector("select");
  if (!select || column === undefined || select.value === column) return;
  select.value = column;
  select.form.requestSubmit();
}

/** The column beside the one the card stands in. @param {HTMLElement} card @param {number} step */
function beside(card, step) {
  const select = card.querySelector("select");
  return select?.options[select.selectedIndex + step]?.value;
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** @param {HTMLElement | null} board */
export function letCardsMove(board) {
  if (!board) return;
  /** @type {HTMLElement | null} */
  let held = null;
  for (const card of board.querySelectorAll("[data-card]")) /** @type {HTMLElement} */ (card).draggable = true;
  board.addEventListener("dragstart", (/** @type {any} */ event) => {
    held = event.target.closest("[data-card]");
    event.dataTransfer.effectAllowed = "move";
  });
  board.addEventListener("dragover", (/** @type {any} */ event) => {
    const column = event.target.closest("[data-column]");
    for (const one of board.querySelectorAll("[data-over]")) if (one !== column) one.removeAttribute("data-over");
    if (!held || !column) return;
    event.preventDefault();
    column.toggleAttribute("data-over", true);
  });
  board.addEventListener("drop", (/** @type {any} */ event) => {
    event.preventDefault();
    if (held) moveTo(held, event.target.closest("[data-column]")?.dataset.column);
  });
  board.addEventListener("dragend", () => {
    held = null;
    for (const one of board.querySelectorAll("[data-over]")) one.removeAttribute("data-over");
  });
  // In the list of a card the arrows choose, as they do in every list.
  board.addEventListener("keydown", (/** @type {any} */ event) => {
    if (!event.target.matches("[data-card]") || !(event.key in STEPS)) return;
    event.preventDefault();
    moveTo(event.target, beside(event.target, STEPS[event.key]));
  });
}
