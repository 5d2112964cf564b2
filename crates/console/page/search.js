// Hot and cold while a vehicle is searched: the newest level of a suspect there, how old it is and how far it may be off.

import { byId, element } from "./elements.js";
import { number, percent, seconds, word } from "./words.js";

// One reading of a level at one place strays by about so much (dB): bodies, doors and seats.
const STRAY_DB = 6;
// A suspect that sends every two seconds is missed for so long less than once in a thousand, s.
const LISTEN_S = 20;

let alerts = [];
let now = null;
let best = new Map();

export function showSearch(given, at) {
  alerts = given;
  now = at;
  const suspect = byId("search-suspect");
  choose(suspect, alerts.map((alert) => [alert.id, `${alert.id} ${alert.family_text}`]));
  const alert = alerts.find((one) => one.id === suspect.value);
  const vehicle = byId("search-vehicle");
  // The likeliest first: that is where to begin.
  const likeliest = [...(alert?.vehicles ?? [])].sort((a, b) => b.probability - a.probability);
  choose(vehicle, likeliest.map((one) => [one.name, `${one.name} ${percent(one.probability)}`]));
  show(alert, vehicle.value);
}

function choose(select, options) {
  const before = select.value;
  if (options.flat().join() === [...select.options].flatMap((o) => [o.value, o.text]).join()) return;
  select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  if (options.some(([value]) => value === before)) select.value = before;
}

function show(alert, vehicle) {
  const level = byId("search-level");
  const note = byId("search-note");
  const heard = (alert?.course ?? []).filter((one) => one.vehicle === vehicle && one.level_dbm !== null);
  const newest = heard.reduce((a, b) => (!a || b.to_us > a.to_us ? b : a), null);
  if (!alert || !newest) {
    level.textContent = word(alert ? "ui-search-unheard" : "ui-no-suspects");
    delete level.dataset.heat;
    note.textContent = "";
    return;
  }
  const age = Math.max(0, (now - newest.to_us) / 1e6);
  const key = `${alert.id} ${vehicle} ${byId("search-zone").value.trim()}`;
  best.set(key, Math.max(best.get(key) ?? -200, newest.level_dbm));
  const heat = age > 60 ? "old" : newest.level_dbm > -55 ? "hot" : newest.level_dbm > -70 ? "warm" : "cold";
  level.dataset.heat = heat;
  level.textContent = `${word(`ui-heat-${heat}`)}  ${number(newest.level_dbm, 0)} dBm ± ${STRAY_DB}`;
  const left = Math.max(0, LISTEN_S - newest.count * 2);
  note.textContent = `${word("ui-search-age")} ${seconds(age)}. ${word("ui-search-best")} ${number(best.get(key), 0)} dBm. ${left > 0 ? `${word("ui-search-wait")} ${seconds(left)}. ` : ""}${word("ui-search-sound-last")}`;
}

export function prepareSearch() {
  for (const id of ["search-suspect", "search-vehicle", "search-zone"]) byId(id).addEventListener("change", () => showSearch(alerts, now));
}
