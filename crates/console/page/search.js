// Searching a vehicle: how loud the suspect is there now, hotter or colder, and how old that is.

import { make, renew } from "./element.js";
import { nameOf } from "./suspects.js";
import { clock, dbm, figure, span, word } from "./words.js";

/** So many of the newest runs at this vehicle say how much the level wavers. */
const RUNS = 6;
/** So many receptions in a zone make a mean that can be compared with the next zone's. */
const ENOUGH = 10;
/** Older than this it says nothing of where we look now. */
const OLD_S = 30;
/** A smaller step than this is within what a still tag wavers. */
const STEP_DB = 4;

let options = "";

/** Makes the fields work. */
export function startSearch(show) {
  for (const id of ["search-vehicle", "search-suspect", "search-zone"]) document.getElementById(id).addEventListener("input", show);
}

function fill(select, choices) {
  const before = select.value;
  select.replaceChildren(...choices.map(([value, text]) => make("option", { value }, text)));
  if (choices.some(([value]) => value === before)) select.value = before;
}

/** Shows the level. */
export function showSearch({ alerts, sensors, state }) {
  if (!alerts) return;
  const suspects = alerts.alerts.filter((a) => a.course?.length);
  const vehicles = [...new Set([
    ...suspects.flatMap((a) => a.course.map((run) => run.vehicle)), ...(sensors?.sensors ?? []).map((s) => s.vehicle),
  ])].filter(Boolean).sort();
  const vehicle = document.getElementById("search-vehicle");
  const chosen = document.getElementById("search-suspect");
  const now = JSON.stringify([vehicles, suspects.map(nameOf)]);
  if (now !== options) {
    options = now;
    const fresh = !vehicle.value;
    fill(vehicle, vehicles.map((v) => [v, v]));
    fill(chosen, suspects.map((a) => [a.id, nameOf(a)]));
    if (fresh && suspects[0]?.vehicle) vehicle.value = suspects[0].vehicle;
  }
  const suspect = suspects.find((a) => a.id === chosen.value);
  const zone = document.getElementById("search-zone").value;
  const runs = (suspect?.course ?? []).filter((run) => run.vehicle === vehicle.value && run.level_dbm != null);
  const at = state?.at_us ?? 0;
  renew(document.getElementById("search-said"), [runs.slice(-RUNS - 1), vehicle.value, zone, chosen.value, runs.length ? Math.round((at - runs[runs.length - 1].to_us) / 1e6) : 0],
    () => heat(runs, at, vehicle.value, zone));
}

/** Seconds that this many receptions take at the pace of these runs. */
function stay(runs) {
  const heard = runs.reduce((sum, run) => sum + run.count, 0);
  const listened = runs.reduce((sum, run) => sum + run.to_us - run.from_us, 0) / 1e6;
  return heard ? Math.ceil((ENOUGH * listened) / heard / 5) * 5 : null;
}

function heat(runs, at, vehicle, zone) {
  const last = [make("p.quiet", {}, word("ui-sound-last"))];
  if (!runs.length) return [make("p", {}, word("ui-search-none")), ...last];
  const newest = runs[runs.length - 1];
  const before = runs.slice(-RUNS - 1, -1).map((run) => run.level_dbm);
  const usual = before.length ? before.reduce((a, b) => a + b, 0) / before.length : null;
  const step = usual == null ? 0 : newest.level_dbm - usual;
  const age = Math.max(0, (at - newest.to_us) / 1e6);
  const trend = age > OLD_S ? "ui-old" : step > STEP_DB && newest.level_dbm > Math.max(...before) ? "ui-hotter"
    : step < -STEP_DB && newest.level_dbm < Math.min(...before) ? "ui-colder" : "ui-same";
  const sign = { "ui-old": "?", "ui-hotter": "▲", "ui-colder": "▼", "ui-same": "=" }[trend];
  return [
    make(`p.heat${age > OLD_S ? ".is-old" : ""}`, {}, make("span.big", {}, dbm(newest.level_dbm)), make("span.trend", {}, `${sign} ${word(trend)}`)),
    make("p", {}, [vehicle, zone].filter(Boolean).join(" · ")),
    make("p", {}, word("ui-search-age", { age: span(age), at: clock(newest.to_us) })),
    make("p", {}, word("ui-search-count", { count: figure(newest.count) })),
    before.length ? make("p", {}, word("ui-search-spread", {
      least: dbm(Math.min(...before)), most: dbm(Math.max(...before)), span: span((newest.from_us - runs[Math.max(0, runs.length - 1 - RUNS)].from_us) / 1e6),
    })) : null,
    make("p", {}, word("ui-search-stay", { count: figure(ENOUGH), span: span(stay(runs.slice(-RUNS))) })),
    ...last,
  ].filter(Boolean);
}
