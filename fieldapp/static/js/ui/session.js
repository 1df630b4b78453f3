/** Signing in and out on this phone. Unsent entries are named before anybody leaves, and stay. */
import { signIn, signOut } from "../core/session.js";
import { N, t } from "../texts/t.js";
import { on } from "./on.js";

const WRONG = {
  bad_credentials: N("Brukernavn eller passord stemmer ikke."),
  storage_full: N("Telefonen er full, så du kan ikke logges inn her. Slett noe på telefonen og prøv igjen."),
  network: N("Ingen dekning. Du må ha dekning for å logge inn."),
  timeout: N("Serveren svarte ikke. Prøv igjen."),
  not_ours: N("Ingen kontakt med Sett. Er du på et gjestenett?"),
  unavailable: N("Serveren svarer ikke akkurat nå. Prøv igjen om litt."),
  slow_down: N("For mange forsøk. Vent litt før du prøver igjen."),
};

export function mountSession(root, app) {
  on(root, "submit", "form[data-sign-in]", (form, event) => {
    event.preventDefault();
    enter(app, form);
  });
  on(root, "click", '[data-do="sign-out"]', () =>
    app.state.outbox.unsent ? app.set({ signingOut: true }) : leave(app),
  );
  on(root, "click", '[data-do="sign-out-now"]', () => leave(app));
  on(root, "click", '[data-do="sign-out-stay"]', () => app.set({ signingOut: false }));
}

async function enter(app, form) {
  const { username, password } = form.elements;
  app.set({ signIn: { busy: true } });
  const outcome = await signIn(username.value.trim(), password.value, { forgotten: app.gate?.forgot });
  if (outcome.kind !== "ok") {
    const wrong = t(WRONG[outcome.code] ?? WRONG[outcome.kind] ?? "Innloggingen gikk ikke. Prøv igjen.");
    app.set({ signIn: { wrong } });
    return;
  }
  app.resetGate();
  app.set({ signIn: {} });
  app.go(app.screen.name === "signIn" ? "/felt" : location.pathname + location.search, { replace: true });
}

async function leave(app) {
  await signOut();
  app.go("/felt", { replace: true });
}
