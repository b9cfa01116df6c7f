// What would be left behind on this device by going on to another page. No DOM here.

// Tries once more whatever has not gone: {text: whether the server lacks the text, files: names still waiting}.
export async function left(draft, uploads) {
  const saved = await draft.save();
  if (saved) await uploads?.resume();
  return { text: !saved, files: saved ? (uploads?.unsent() ?? []) : [] };
}
