"""What the tests run inside pages and workers of a phone, and what stands in for what headless Chromium lacks."""

# The page's clock follows the town's; the worker's can't be reached.
CLOCK = """(() => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + (globalThis.__shiftMs ?? 0)); }
    static now() { return Real.now() + (globalThis.__shiftMs ?? 0); }
  };
})();"""

# Without coverage only pages are cut off here: the browser itself and its workers still have network, and Background
# Sync would send at once. So the page must do it, as on an iPhone; `wake_worker` is Background Sync.
NO_BACKGROUND_SYNC = "delete globalThis.ServiceWorkerRegistration?.prototype.sync;"

# Headless Chromium has no push service to subscribe at. The subscription given out is one at the tests' own service,
# with a real key pair; everything after it is the browser's own.
SUBSCRIBE = """((endpoint, p256dh, auth) => {
  let current = null;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async (options) => {
    const key = new Uint8Array(options.applicationServerKey);
    current = {
      endpoint, options: { ...options, applicationServerKey: key.buffer },
      toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
      unsubscribe: async () => { current = null; return true; },
    };
    return current;
  };
})"""

VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""

GO = """async (path) => {
  document.activeElement.blur();
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  const end = performance.now() + 60000;
  while (!document.activeElement.matches('main h1')) {
    if (performance.now() > end) throw new Error(`never shown: ${path}`);
    await new Promise((again) => setTimeout(again, 25));
  }
}"""
"""Changes the address as the back button does, and waits until the page is shown: its title has the focus then."""

UNTIL = """async (condition, argument) => {
  const end = performance.now() + 60000;
  while (!(await condition(argument))) {
    if (performance.now() > end) throw new Error(`never came true: ${condition}`);
    await new Promise((again) => setTimeout(again, 25));
  }
}"""

READ_ALL = """([name, store]) => {
  const read = () => new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.transaction.abort(); // not there yet: the app alone makes it
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      try {
        const asking = db.transaction(store).objectStore(store).getAll();
        asking.onsuccess = () => { db.close(); resolve(asking.result); };
        asking.onerror = () => { db.close(); reject(asking.error); };
      } catch (error) { db.close(); reject(error); }
    };
  });
  const again = (left) => read().catch((error) => left
    ? new Promise((go) => setTimeout(go, 50)).then(() => again(left - 1))
    : Promise.reject(error));
  return again(40);
}"""
"""All rows of a store, once the app has made it; a connection that is just closing is opened anew."""

NOTIFICATIONS = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, tag, data }) => ({ title, tag, path: data?.path }));
}"""

TAP = """async (tag) => {
  const [notification] = await registration.getNotifications({ tag });
  let opened = null;
  WindowClient.prototype.focus = async function () { return this; };
  Clients.prototype.openWindow = async (path) => { opened = path; return null; };
  const event = new NotificationEvent("notificationclick", { notification });
  const work = [];
  event.waitUntil = (promise) => work.push(promise);
  self.dispatchEvent(event);
  await Promise.all(work);
  return opened;
}"""
