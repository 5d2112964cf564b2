// How vehicles are told apart: by colour, by dash, and always by name.

const COLOURS = ["#6fb1e0", "#e0a458", "#8fca8f", "#d58bc4", "#d8d06a", "#9d94e8", "#e08876", "#7fd0c8"];
const DASHES = [null, "10 5", "2 5", "14 4 2 4", "6 6", "2 9", "18 6", "4 3"];

export function colourOf(index) {
  return COLOURS[Math.max(0, index) % COLOURS.length];
}

export function dashOf(index) {
  return DASHES[Math.max(0, index) % DASHES.length];
}
