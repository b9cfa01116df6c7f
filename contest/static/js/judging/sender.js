// Sends waiting versions, many at a time, and tells what became of each. One batch at a time, so that the server
// receives versions in the order they were written; again and again, until each has an answer.
import * as queue from "./queue.js";

const BATCH = 20;
// After so many sheets in a row that the server fails on it is the server that is ill, not the sheets: ask later.
const MOST_ASIDE = 3;
// How long an answer is waited for, in ms: a line that swallows what is sent must not hold up the queue for ever.
const PATIENCE = 30000;

/**
 * keep: a store; post(items, token) -> {status, body: {results: [{uuid, status, body}]}}; fresh() -> a new form token,
 * null when nobody is signed in, false when somebody else is; tell: {stored(item, answer, isNews), refused(item,
 * refusal), signOut(isOther), later()}. isNews: not said before; a version that came back from the second place is not.
 */
export function sender({ keep, post, fresh, tell, token, timer = setTimeout, random = Math.random }) {
  let busy = false;
  let again = null;
  let current = token;
  let size = BATCH;
  let fruitless = 0; // flushes in a row that got no answer for any version
  // Sheets the server failed on, whoever failed longest ago first: they go alone, when the others have gone.
  const suspects = new Set();

  /**
   * What the answer to a whole batch means: "done", "alone" (fewer at a time, please), "aside" (the server fails on
   * this version), "refused", "token", "sign_in", "other" or "later".
   */
  function meaning(reply, items) {
    if (reply.status === 200 && reply.body && Array.isArray(reply.body.results)) return "done";
    const means = queue.meaning(reply.status, reply.body && reply.body.code);
    if (means === "sign_in" && reply.body && reply.body.code === "other_judge") return "other";
    if (means === "token" || means === "sign_in") return means;
    // One version that the server cannot even look at must not hold up the others for ever.
    if (items.length > 1 && (means === "refused" || reply.status === 500)) return "alone";
    if (items.length && reply.status === 500) return "aside";
    return means === "refused" && items.length ? "refused" : "later";
  }

  async function batch(items) {
    let reply = await post(items, current);
    let means = meaning(reply, items);
    if (means === "token") {
      const renewed = await fresh();
      if (renewed === null) return "sign_in";
      if (renewed === false) return "other";
      current = renewed;
      reply = await post(items, current);
      means = meaning(reply, items);
      if (means === "token") means = "later";
    }
    // An answer that says nothing of what was sent is a proxy's, or a bug's: not to be asked for in a circle.
    if (means === "done" && !settle(items, reply.body) && items.length) means = "later";
    if (means === "refused") refuse(items[0], reply.status, reply.body);
    return means;
  }

  function settle(items, { results, server_at: at }) {
    const answers = new Map(results.map((result) => [result.uuid, result]));
    let settled = 0;
    for (const item of items) {
      const { status, body } = answers.get(item.uuid) || {};
      settled += status ? 1 : 0;
      if ((status === 200 || status === 201) && body && body.version === item.uuid) {
        const isNews = item.seq > ((keep.stored(item.sheet) || {}).seq || 0);
        // In this order: another window that sees a version gone must find what was stored of it.
        keep.keepStored(item.sheet, { ...body, seq: item.seq });
        [item.uuid, ...queue.overtaken(keep.items(), item)].forEach(keep.drop);
        tell.stored(item, body, isNews);
      } else if (status) {
        refuse(item, status, body && { ...body, at });
      }
    }
    return settled;
  }

  function refuse(item, status, body) {
    const refusal = body && body.code ? body : { code: String(status), detail: "" };
    for (const changed of queue.refuse(keep.items(), item.uuid, refusal)) keep.put(changed);
    tell.refused(item, refusal);
  }

  /** What goes next: the oldest versions of healthy sheets, then one of a suspect. aside: sheets whose turn is over. */
  function nextBatch(aside) {
    const items = queue.waiting(keep.items());
    const healthy = items.filter((item) => !suspects.has(item.sheet));
    if (healthy.length) return healthy.slice(0, size);
    for (const sheet of suspects) {
      const first = !aside.has(sheet) && items.find((item) => item.sheet === sheet);
      if (first) return [first];
    }
    return [];
  }

  /** The server failed on this version: its sheet waits, so that its order is kept, and the others go on. */
  function setAside({ sheet }, aside) {
    suspects.delete(sheet);
    suspects.add(sheet);
    aside.add(sheet);
  }

  /** Ask again in a while. tried: the version that got no answer. */
  function askAgain(tried) {
    // One clock alone: a judge who goes on writing would start another with every version.
    const mine = again = {};
    timer(() => (again === mine ? flush() : undefined), queue.wait(Math.max(tried.tries, fruitless), random()));
    tell.later();
  }

  /** Count the try, and keep it. */
  function failed(item) {
    const [tried] = queue.failed([item], item.uuid);
    keep.put(tried);
    return tried;
  }

  /** Send what waits. beat: speak to the server even when nothing does, so that it knows this device lives. */
  async function flush(beat = false) {
    if (busy) return;
    busy = true;
    again = null;
    const aside = new Set();
    let tried = null;
    let inARow = 0;
    fruitless += 1;
    try {
      for (let items = nextBatch(aside); items.length || beat; items = nextBatch(aside)) {
        beat = false;
        const means = await batch(items);
        if (means === "done" || means === "refused") {
          items.forEach((item) => suspects.delete(item.sheet));
          fruitless = inARow = 0;
          // Twice as many while it goes well: what the server failed on may be among the next.
          if (means === "done") size = Math.min(BATCH, 2 * size);
        } else if (means === "alone") {
          size = Math.ceil(items.length / 2);
        } else if (means === "aside") {
          setAside(items[0], aside);
          tried = failed(items[0]);
          inARow += 1;
          if (inARow === MOST_ASIDE) break;
        } else if (means === "sign_in" || means === "other") {
          tell.signOut(means === "other");
          return;
        } else {
          if (items.length) askAgain(failed(items[0]));
          return;
        }
      }
      if (tried) askAgain(tried);
    } finally {
      busy = false;
    }
  }
  return { flush, waitingForLine: () => again !== null, isHeldUp: (sheet) => suspects.has(sheet) };
}

