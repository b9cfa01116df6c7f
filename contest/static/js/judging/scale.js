// Marks as people type them, in whole numbers: a mark is a count of units of 10^-places points, never a float.
// The server checks everything again (contest/judging/marks.py); the codes are the same.

const DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212";
const PLAIN = /^[0-9]+(?:[.,][0-9]+)?$/;
const GROUPED = /^[1-9][0-9]{0,2}[.,][0-9]{3}$/;
const LONGEST = 12;
const FREE_PLACES = 4; // decimals taken where a scale has no step

const decimals = (text) => (text.split(".")[1] || "").length;

function toUnits(text, places) {
  const [whole, part = ""] = text.split(".");
  return Number(whole + part.padEnd(places, "0"));
}

/** A scale from its plain decimals ("60", "0.25"; null: no limit). max and step come out in units. */
export function makeScale({ max, step }) {
  const places = step === null ? FREE_PLACES : Math.max(decimals(step), decimals(max || "0"));
  return {
    places,
    max: max === null ? null : toUnits(max, places),
    step: step === null ? null : toUnits(step, places),
  };
}

/** What was typed: {units} on the scale, {units: null} for no mark, or {fault, below, above} in units. */
export function parse(typed, scale) {
  const text = typed.trim();
  if (text === "" || (text.length === 1 && DASHES.includes(text))) return { units: null };
  if (text.length > LONGEST) return { fault: "too_long" };
  if (!PLAIN.test(text)) return { fault: /^[-+\u2212]/.test(text) ? "sign" : "not_a_number" };
  if (GROUPED.test(text)) return { fault: "ambiguous" };
  const plainText = text.replace(",", ".").replace(/(\.[0-9]*?)0+$/, "$1").replace(/\.$/, "");
  // Digits past the scale's own are cut for the comparison, and remembered: they are off the step.
  const [whole, part = ""] = plainText.split(".");
  const units = toUnits(`${whole}.${part.slice(0, scale.places)}`, scale.places);
  if (!Number.isSafeInteger(units)) return { fault: "too_long" };
  const beyond = part.length > scale.places;
  if (scale.max !== null && (units > scale.max || (units === scale.max && beyond))) {
    return { fault: "above_max", below: scale.max, above: null };
  }
  const rest = scale.step === null ? 0 : units % scale.step;
  if (rest === 0 && !beyond) return { units };
  const below = units - rest;
  const above = below + (scale.step || 1);
  return { fault: "off_step", below, above: scale.max !== null && above > scale.max ? null : above };
}

/** Units as a plain decimal: 5250 at two places is "52.5". */
export function plain(units, places) {
  if (units === null) return null;
  const digits = String(units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places) || "0";
  const part = places ? digits.slice(digits.length - places).replace(/0+$/, "") : "";
  return part ? `${whole}.${part}` : whole;
}

/** A plain decimal as it is shown: with a comma, in English with a point; "–" for no mark. */
export function show(text, language = "vi") {
  if (text === null || text === undefined) return "–";
  return language === "vi" ? text.replace(".", ",") : text;
}

/** One step up (+1) or down (-1) from a value in units; from no mark, up starts at 0. */
export function stepFrom(units, direction, scale) {
  const step = scale.step === null ? 10 ** scale.places : scale.step;
  if (units === null) return direction > 0 ? 0 : null;
  const next = units + direction * step;
  if (next < 0) return 0;
  return scale.max !== null && next > scale.max ? units : next;
}

/** The weighted sum of marks (plain decimals or null) as a plain decimal; null when there is none. */
export function total(lines) {
  const given = lines.filter((line) => line.value !== null);
  if (!given.length) return null;
  const places = Math.max(...given.map((line) => decimals(line.value) + decimals(line.weight)));
  const sum = given.reduce((held, { value, weight }) => {
    const own = decimals(value) + decimals(weight);
    const product = BigInt(value.replace(".", "")) * BigInt(weight.replace(".", ""));
    return held + product * 10n ** BigInt(places - own);
  }, 0n);
  return plain(sum, places);
}

/** The keys a number pad offers for the part after the comma: ["", "25", "5", "75"] for a step of 0,25. */
export function stepKeys(scale) {
  if (scale.step === null) return [];
  const one = 10 ** scale.places;
  if (scale.step >= one || one % scale.step) return [];
  const count = one / scale.step;
  if (count > 5) return [];
  return Array.from({ length: count }, (_, index) => plain(index * scale.step, scale.places).split(".")[1] || "");
}
