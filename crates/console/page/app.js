// Puts the page together: fetches what changed, draws it, and never lets an old picture look live.

import { prepareActs } from "./acts.js";
import { byId } from "./elements.js";
import { showState } from "./glance.js";
import { showTracks } from "./map.js";
import { prepareSearch, showSearch } from "./search.js";
import { chooseLanguage, currentLanguage, listen, part } from "./server.js";
import { showLog, showOurs, showSensors, showShift, showThreat } from "./standing.js";
import { showSuspects } from "./suspects.js";
import { prepareTimeline, showTimeline } from "./timeline.js";
import { shownLanguage, takeTexts, time, word } from "./words.js";

// What waits longest is drawn least often.
const APART_MS = { state: 0, alerts: 0, tracks: 1000, timeline: 1000, sensors: 1000, ours: 5000, log: 3000 };
// Without a word from the server for so long, what is seen is old.
const SILENT_MS = 15000;

let state = null;
let alerts = [];
let heardAt = performance.now();
const last = {};
const waiting = {};

const draws = {
  state: async () => {
    state = await part("state");
    showState(state);
    showSearch(alerts, state.at_us);
  },
  alerts: async () => {
    alerts = (await part("alerts")).alerts;
    showSuspects(alerts, state?.role ?? "look");
    showSearch(alerts, state?.at_us ?? null);
    showThreat(await part("threat"));
    showShift(await part("shift"));
  },
  tracks: async () => showTracks(await part("tracks")),
  timeline: async () => showTimeline(await part("timeline")),
  sensors: async () => showSensors(await part("sensors")),
  ours: async () => showOurs(await part("ours")),
  log: async () => showLog(await part("log")),
};

/** Draws a part now, or when its time has come; never twice at once. */
function draw(name) {
  if (!draws[name] || waiting[name]) return;
  const wait = Math.max(0, (last[name] ?? -1e9) + APART_MS[name] - performance.now());
  waiting[name] = setTimeout(async () => {
    last[name] = performance.now();
    waiting[name] = null;
    try {
      await draws[name]();
    } catch {
      // The next change tries again; meanwhile the line above says how old this is.
    }
  }, wait);
}

const all = () => Object.keys(draws).forEach(draw);

function stale() {
  const silent = performance.now() - heardAt > SILENT_MS;
  const line = byId("stale");
  line.hidden = !silent;
  document.body.classList.toggle("old", silent);
  if (silent) line.textContent = `${word("ui-lost")} ${time(state?.at_us)}`;
}

async function words() {
  takeTexts(await part("texts"));
  const other = shownLanguage() === "fr" ? "en" : "fr";
  byId("language").textContent = other === "fr" ? "Français" : "English";
  byId("language").lang = other;
  document.title = "Vigie";
}

function theme(name) {
  if (name) localStorage.setItem("theme", name);
  document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "dim";
}

async function begin() {
  theme();
  prepareActs();
  prepareSearch();
  prepareTimeline();
  byId("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dim" ? "bright" : "dim"));
  byId("language").addEventListener("click", async () => {
    chooseLanguage(byId("language").lang);
    await words();
    all();
  });
  await Promise.all([words(), draws.state()]);
  showState(state);
  if (!currentLanguage()) chooseLanguage(shownLanguage());
  all();
  listen(
    (parts) => parts.forEach(draw),
    () => { heardAt = performance.now(); stale(); },
    () => { heardAt = Math.min(heardAt, performance.now() - SILENT_MS + 2000); },
  );
  setInterval(stale, 1000);
}

begin();
