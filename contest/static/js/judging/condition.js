// How this device is, for the secretary: battery, what waits on it, which version of the app it runs.
import * as queue from "./queue.js";

async function battery() {
  try {
    const found = await navigator.getBattery();
    return { battery: Math.round(found.level * 100), charging: found.charging };
  } catch {
    return {}; // iPads and Firefox do not tell
  }
}

/** condition() for a poster. kept() -> how many works the device can show without a line. */
export function conditionOf({ keep, device, owner, version, kept = () => Number(keep.setting("da-tai", "0")) || 0 }) {
  return async () => {
    const items = keep.items();
    const waiting = queue.waiting(items).length;
    return {
      device, owner: Number(owner), version, at: new Date().toISOString(),
      unsent: waiting, refused: items.length - waiting, kept: kept(), ...(await battery()),
    };
  };
}
