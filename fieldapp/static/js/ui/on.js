/** Owns how a behaviour is mounted: one listener on the page, found by a data-attribute on what was touched. */

/** Call `handle(element, event)` for every `type` event on something that matches `selector`, now or later. */
export function on(root, type, selector, handle) {
  root.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element && root.contains(element)) handle(element, event);
  });
}
