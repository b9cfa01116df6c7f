// How far to scroll so that a place of a picture stands in the middle of the window onto it.

/** place: fractions of the picture; picture, frame: their sizes. Never past the picture's edges. */
export function scrolled({ x, y }, picture, frame) {
  const middle = (part, whole, seen) => Math.max(0, Math.min(Math.round(part * whole - seen / 2), Math.round(whole - seen)));
  return { scrollLeft: middle(x, picture.width, frame.width), scrollTop: middle(y, picture.height, frame.height) };
}
