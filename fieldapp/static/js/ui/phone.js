/** Owns what is known of this phone, telling the server of it, and the buttons of its checklist. */
import { on as news } from "../core/bus.js";
import { tellOfPhone } from "../core/device.js";
import { allowPush, keepSubscribed, pushState, sendTestPush } from "../core/push.js";
import { confirmSession, me } from "../core/session.js";
import { getValue } from "../core/values.js";
import { t } from "../texts/t.js";
import { on } from "./on.js";

/** After a test push was asked for: when to ask the server what has become of it. */
const LOOK_AFTER_MS = [4_000, 20_000];

let installPrompt = null;

const isIphone = () => /iPhone|iPad/.test(navigator.userAgent);
const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;

/** What opens a map here: maps: on iPhone, geo: on Android, nothing elsewhere. */
const maps = () => (isIphone() ? "maps:?q=" : /Android/.test(navigator.userAgent) ? "geo:0,0?q=" : "");

/** The checklist's facts, measured and not assumed. */
export async function phoneFacts() {
  /** @type {any} */
  const push = await pushState().catch(() => ({ permission: "unsupported" }));
  const accountNews = Boolean(await getValue("account_news").catch(() => false));
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  return {
    maps: maps(),
    iphone: isIphone(),
    installed: isInstalled(),
    persisted,
    canInstall: Boolean(installPrompt),
    canPersist: Boolean(navigator.storage?.persist),
    permission: push.permission,
    subscribed: Boolean(push.subscriptionId),
    lastShownAt: push.lastShownAt,
    seen: push.seen,
    accountNews,
  };
}

/** Measure, tell the server what is news to it, and show what both know. @param {any} app @param {{always?: boolean, words?: string}} [how] */
export async function checkPhone(app, { always, words } = {}) {
  const staff = await me();
  const { permission, installed, persisted } = await phoneFacts();
  if (staff) await tellOfPhone(staff.id, { permission, installed, persistent: persisted }, { always });
  await measure(app, words);
}

export function mountPhone(root, app) {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt = event;
    measure(app);
  });
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "visible" && checkPhone(app, { words: "" }),
  );
  news("changed", ({ what, remote }) => {
    if (what === "push") askServer(app);
    if (what === "session" && !remote) signedIn(app);
  });
  on(root, "click", '[data-do="install"]', () => installPrompt?.prompt());
  on(root, "click", '[data-do="persist"]', async () => {
    const kept = await navigator.storage.persist();
    await checkPhone(app);
    measure(app, kept ? "" : t("Telefonen sa nei nå. Legg Sett på hjemskjermen og slå på varsler, så prøv igjen."));
  });
  on(root, "click", '[data-do="push"]', () => allow(app));
  on(root, "click", '[data-do="test-push"]', async () => {
    const outcome = await sendTestPush();
    for (const ms of LOOK_AFTER_MS) setTimeout(() => askServer(app), ms);
    measure(
      app,
      outcome?.kind === "ok"
        ? t("Prøvevarselet er på vei. Lås telefonen og se at det kommer.")
        : t("Prøvevarselet ble ikke sendt. Det trenger dekning."),
    );
  });
}

/** Somebody signed in here: the phone is theirs to be told on, again or for the first time. */
async function signedIn(app) {
  if (!(await me())) return;
  await keepSubscribed().catch((error) => console.error("not subscribed", error));
  await checkPhone(app, { always: true });
}

async function allow(app) {
  const outcome = await allowPush().catch((error) => {
    console.error("push not allowed", error);
    return { kind: "failed" };
  });
  const denied = outcome === null;
  await checkPhone(app);
  measure(
    app,
    outcome?.kind === "ok"
      ? t("Varsler er slått på.")
      : denied
        ? t("Varsler ble ikke tillatt.")
        : t("Varslene ble ikke slått på. Prøv igjen når du har dekning."),
  );
}

/** What the server has seen of pushes here; what was said on the screen stays until there is proof in its place. */
async function askServer(app) {
  const proof = async () => (await phoneFacts()).seen?.last_receipt_at ?? null;
  const before = await proof();
  await confirmSession();
  await measure(app, (await proof()) === before ? undefined : "");
}

/** Several of these run at once: one without words leaves what stands there when it is done, not when it began. */
async function measure(app, words) {
  const facts = await phoneFacts();
  app.set({ phone: { ...facts, said: words ?? app.said() } });
}
