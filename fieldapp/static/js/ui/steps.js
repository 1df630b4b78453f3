/** The steps of a check before anybody enters: each a tap with its time, kept on this phone until the alert is over. */
import { getDraft, putDraft } from "../core/drafts.js";
import { on } from "./on.js";

const keyOf = (alertId) => `steps:${alertId}`;

/** Steps taken so far: [{code, at}]. */
export const stepsOf = async (alertId) => (await getDraft(keyOf(alertId)).catch(() => null)) ?? [];

export function mountSteps(root, app) {
  on(root, "click", "[data-step]", async ({ dataset: { step } }) => {
    const { id, name, steps = [] } = app.screen;
    if (name !== "alert") return;
    const taken = steps.some((one) => one.code === step);
    const next = taken ? steps.filter((one) => one.code !== step) : [...steps, { code: step, at: app.now() }];
    app.set({ steps: next });
    await putDraft(keyOf(id), next).catch((error) => console.error("step not kept", error));
  });
}
