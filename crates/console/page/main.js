// Starts the page, fetches what changed and hands it to whoever shows it.

import { showGlance } from "./glance.js";
import { showSuspects } from "./suspects.js";
import { showMap } from "./map.js";
import { showTimeline, startTimeline } from "./timeline.js";
import { showSearch, startSearch } from "./search.js";
import { showLog, showOurs, showSensors, showShift, showThreat, startShift } from "./tables.js";
import { startActs } from "./acts.js";
import { startSurface, lostSince, standstill } from "./surface.js";
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
/** A live picture that has not moved for so long is said not to be live. */
const STILL_MS = 30_000;
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

/** A live picture that stands still is asked for again, and then said to stand still. */
function watchForStandstill() {
  let last = { at: null, seen: performance.now() };
  setInterval(() => {
    const { state } = picture;
    const still = performance.now() - last.seen;
    if (state.at_us !== last.at || !state.live || state.ended) {
      last = { at: state.at_us, seen: performance.now() };
      standstill(null);
    } else if (still > STILL_MS) {
      standstill(state.at_us);
    }
    if (still > STILL_MS / 2 && state.live && !state.ended) want(["state"]);
  }, STILL_MS / 6);
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
  watchForStandstill();
  want(Object.keys(show).filter((name) => name !== "state"));
  listen({
    changed: want,
    connected(now) {
      const back = now && !lostSince.up;
      lostSince.say(now);
      if (now) want(back ? Object.keys(show) : ["state"]);
    },
  });
}

if (askedLanguage()) document.documentElement.lang = askedLanguage();
start().catch((problem) => {
  document.getElementById("headline").textContent = problem.message;
  setTimeout(() => location.reload(), 5000);
});
