// A second place on the device for what is not on the server yet. localStorage is written at once but reaches the disk
// seconds later: a battery that dies takes those seconds along. IndexedDB can be told to wait for the disk.

const NAME = "cham";
const TABLE = "ban";

/** {put(key, value), drop(key), all(), idle()} over IndexedDB; on a device that refuses it, nothing is kept and all() is []. */
export function durable(indexedDB) {
  let opening = null;
  let last = Promise.resolve(); // writes are done in their order: the last one is done when all are

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
      asked.onblocked = () => reject(new Error("blocked"));
    });
    return opening;
  }

  const write = (act) => (last = run(act));

  async function run(act) {
    try {
      const database = await open();
      await new Promise((resolve, reject) => {
        // Older browsers ignore the option; they flush at every commit anyway.
        const transaction = database.transaction(TABLE, "readwrite", { durability: "strict" });
        act(transaction.objectStore(TABLE));
        // At once: a page that is left before it hears that the write went well would take it back.
        if (transaction.commit) transaction.commit();
        transaction.oncomplete = resolve;
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
      return true;
    } catch {
      return false;
    }
  }

  return {
    put: (key, value) => write((table) => table.put(value, key)),
    drop: (key) => write((table) => table.delete(key)),
    idle: () => last,
    async all() {
      try {
        const database = await open();
        return await new Promise((resolve, reject) => {
          const found = [];
          const walk = database.transaction(TABLE).objectStore(TABLE).openCursor();
          walk.onsuccess = () => {
            const at = walk.result;
            if (!at) return resolve(found);
            found.push([at.key, at.value]);
            at.continue();
          };
          walk.onerror = () => reject(walk.error);
        });
      } catch {
        return [];
      }
    },
  };
}
