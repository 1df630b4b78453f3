/** Owns the lines of several parts in a form: one more, one less, and what is typed in them. */
import { on } from "./on.js";

/** @param {HTMLElement} root @param {any} app @param {(app: any, name: string, value: any) => void} change */
export function mountRows(root, app, change) {
  const rows = (/** @type {string} */ name) => app.screen.form.values[name] ?? [];
  on(root, "click", "[data-row-add]", ({ dataset: { rowAdd: name } }) => change(app, name, [...rows(name), {}]));
  on(root, "click", "[data-row-drop]", ({ dataset: { rowDrop: name, at } }) => {
    const left = rows(name).filter((_row, i) => i !== Number(at));
    change(app, name, left.length ? left : undefined);
  });
  on(root, "input", "[data-row]", ({ dataset: { row: name, at, part }, value }) =>
    change(
      app,
      name,
      rows(name).map((row, i) => (i === Number(at) ? { ...row, [part]: value } : row)),
    ),
  );
}
