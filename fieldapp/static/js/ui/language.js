/** Chooses the language of this phone and remembers it. */
import { getValue, setValue } from "../core/values.js";
import { speak, t } from "../texts/t.js";
import { on } from "./on.js";

/** Speak what was chosen on this phone. */
export async function rememberedLanguage() {
  await use((await getValue("language").catch(() => null)) ?? "nb");
}

async function use(language) {
  await speak(language);
  document.documentElement.lang = language;
  document.querySelector(".skip").textContent = t("Hopp til innholdet");
}

export function mountLanguage(root, app) {
  on(root, "click", "[data-language]", async ({ dataset: { language } }) => {
    await use(language);
    app.render();
    await setValue("language", language);
  });
}
