// Sends waiting versions one after another and tells what became of each. One at a time, so that the server
// receives them in the order they were written; again and again, until each has an answer.
import * as queue from "./queue.js";

/**
 * keep: a store; post(item, token) -> {status, body}; fresh() -> a new form token, or null when nobody is
 * signed in; tell: {stored(item, answer), refused(item, refusal), signOut(), later()}.
 */
export function sender({ keep, post, fresh, tell, token, timer = setTimeout, random = Math.random }) {
  let busy = false;
  let again = null;
  let current = token;

  async function one(item) {
    let reply = await post(item, current);
    let means = queue.meaning(reply.status, reply.body && reply.body.code);
    if (means === "token") {
      const renewed = await fresh();
      if (renewed === null) return "sign_in";
      current = renewed;
      reply = await post(item, current);
      means = queue.meaning(reply.status, reply.body && reply.body.code);
      if (means === "token") means = "later";
    }
    if (means === "stored") {
      [item.uuid, ...queue.overtaken(keep.items(), item)].forEach(keep.drop);
      tell.stored(item, reply.body);
    } else if (means === "refused") {
      const refusal = reply.body && reply.body.code ? reply.body : { code: String(reply.status), detail: "" };
      for (const changed of queue.refuse(keep.items(), item.uuid, refusal)) keep.put(changed);
      tell.refused(item, refusal);
    }
    return means;
  }

  async function flush() {
    if (busy) return;
    busy = true;
    again = null;
    try {
      for (let item = queue.next(keep.items()); item; item = queue.next(keep.items())) {
        const means = await one(item);
        if (means === "stored" || means === "refused") continue;
        const [tried] = queue.failed([item], item.uuid);
        keep.put(tried);
        if (means === "sign_in") tell.signOut();
        else {
          again = timer(flush, queue.wait(tried.tries, random()));
          tell.later();
        }
        return;
      }
    } finally {
      busy = false;
    }
  }
  return { flush, waitingForLine: () => again !== null };
}

/** post() over the network; a line that fails is status 0. */
export async function post(item, token) {
  try {
    const reply = await fetch(item.url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(item.body),
    });
    const text = await reply.text();
    let body = null;
    try { body = JSON.parse(text); } catch { /* a proxy's page, not ours */ }
    // A proxy's page is no receipt, whatever its status.
    return reply.ok && !(body && body.version) ? { status: 0, body: null } : { status: reply.status, body };
  } catch {
    return { status: 0, body: null };
  }
}

/** fresh() over the network: the token of the page as it is now; null when it asks to sign in. */
export async function freshToken(address) {
  try {
    const reply = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const meta = page.querySelector("meta[name=csrf-token]");
    return meta && !reply.redirected ? meta.content : null;
  } catch {
    return "";
  }
}
