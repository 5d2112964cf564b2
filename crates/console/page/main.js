// Starts the page, fetches what changed and hands it to whoever shows it.

import { showGlance } from "./glance.js";
import { showSuspects } from "./suspects.js";
import { showMap } from "./map.js";
import { showTimeline, startTimeline } from "./timeline.js";
import { showSearch, startSearch } from "./search.js";
import { showLog, showOurs, showSensors, showShift, showThreat, startShift } from "./tables.js";
import { startActs } from "./acts.js";
import { startSurface, lostSince } from "./surface.js";
import { listen, part } from "./server.js";
import { askedLanguage, takeTexts } from "./words.js";

const picture = {};
const show = {
  state: () => showGlance(picture),
  alerts: () => {
    showSuspects(picture);
    showSearch(picture);
  },
  tracks: () => showMap(picture),
  timeline: () => showTimeline(picture),
  sensors: () => {
    showSensors(picture);
    showSearch(picture);
  },
  ours: () => showOurs(picture),
  threat: () => showThreat(picture),
  shift: () => showShift(picture),
  log: () => showLog(picture),
};
/** What is asked for at once; the rest may wait a little, so that the first never waits for it. */
const FIRST = ["state", "alerts"];
const LATER_MS = 1000;
/** What has no change of its own: asked for again when one of these changes. */
const FOLLOWS = { alerts: ["threat", "shift"], log: ["shift"], sensors: ["shift"] };

const wanted = new Set();
let busy = false;
let laterAt = 0;
let timer = null;

async function work() {
  if (busy) return;
  busy = true;
  try {
    for (;;) {
      const first = FIRST.find((name) => wanted.has(name));
      const next = first ?? (performance.now() >= laterAt ? [...wanted][0] : undefined);
      if (!next) break;
      wanted.delete(next);
      try {
        picture[next] = await part(next);
        lostSince.heard = Date.now();
        show[next]();
      } catch (problem) {
        wanted.add(next);
        throw problem;
      }
      if (!wanted.size) laterAt = performance.now() + LATER_MS;
    }
  } catch (problem) {
    console.warn(problem.message);
    laterAt = performance.now() + LATER_MS;
  } finally {
    busy = false;
  }
  if (wanted.size) {
    clearTimeout(timer);
    timer = setTimeout(work, Math.max(50, laterAt - performance.now()));
  }
}

/** Asks for these parts again. */
export function want(parts) {
  for (const name of parts) {
    if (name in show) wanted.add(name);
    for (const follower of FOLLOWS[name] ?? []) wanted.add(follower);
  }
  work();
}

async function start() {
  const [texts, state] = await Promise.all([part("texts"), part("state")]);
  takeTexts(texts);
  picture.state = state;
  lostSince.heard = Date.now();
  startSurface();
  showGlance(picture);
  performance.mark("first-state");
  startActs(picture, () => want(["state", "alerts", "log"]));
  startTimeline();
  startSearch(() => showSearch(picture));
  startShift();
  want(Object.keys(show));
  listen({
    changed: want,
    connected(now) {
      lostSince.say(now);
      if (now) want(Object.keys(show));
    },
  });
}

if (askedLanguage()) document.documentElement.lang = askedLanguage();
start().catch((problem) => {
  document.getElementById("headline").textContent = problem.message;
  setTimeout(() => location.reload(), 5000);
});
