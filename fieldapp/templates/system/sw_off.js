// The kill switch: takes the service worker and its caches off every phone that asks for it.
// It never touches IndexedDB: what is saved there and not yet sent must still arrive.
addEventListener("install", () => skipWaiting());

async function leave() {
  const names = (await caches.keys()).filter((name) => name.startsWith("sett-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
}

addEventListener("activate", (event) => event.waitUntil(leave()));

// until the platform has let go of it, it still must show every push
addEventListener("push", (event) => event.waitUntil(registration.showNotification("Nytt varsel i Sett")));
