// @ts-check
/**
 * Passkeys: signs in with one at /logg-inn, and makes one at /konto. The server gives the challenge and checks the
 * answer, which goes back in the form itself; here it is only turned from and into text.
 */
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("passkey"));
const trouble = /** @type {HTMLElement | null} */ (form?.querySelector("[data-trouble-here]") ?? null);
const answer = /** @type {HTMLInputElement} */ (form?.elements.namedItem("answer"));

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const asText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** @param {{id: string}[]} list */
const described = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** @param {string} said */
function say(said) {
  if (!trouble) return;
  trouble.textContent = said;
  trouble.hidden = !said;
}

/** What the server gives to begin with; null after having said why there is none. */
async function options() {
  const makes = form.hasAttribute("data-makes");
  const sent = makes ? { method: "POST", body: new FormData(form) } : {};
  const response = await fetch(form.dataset.options, sent);
  const told = await response.json();
  if (response.ok) return told;
  say(told.message ?? form.dataset.trouble);
  return null;
}

/** @param {PublicKeyCredential} credential the parts of its answer, as text */
function send(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) parts[name] = asText(response[name]);
  const { id, type } = credential;
  answer.value = JSON.stringify({ id, rawId: asText(credential.rawId), type, response: parts });
  const password = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("now"));
  if (password) password.value = ""; // it has done what it was for
  form.submit();
}

/** @param {any} told */
function make(told) {
  const user = { ...told.user, id: bytes(told.user.id) };
  const excludeCredentials = described(told.excludeCredentials);
  const publicKey = { ...told, user, challenge: bytes(told.challenge), excludeCredentials };
  return navigator.credentials.create({ publicKey });
}

/** @param {any} told @param {CredentialRequestOptions} how */
function use(told, how) {
  const allowCredentials = described(told.allowCredentials);
  return navigator.credentials.get({
    ...how,
    publicKey: { ...told, challenge: bytes(told.challenge), allowCredentials },
  });
}

/** @type {AbortController | undefined} what the browser offers in the field for the user name meanwhile */
let offer;

async function run() {
  say("");
  offer?.abort();
  try {
    const told = await options();
    if (!told) return;
    const credential = form.hasAttribute("data-makes") ? await make(told) : await use(told, {});
    if (credential) send(/** @type {PublicKeyCredential} */ (credential));
  } catch (error) {
    say((error.name === "InvalidStateError" && form.dataset.known) || form.dataset.trouble);
  }
}

/** The browser offers passkeys while the user name is typed. Who does not choose one notices nothing. */
async function offerPasskeys() {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  offer = new AbortController();
  const { signal } = offer;
  const told = await options();
  if (!told || signal.aborted) return;
  const credential = await use(told, { mediation: "conditional", signal });
  if (credential && !signal.aborted) send(/** @type {PublicKeyCredential} */ (credential));
}

if (form && "PublicKeyCredential" in window) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  if (form.hasAttribute("data-offers")) offerPasskeys().catch(() => {});
}
