/** Owns what is known of this phone and the buttons of its checklist: home screen, notifications, fixed storage, test push. */
import { allowPush, pushState, sendTestPush } from "../core/push.js";
import { t } from "../texts/t.js";
import { on } from "./on.js";

let installPrompt = null;

const isIphone = () => /iPhone|iPad/.test(navigator.userAgent);
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

/** What opens a map here: maps: on iPhone, geo: on Android, nothing elsewhere. */
const maps = () => (isIphone() ? "maps:?q=" : /Android/.test(navigator.userAgent) ? "geo:0,0?q=" : "");

/** The checklist's facts, measured and not assumed. */
export async function phoneFacts() {
  const push = await pushState().catch(() => ({ permission: "unsupported" }));
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  return {
    maps: maps(), iphone: isIphone(), installed: isInstalled(), persisted, canInstall: Boolean(installPrompt), canPersist: Boolean(navigator.storage?.persist),
    permission: push.permission, subscribed: Boolean(push.subscriptionId), lastShownAt: push.lastShownAt,
  };
}

export function mountPhone(root, app) {
  window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); installPrompt = event; measure(app); });
  on(root, "click", '[data-do="install"]', () => installPrompt?.prompt());
  on(root, "click", '[data-do="persist"]', async () => {
    const kept = await navigator.storage.persist();
    measure(app, kept ? "" : t("Telefonen sa nei nå. Legg Sett på hjemskjermen og slå på varsler, så prøv igjen."));
  });
  on(root, "click", '[data-do="push"]', () => allow(app));
  on(root, "click", '[data-do="test-push"]', async () => {
    const outcome = await sendTestPush();
    measure(app, outcome?.kind === "ok" ? t("Prøvevarselet er på vei. Lås telefonen og se at det kommer.") : t("Prøvevarselet ble ikke sendt. Det trenger dekning."));
  });
}

async function allow(app) {
  const outcome = await allowPush().catch((error) => { console.error("push not allowed", error); return { kind: "failed" }; });
  const denied = outcome === null;
  measure(app, outcome?.kind === "ok" ? t("Varsler er slått på.") : denied ? t("Varsler ble ikke tillatt.") : t("Varslene ble ikke slått på. Prøv igjen når du har dekning."));
}

async function measure(app, said = "") {
  app.set({ phone: { ...(await phoneFacts()), said } });
}
