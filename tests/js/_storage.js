/** All that lies on the phone, as whoever copies its storage finds it: every row of every database, bytes as text. */

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const readable = (_key, value) => {
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("latin1");
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer).toString("latin1") : value;
};

/** {database: {store: rows}}. */
export async function stored() {
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await asked(indexedDB.open(name));
    const stores = [...db.objectStoreNames];
    const tx = stores.length ? db.transaction(stores) : null;
    found[name] = {};
    for (const store of stores) found[name][store] = await asked(tx.objectStore(store).getAll());
    db.close();
  }
  return found;
}

/** The same as one text, to look for words in. */
export const storedText = async () => JSON.stringify(await stored(), readable);
