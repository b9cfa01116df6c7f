// A call that waits until nothing more has come for `pause` milliseconds.
export function later(act, pause, timers = globalThis) {
  let waiting;
  return (...facts) => {
    timers.clearTimeout(waiting);
    waiting = timers.setTimeout(() => act(...facts), pause);
  };
}
