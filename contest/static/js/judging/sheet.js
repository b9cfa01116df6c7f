// The sheet as a state: what is typed, what that is worth, where the newest version is. Pure.
import { makeScale, parse, plain, total } from "./scale.js";

/**
 * data: of the page (criteria, marks, comment, version, state, saved_at); pending: waiting items of this sheet,
 * oldest first; typed: what was typed and never became a version ({texts, comment}), or null; lost: the version
 * the server refused last, if nothing newer was written.
 */
export function open(data, pending, typed, lost = null) {
  const criteria = data.criteria.map((item) => ({ ...item, scale: makeScale(item) }));
  const last = pending.length ? pending[pending.length - 1].body : null;
  const marks = last ? last.marks : data.marks;
  const texts = {};
  for (const { key } of criteria) texts[key] = marks[key] === null || marks[key] === undefined ? "" : marks[key];
  const state = {
    criteria,
    texts: typed ? { ...texts, ...typed.texts } : texts,
    comment: typed ? typed.comment : last ? last.comment : data.comment,
    stored: { marks: data.marks, comment: data.comment, at: data.saved_at, version: data.version, number: data.number },
    written: { marks: { ...emptyMarks(criteria), ...marks }, comment: last ? last.comment : data.comment },
    unsent: pending.length,
    sending: last !== null && last.kind !== "draft",
    refusal: null,
    signIn: false,
  };
  if (lost && !typed) {
    for (const { key } of criteria) state.texts[key] = lost.body.marks[key] ?? "";
    state.comment = lost.body.comment;
    state.refusal = lost.refusal;
  }
  return state;
}

const emptyMarks = (criteria) => Object.fromEntries(criteria.map(({ key }) => [key, null]));

/**
 * The page's data, or what the server said after it: a page that was kept for lack of a line, or drawn while a version
 * was on its way, knows nothing of what was stored since. By number, since a version is stored later than its time
 * says; by time for pages of before there were numbers. stored: of the store, or null.
 */
export function newest(data, stored) {
  if (!stored || !data.drawn_at) return data;
  const isNewer = stored.number && data.number !== undefined ? stored.number > data.number : Date.parse(stored.at) > Date.parse(data.drawn_at);
  if (!isNewer) return data;
  const { marks, comment, version, number, at, state } = stored;
  return { ...data, marks, comment, version, number, saved_at: at, state };
}

/**
 * The sheet after another window of this device wrote it: what was typed here and is in no version stays, the rest is
 * as there. Else an older window would take back, unseen, what the other one wrote. fresh: as open() has it now.
 */
export function follow(state, fresh) {
  const texts = { ...fresh.texts };
  for (const { key, value, fault, text } of lines(state)) if (fault || value !== (state.written.marks[key] ?? null)) texts[key] = text;
  const comment = state.comment === state.written.comment ? fresh.comment : state.comment;
  return { ...fresh, texts, comment, refusal: state.refusal, signIn: state.signIn };
}

/** Whether a page was drawn when the version answered for was stored already: sent twice, it has nothing new to say. */
export const shows = (data, answer) => data.number >= answer.number;

/** Typed into one field. */
export const type = (state, key, text) => ({ ...state, texts: { ...state.texts, [key]: text }, refusal: null });

/** The comment typed. */
export const remark = (state, comment) => ({ ...state, comment, refusal: null });

/** One line per criterion: {key, text, units, value (plain or null), fault}. */
export function lines(state) {
  return state.criteria.map(({ key, scale, weight }) => {
    const read = parse(state.texts[key], scale);
    const units = read.fault ? null : read.units;
    return { key, weight, scale, text: state.texts[key], units, value: plain(units, scale.places), fault: read.fault ? read : null };
  });
}

/** The marks as they would be stored; null while something typed is off its scale. */
export function marks(state) {
  const read = lines(state);
  if (read.some((line) => line.fault)) return null;
  return Object.fromEntries(read.map((line) => [line.key, line.value]));
}

/** {total, missing, faults}: what the foot of the sheet says. */
export function summary(state) {
  const read = lines(state);
  return {
    total: total(read),
    missing: read.filter((line) => line.value === null && !line.fault).map((line) => line.key),
    faults: read.filter((line) => line.fault).map((line) => line.key),
  };
}

const same = (one, other) => Object.keys(one).every((key) => one[key] === (other[key] === undefined ? null : other[key]));

/** Whether there is something that no version holds yet. */
export function isDirty(state) {
  const now = marks(state);
  return now === null || !same(now, state.written.marks) || state.comment !== state.written.comment;
}

/** The body of a version of what is typed now, without UUID and base. Null while something is off its scale. */
export function version(state, kind, reason = "") {
  const now = marks(state);
  return now === null ? null : { kind, marks: now, comment: state.comment, reason };
}

/** A version was put into the queue. */
export function written(state, body) {
  return {
    ...state, written: { marks: body.marks, comment: body.comment }, unsent: state.unsent + 1,
    sending: state.sending || body.kind !== "draft",
  };
}

/** The server's answer for one version: what it stored, and when. left: how many versions of the sheet still wait. */
export function acknowledged(state, answer, left = Math.max(0, state.unsent - 1)) {
  // An answer may be a repeat, of a version that newer ones have followed.
  const isOld = answer.number < state.stored.number;
  const { marks, comment, version, number, server_at: at } = answer;
  return {
    ...state, unsent: left, signIn: false, sending: state.sending && left > 0,
    stored: isOld ? state.stored : { marks, comment, at, version, number },
  };
}

/** The server refused one version for good: what is typed is this tablet's alone again. */
export function refused(state, refusal, left = Math.max(0, state.unsent - 1)) {
  const { marks: held, comment } = state.stored;
  return { ...state, unsent: left, refusal, sending: false, written: { marks: { ...emptyMarks(state.criteria), ...held }, comment } };
}

/** Nobody is signed in any more: nothing is lost, but nothing goes out. */
export const signedOut = (state) => ({ ...state, signIn: true });

/** Where the sheet is: "lost" (refused), "faulty" (not written: off its scale), "tablet", "server" or "none" (nothing yet). */
export function place(state) {
  if (state.refusal) return "lost";
  if (marks(state) === null) return "faulty";
  if (state.unsent > 0 || isDirty(state)) return "tablet";
  return state.stored.version ? "server" : "none";
}

/** Keys whose stored mark is another than the one written here: the server must show what was typed. */
export function unlike(state) {
  if (state.unsent > 0 || !state.stored.version) return [];
  return Object.keys(state.written.marks).filter((key) => state.written.marks[key] !== (state.stored.marks[key] ?? null));
}
