// Thirty tablets on bad lines for a while: node run.mjs < plan.json > log.json
// plan: {server, seconds, seed, tablets: [{name, owner, sheets, cookies}]}.
import { readFileSync } from "node:fs";
import { Line } from "./line.mjs";
import { Tablet } from "./tablet.mjs";

const plan = JSON.parse(readFileSync(0, "utf8"));
const figures = {};
const count = (name, more = 1) => { figures[name] = (figures[name] || 0) + more; };
const times = new Map();
const logs = { written: [], refused: [], stored: [], sent: (uuid) => times.set(uuid, (times.get(uuid) || 0) + 1) };

/** Chance from a seed (mulberry32): the same for each tablet in every run. */
function chance(seed) {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const tablets = [];
for (const [index, one] of plan.tablets.entries()) {
  const random = chance(plan.seed + index);
  const line = new Line(plan.server, { jar: { cookie: "" }, random, count });
  await line.mend();
  tablets.push(new Tablet(one, { line, random, count, logs }));
}
// A borrowed tablet: somebody else's sign-in.
tablets.forEach((one, index) => { one.stranger = () => tablets[(index + 7) % tablets.length].cookies.at(-1); });

const until = Date.now() + plan.seconds * 1000;
await Promise.all(tablets.flatMap((one) => [one.live(until), one.weather(until)]));
const calm = Date.now() + 120000;
await Promise.all(tablets.map((one) => one.settle(calm)));
const ended = await Promise.all(tablets.map((one) => one.finish(calm + 30000)));
count("versions", logs.written.length);
count("sent again", [...times.values()].reduce((sum, often) => sum + often - 1, 0));
process.stdout.write(JSON.stringify({ figures, written: logs.written, refused: logs.refused, stored: logs.stored, ended }), () => process.exit(0));
