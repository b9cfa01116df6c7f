// Versions that wait on this device until the server has answered for each. Pure: values in, values out;
// where they are kept (localStorage now) and how they are sent is the business of others.
//
// An item: {seq, uuid, sheet, url, body, tries, refusal}. `seq` orders items of one device, oldest first.

export const FIRST_WAIT = 2000;
export const LONGEST_WAIT = 60000;

/** The items in order of writing. */
export const inOrder = (items) => [...items].sort((a, b) => a.seq - b.seq || (a.uuid < b.uuid ? -1 : 1));

/** Items of one sheet that the server has not answered for and not refused. */
export const waiting = (items, sheet) => inOrder(items).filter((item) => !item.refusal && (!sheet || item.sheet === sheet));

/** The next item to send: the oldest that is not refused. */
export const next = (items) => waiting(items)[0] || null;

/** What a new version of a sheet is based on: the newest waiting one, else what the server holds. */
export function base(items, sheet, serverVersion) {
  const own = waiting(items, sheet);
  return own.length ? own[own.length - 1].uuid : serverVersion;
}

/** A new item at the end. */
export function add(items, { uuid, sheet, url, body, now }) {
  const last = inOrder(items).pop();
  const seq = Math.max(now, last ? last.seq + 1 : 0);
  return { seq, uuid, sheet, url, body: { ...body, uuid }, tries: 0, refusal: null };
}

/** The server has this version: it need not be kept any longer. */
export const acknowledge = (items, uuid) => items.filter((item) => item.uuid !== uuid);

/** The server will never take this version. It stays to be seen; what was built on it builds on what came before. */
export function refuse(items, uuid, refusal) {
  const refused = items.find((item) => item.uuid === uuid);
  if (!refused) return items;
  return items.map((item) => {
    if (item.uuid === uuid) return { ...item, refusal };
    if (item.body.based_on !== uuid) return item;
    return { ...item, body: { ...item.body, based_on: refused.body.based_on } };
  });
}

/** The refused version of a sheet that nothing newer has followed, or null. */
export function lost(items, sheet) {
  const newest = inOrder(items.filter((item) => item.sheet === sheet)).pop();
  return newest && newest.refusal ? newest : null;
}

/** UUIDs of refused versions that a stored one of the same sheet has made old. */
export const overtaken = (items, stored) =>
  items.filter((item) => item.refusal && item.sheet === stored.sheet && item.seq < stored.seq).map((item) => item.uuid);

/** The line failed: the same item, tried once more. */
export const failed = (items, uuid) =>
  items.map((item) => (item.uuid === uuid ? { ...item, tries: item.tries + 1 } : item));

/** How long to wait before trying again, in milliseconds. random: from 0 to 1, so that a hall does not retry in step. */
export function wait(tries, random) {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, tries - 1));
  return Math.round(most / 2 + (most / 2) * random);
}

/** What an answer means: "stored", "refused" (never to be sent again), "sign_in", "token" or "later". */
export function meaning(status, code) {
  if (status === 200 || status === 201) return "stored";
  if (status === 401) return "sign_in";
  if (code) return "refused";
  if (status === 400) return "token"; // the form token of an older sign-in
  if (status === 403 || status === 404 || status === 413) return "refused";
  return "later";
}
