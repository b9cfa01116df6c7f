// Where two texts part and where they meet again: on a small screen the rest would hide it.
const AROUND = 90; // letters of common text shown on either side

/** {before, mine, theirs, after}: common beginning and ending, cut to their nearest words, and what lies between. */
export function differing(mine, theirs, around = AROUND) {
  let start = 0;
  const least = Math.min(mine.length, theirs.length);
  while (start < least && mine[start] === theirs[start]) start += 1;
  start = wordStart(mine, start);
  let end = 0;
  while (end < least - start && mine[mine.length - 1 - end] === theirs[theirs.length - 1 - end]) end += 1;
  end = mine.length - wordEnd(mine, mine.length - end);
  const before = mine.slice(0, start);
  const after = mine.slice(mine.length - end);
  return {
    before: before.length > around ? `…${before.slice(wordStart(before, before.length - around))}` : before,
    mine: mine.slice(start, mine.length - end),
    theirs: theirs.slice(start, theirs.length - end),
    after: after.length > around ? `${after.slice(0, wordEnd(after, around))}…` : after,
  };
}

// Words are not cut through, and no letter is parted from its marks.
function wordStart(text, at) {
  while (at > 0 && at < text.length && !/\s/u.test(text[at - 1])) at -= 1;
  return at === text.length && at > 0 && !/\s/u.test(text[at - 1]) ? wordStart(text, at - 1) : at;
}

function wordEnd(text, at) {
  while (at > 0 && at < text.length && !/\s/u.test(text[at])) at += 1;
  return at;
}
