/**
 * A form whose words are kept on the server as they are written: a tab that is closed loses none, and whoever goes on
 * waits until the last are there. Without contact nobody is led away from what is not kept.
 */
const PAUSE_MS = 700;
const AGAIN_MS = 5000;

/** @param {HTMLFormElement} form @param {() => void} signedOut */
export function keepAsTyped(form, signedOut) {
  const goal = form.dataset.autosave || form.action;
  const state = /** @type {HTMLElement} */ (form.querySelector("[data-saved]"));
  let isDirty = false;
  let isLeaving = false;
  let timer = 0;
  /** @type {Promise<boolean> | null} */
  let sending = null;

  const save = async () => {
    clearTimeout(timer);
    if (sending) await sending;
    if (!isDirty) return true;
    isDirty = false;
    state.textContent = state.dataset.saving;
    sending = send(goal, form);
    const isKept = await sending;
    sending = null;
    if (isKept) state.textContent = state.dataset.at.replace("{at}", wallClock());
    else wait();
    return isKept;
  };
  const wait = () => {
    isDirty = true;
    state.textContent = state.dataset.failed;
    timer = setTimeout(save, AGAIN_MS);
  };

  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  // Sent by hand, it carries the words itself.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isDirty = false;
    isLeaving = true;
  });
  addEventListener("online", save);
  addEventListener("pagehide", () => isDirty && send(goal, form));
  addEventListener("beforeunload", (event) => !isLeaving && (isDirty || sending) && event.preventDefault());
  form.addEventListener("kept:signed-out", signedOut);
  goOnWhenKept(form, () => isDirty || sending !== null, save);
}

/** Whether it is kept now. A session that has ended says so: then the form itself carries the words through the sign-in. */
async function send(goal, form) {
  try {
    const answer = await fetch(goal, {
      method: "POST",
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
      redirect: "manual",
      keepalive: true,
    });
    if (answer.status === 401) form.dispatchEvent(new Event("kept:signed-out"));
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

/** Links and forms wait for what is on its way. */
function goOnWhenKept(form, isWaiting, save) {
  document.addEventListener(
    "click",
    async (/** @type {any} */ event) => {
      const link = event.target.closest("a[href]");
      if (!link || !isWaiting()) return;
      event.preventDefault();
      if (await save()) location.assign(link.href);
    },
    { capture: true },
  );
  document.addEventListener("submit", async (/** @type {any} */ event) => {
    if (event.target.method === "dialog" || !isWaiting() || event.target === form) return;
    event.preventDefault();
    if (await save()) event.target.requestSubmit(event.submitter);
  });
}

const CLOCK = new Intl.DateTimeFormat("nb", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo" });
const wallClock = () => CLOCK.format(new Date()).replace(":", ".");
