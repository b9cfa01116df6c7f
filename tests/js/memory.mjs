/** localStorage, in memory; `full` makes it refuse. `held` outlives the page. */
export function memory(held = new Map()) {
  return {
    full: false,
    held,
    get length() { return held.size; },
    key: (index) => [...held.keys()][index] ?? null,
    getItem: (key) => (held.has(key) ? held.get(key) : null),
    setItem(key, value) { if (this.full) throw new Error("quota"); held.set(key, String(value)); },
    removeItem: (key) => { held.delete(key); },
  };
}
