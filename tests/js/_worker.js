/** A service worker's surroundings for the tests: caches, clients, notifications, events. */

export const ORIGIN = "https://sett.test";

/** @param {any} url */
const whole = (url) => new URL(String(url), ORIGIN).href;

/** Caches that can be told to be full. */
function someCaches() {
  const stores = new Map();
  return {
    stores,
    full: false,
    async open(name) {
      if (!stores.has(name)) stores.set(name, new Map());
      const files = stores.get(name);
      return {
        match: async (url) => files.get(whole(url))?.clone(),
        put: async (url, response) => {
          if (caches.full) throw new DOMException("full", "QuotaExceededError");
          files.set(whole(url), response);
        },
      };
    },
    keys: async () => [...stores.keys()],
    delete: async (name) => stores.delete(name),
  };
}

/** Make this process look like a service worker; `fire` dispatches an event and waits for what it waits for. */
export function aWorkerScope() {
  const listeners = new Map();
  const shown = [];
  const scope = {
    location: { origin: ORIGIN },
    shown,
    refuses: () => false,
    skipped: 0,
    claimed: 0,
    pages: [],
    opened: [],
    addEventListener: (type, listener) => listeners.set(type, listener),
    skipWaiting: () => {
      scope.skipped += 1;
    },
    registration: {
      showNotification: async (title, options) => {
        if (scope.refuses(options)) throw new TypeError("refused");
        shown.push({ title, ...options });
      },
    },
    clients: {
      claim: async () => {
        scope.claimed += 1;
      },
      matchAll: async () => scope.pages,
      openWindow: async (path) => {
        scope.opened.push(path);
      },
    },
    listens: () => [...listeners.keys()].sort(),
    async fire(type, event = {}) {
      const waits = [];
      let answer = null;
      listeners.get(type)({
        ...event,
        waitUntil: (work) => waits.push(work),
        respondWith: (response) => {
          answer = response;
        },
      });
      await Promise.all(waits);
      return answer;
    },
  };
  globalThis.self = scope;
  globalThis.caches = someCaches();
  return scope;
}

/** A window of the app. */
export function aPage(path) {
  const page = {
    url: ORIGIN + path,
    messages: [],
    focused: 0,
    focus: async () => {
      page.focused += 1;
    },
    postMessage: (message) => page.messages.push(message),
  };
  return page;
}

/** What a push event carries. */
export const pushData = (text) => ({ json: () => JSON.parse(text) });
