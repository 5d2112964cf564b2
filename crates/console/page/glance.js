// The state: one glance.

import { list, make, renew } from "./element.js";
import { clock, figure, span, word } from "./words.js";

let said = null;

const STATES = ["blind", "clear", "watch", "act"];
const SIGNS = { blind: "?", clear: "◷", watch: "△", act: "!" };

/** Shows the state, and tells those who hear the page when it changes. */
export function showGlance({ state }) {
  const place = document.getElementById("state");
  // A state that this page does not know is none that it may calm with.
  const code = STATES.includes(state.state) ? state.state : "blind";
  place.dataset.state = code;
  document.getElementById("word").textContent = state.word;
  document.getElementById("headline").textContent = state.headline;
  const times = [word("ui-since", { at: clock(state.since_us), span: span((state.at_us - state.since_us) / 1e6) })];
  // With a clearance the headline says for how long, for what, and the chance of a miss.
  if (code === "clear" && !state.clearance) times.unshift(word("ui-clear-without"));
  const chip = document.getElementById("chip");
  chip.dataset.state = code;
  chip.textContent = `${SIGNS[code]} ${state.word}`;
  document.getElementById("for-how-long").textContent = times.join(" ");
  showWarnings(state);
  const { at_us: _, ...still } = state;
  renew(document.getElementById("todo"), still.todo, () => state.todo.length
    ? [make("h2", {}, word("ui-todo")), list(state.todo, "ol")] : []);
  const kept = { ...still, heard_s: 0, passers_by: 0, revision: 0, travelled_m: 0 };
  renew(document.getElementById("behind"), kept, () => behind(state));
  const figures = document.getElementById("figures");
  if (figures) {
    figures.textContent = word("ui-figures", {
      at: clock(state.at_us), heard: span(state.heard_s), passers: figure(state.passers_by),
    });
  }
  const told = `${state.word}. ${state.headline}`;
  const changed = said !== null && said.code !== code;
  if (said === null || changed || said.alerts !== state.alerts) {
    document.getElementById(code === "act" ? "urgent" : "polite").textContent = said === null ? "" : told;
    said = { code, alerts: state.alerts };
  }
}

function behind(state) {
  const because = state.because.map((b) => b.text);
  return [
    because.length ? make("div.because", {}, make("h2", {}, word("ui-why")), list(because)) : null,
    make("p.figures", { id: "figures" }),
    make("details", { "data-key": "more" },
      make("summary", {}, word("ui-more")),
      state.todo_full?.length ? make("div", {}, make("h3", {}, word("ui-todo-full")), list(state.todo_full.map((t) => t.text), "ol")) : null,
      state.owner_notices ? make("div", {}, make("h3", {}, word("ui-owner")), make("p", {}, state.owner_notices)) : null,
      state.cannot_exclude.length
        ? make("div", {}, make("h3", {}, word("ui-cannot-exclude")), list(state.cannot_exclude.map((c) => c.text))) : null),
  ].filter(Boolean);
}

function showWarnings(state) {
  document.getElementById("simulated").hidden = !state.simulated;
  document.body.classList.toggle("is-simulated", state.simulated);
  document.getElementById("speed").textContent = [
    state.simulated && state.speed ? word("ui-speed", { speed: figure(state.speed, 1) }) : null,
    state.ended ? word("ui-ended") : null,
  ].filter(Boolean).join(" ");
  document.body.dataset.role = state.role;
  document.getElementById("link").hidden = state.role !== "administer";
}
