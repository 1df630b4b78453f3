/** What happens when a file of the phone's own code can't be had: a page opened long ago, or before all was fetched. */
import { t } from "../texts/t.js";

/** A page this young that misses a file would only miss it again. */
const YOUNG_MS = 10_000;

/**
 * Load the page anew at its address: the server has another version by now, or the browser remembers that the file once
 * failed. Without coverage there would be no page at all, so then only say it.
 */
export async function findMissing(app) {
  const page = await fetch("/felt", { cache: "no-store", redirect: "error" })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
  const mine = document.querySelector('script[type="module"]').getAttribute("src");
  const mayHelp = page !== null && (!page.includes(mine) || performance.now() > YOUNG_MS);
  if (mayHelp) location.reload();
  else app.toast({ text: t("Ikke på telefonen ennå. Prøv igjen når du har dekning.") });
}
