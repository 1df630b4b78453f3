/** Owns that nothing moves under a thumb: screens wait with redrawing while a finger is down. */

const AFTER_MS = 60;

/** `whenLifted(work)` runs work now, or once the finger is up (and its tap has been handled). */
export function mountThumb(root) {
  let down = false;
  let waiting = null;
  const lifted = () => {
    down = false;
    const work = waiting;
    waiting = null;
    if (work) setTimeout(work, AFTER_MS);
  };
  root.addEventListener(
    "pointerdown",
    () => {
      down = true;
    },
    { passive: true },
  );
  for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, lifted, { passive: true });
  return {
    whenLifted: (work) => {
      if (down) waiting = work;
      else work();
    },
  };
}
