// The state at one glance: word, shape, colour; how sure, where, what to do.

import { byId, element, fill } from "./elements.js";
import { dayTime, labelled, number, seconds, time, word } from "./words.js";

const SHAPES = { blind: "?", clear: "◌", watch: "◆", act: "▲" };
let told = null;

export function showState(state) {
  byId("state").dataset.state = state.state;
  byId("shape").textContent = SHAPES[state.state] ?? "?";
  byId("word").textContent = state.word;
  byId("headline").textContent = state.headline;
  fill("todo", ...state.todo.map((text) => element("li", {}, text)));
  fill("because", ...state.because.map((one) => element("li", {}, one.text)));
  byId("clearance").textContent = state.clearance?.text ?? "";
  byId("owner").textContent = state.owner_notices ?? "";
  fill("cannot", ...state.cannot_exclude.map((one) => element("li", {}, one.text)));
  const facts = [
    ["ui-since", dayTime(state.since_us)],
    ["ui-now", time(state.at_us)],
    ["ui-listened", seconds(state.heard_s)],
    ["ui-driven", state.travelled_m === null ? word("ui-unknown") : `${number(state.travelled_m / 1000)}\u00a0km`],
  ];
  fill("facts", ...facts.flatMap(([key, value]) => [element("dt", {}, word(key)), element("dd", {}, value)]));
  byId("passers-by").textContent = labelled("ui-passers-by", number(state.passers_by, 0));
  const mark = byId("simulated");
  mark.hidden = !state.simulated;
  mark.textContent = word("ui-simulated") + (state.speed ? ` ${number(state.speed)}×` : "") + (state.ended ? ` — ${word("ui-ended")}` : "");
  announce(state);
}

/** Said once when the state changes; at once when it is to act. */
function announce(state) {
  if (told === state.state) return;
  const into = state.state === "act" ? "alarm" : "announce";
  byId(into).textContent = `${state.word}. ${state.headline}`;
  told = state.state;
}
