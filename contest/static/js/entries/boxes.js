// Boxes drawn over a page, as [left, top, right, bottom] in thousandths of its width and height: what the server
// paints over, whatever the size of the screen it was drawn on.
export const WHOLE = 1000;
export const LEAST = 8; // smaller is a slip of the finger, not a box

const within = (value, least, most) => Math.min(Math.max(value, least), most);

/** Where on the page a point of the screen is. frame: the picture's DOMRect. */
export function pointOn(frame, x, y) {
  return [
    within(Math.round(((x - frame.left) / frame.width) * WHOLE), 0, WHOLE),
    within(Math.round(((y - frame.top) / frame.height) * WHOLE), 0, WHOLE),
  ];
}

/** The box between two points, whichever was touched first. */
export function between([x1, y1], [x2, y2]) {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

export const isBox = ([left, top, right, bottom]) => right - left >= LEAST && bottom - top >= LEAST;

/** The box pushed, as far as the page goes; its size stays. */
export function moved([left, top, right, bottom], dx, dy) {
  const x = within(dx, -left, WHOLE - right);
  const y = within(dy, -top, WHOLE - bottom);
  return [left + x, top + y, right + x, bottom + y];
}

/** The box with its right and bottom edges pulled. */
export function sized([left, top, right, bottom], dx, dy) {
  return [left, top, within(right + dx, left + LEAST, WHOLE), within(bottom + dy, top + LEAST, WHOLE)];
}

/** As the form sends them. */
export const written = (boxes) => boxes.map((box) => box.join(",")).join(" ");
