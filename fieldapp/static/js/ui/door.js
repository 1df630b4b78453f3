/** Owns what is written on a locked phone. It stays on the screen until it is closed or half an hour has passed, and holds nothing of anybody. */
import { on as news } from "../core/bus.js";
import { uuid7 } from "../core/ids.js";
import { makeEntry } from "../core/send/envelope.js";
import { placesOf, save } from "../core/send/outbox.js";
import { t } from "../texts/t.js";
import { AT_ONCE } from "../views/actions.js";
import { on } from "./on.js";
import { wrongWords } from "./saving.js";

const STAYS_MS = 30 * 60_000;
const SLIP_MS = 900;

let closing = 0;
let lastTap = { what: "", at: -SLIP_MS };

const isSlip = (what) => {
  const slip = lastTap.what === what && performance.now() - lastTap.at < SLIP_MS;
  lastTap = { what, at: performance.now() };
  return slip;
};

/** What comes when the door is closed already opens it no more. */
function show(app, fields) {
  if (!app.door && !fields.kind) return;
  app.door = { ...app.door, ...fields };
  app.render();
}

export function mountDoor(root, app) {
  on(root, "click", "[data-door]", ({ dataset: { door } }) => (DOORS[door] ?? DOORS.open)(app, door));
  on(root, "click", "[data-door-step]", ({ dataset: { doorStep } }) => step(app, doorStep));
  on(root, "submit", "form[data-door-about]", (form, event) => {
    event.preventDefault();
    tell(app, form.elements.about.value.trim());
  });
  news("changed", ({ what }) => {
    if (what === "outbox" && app.door) follow(app);
  });
}

const DOORS = {
  close: (app) => close(app),
  send: (app) => begin(app),
  open: (app, kind) => {
    show(app, { kind, sent: "pending" });
    scrollTo(0, 0);
    if (kind === "crisis") begin(app);
  },
};

export function close(app) {
  clearTimeout(closing);
  app.door = null;
  app.render();
}

/** The author's team, since a locked phone does not know whose duty it is. */
const teamOf = (app) => app.state.gate.writer?.teams?.[0]?.id ?? null;

async function write(app, type, body, more = {}) {
  try {
    return await save(makeEntry(type, body, { teamId: teamOf(app), ...more }));
  } catch (error) {
    console.error("not saved", error);
    app.toast({ text: wrongWords(error) });
    return null;
  }
}

/** The clock starts before anything is asked. */
async function begin(app) {
  const { kind, startedAt } = app.door;
  if (startedAt) return;
  const caseId = kind === "crisis" ? uuid7() : null;
  show(app, { startedAt: app.now(), caseId, steps: [] });
  clearTimeout(closing);
  closing = setTimeout(() => close(app), STAYS_MS);
  const [type, body] = AT_ONCE[kind];
  const entry = await write(app, type, body, { caseId });
  if (entry) show(app, { opening: entry.id, ids: [entry.id] });
  else show(app, { startedAt: undefined });
}

async function step(app, code) {
  if (isSlip(code)) return;
  const { caseId, steps } = app.door;
  const body = { step: code, ...(code === "naloxone" ? { count: 1 } : {}) };
  if (await write(app, "crisis_step_logged", body, { caseId }))
    show(app, { steps: [{ step: code, at: app.now() }, ...steps] });
}

/** The words come after: they are a correction of what was sent at once. */
async function tell(app, about) {
  const { opening, kind } = app.door;
  if (!about || !opening) return;
  const body = { entry_id: opening, what: "text", reason: t("hvem og hvor"), body: { ...AT_ONCE[kind][1], about } };
  if (await write(app, "entry_corrected", body)) show(app, { told: true });
}

/** Where what was sent has come: told, refused, or still here. */
async function follow(app) {
  const { ids = [] } = app.door;
  const places = await placesOf(ids);
  const sent = places.includes("held") ? "held" : places.includes("pending") ? "pending" : "sent";
  if (app.door && ids.length && app.door.sent !== sent) show(app, { sent });
}