/** The answer and its text, or an error when it takes too long. */
async function ask(address, options, patience) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), patience);
  try {
    const reply = await fetch(address, { ...options, credentials: "same-origin", signal: stop.signal });
    return { reply, text: await reply.text() };
  } finally {
    clearTimeout(clock);
  }
}

/** post() over the network; a line that fails is status 0. condition() -> what the secretary is told of the device. */
export function poster(address, condition, patience = PATIENCE) {
  return async (items, token) => {
    try {
      const said = await condition();
      const { reply, text } = await ask(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ ...said, items: items.map((item) => ({ ...item.body, sheet: item.sheet })) }),
      }, patience);
      // A proxy's page is no receipt, whatever its status.
      let body = null;
      try { body = JSON.parse(text); } catch { /* not ours */ }
      return reply.ok && !(body && body.results) ? { status: 0, body: null } : { status: reply.status, body };
    } catch {
      return { status: 0, body: null };
    }
  };
}

/** fresh() over the network: the form token of now; null when nobody is signed in, false when it is another judge. */
export function freshener(address, owner, patience = PATIENCE) {
  return async () => {
    try {
      const { reply, text } = await ask(address, { cache: "no-store", headers: { Accept: "application/json" } }, patience);
      if (reply.status === 401 || reply.redirected) return null;
      const said = JSON.parse(text);
      return String(said.owner) === String(owner) ? said.csrf : "csrf" in said ? false : "";
    } catch {
      return "";
    }
  };
}
