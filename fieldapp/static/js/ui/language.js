/** Chooses the language of this phone and remembers it. */
import { getValue, setValue } from "../core/values.js";
import { speak, t } from "../texts/t.js";
import { findMissing } from "./missing.js";
import { on } from "./on.js";

/** Speak what was chosen on this phone; bokmål, which is always there, when its words can't be had. */
export async function rememberedLanguage() {
  const chosen = (await getValue("language").catch(() => null)) ?? "nb";
  await use(chosen).catch(() => use("nb"));
}

async function use(language) {
  await speak(language);
  document.documentElement.lang = language;
  document.querySelector(".skip").textContent = t("Hopp til innholdet");
}

export function mountLanguage(root, app) {
  on(root, "click", "[data-language]", async ({ dataset: { language } }) => {
    await setValue("language", language);
    await use(language).then(
      () => app.render(),
      () => findMissing(app),
    );
  });
}
