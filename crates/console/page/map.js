// The convoy and where each suspect was heard, on a map that needs no network and no WebGL.

import { list, renew } from "./element.js";
import { colourOf, dashOf } from "./palette.js";
import { part } from "./server.js";
import { clock, dbm, figure, word } from "./words.js";

/** A drawing that took long is not done anew before this many times as long has passed. */
const REST = 20;
/** So many points of suspects are drawn in all, and so many of them say when and how loud. */
const POINTS = 2500;
const TOLD_POINTS = 600;
/** Of land and borders only what lies so near is drawn. */
const NEAR_DEGREES = 12;
/** So many suspects are drawn; the newest first. */
const DRAWN = 20;
/** So many are told of in words. */
const TOLD = 8;

/** Leaflet, once it is there; it is asked for only after the state is shown. */
let L = null;
let asking = null;
let latest = null;
let map = null;
let drawn = null;
let moved = false;
let coastAsked = false;
let ownMove = false;

function start() {
  map = L.map("map", {
    preferCanvas: true, attributionControl: true, zoomControl: true, zoomAnimation: false, fadeAnimation: false,
    markerZoomAnimation: false, inertia: false, worldCopyJump: false, keyboard: true, maxZoom: 19,
  });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  L.control.scale({ imperial: false }).addTo(map);
  map.setView([46.6, 2.4], 5);
  map.on("movestart zoomstart", () => {
    if (!ownMove) moved = true;
  });
  new ResizeObserver(() => map.invalidateSize()).observe(document.getElementById("map"));
}

/** Shows tracks and suspects. */
export function showMap({ tracks }) {
  latest = tracks;
  ask();
  const said = tracks.suspects.slice(0, TOLD).filter((s) => s.points.length).map((suspect) => {
    const last = suspect.points[suspect.points.length - 1];
    return word("ui-map-suspect", { id: suspect.id, count: figure(suspect.points.length), at: clock(last[0]), level: dbm(last[3]) });
  });
  for (const last of tracks.last) {
    said.unshift(word("ui-map-last", {
      vehicle: last.vehicle ?? word("ui-convoy"), at: clock(last.at_us), lat: figure(last.lat, 5), lon: figure(last.lon, 5),
    }));
  }
  renew(document.getElementById("map-said"), said, () => [list(said.length ? said : [word("ui-no-positions")])]);
}

function ask() {
  asking ??= new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = "/page/vendor/leaflet/leaflet.js";
    script.addEventListener("load", loaded);
    script.addEventListener("error", failed);
    document.head.append(script);
  }).then(() => {
    L = globalThis.L;
    start();
  });
  asking.then(drawSoon, () => (document.getElementById("map").hidden = true));
}

let restUntil = 0;
let timer = null;

function drawSoon() {
  const now = performance.now();
  clearTimeout(timer);
  if (now < restUntil) {
    timer = setTimeout(drawSoon, restUntil - now);
    return;
  }
  draw(latest);
  restUntil = performance.now() + REST * (performance.now() - now);
}

function draw(tracks) {
  const layers = [];
  const bounds = L.latLngBounds([]);
  tracks.tracks.forEach((track, i) => {
    const points = track.points.map(([, lat, lon]) => [lat, lon]);
    if (!points.length) return;
    bounds.extend(L.latLngBounds(points));
    layers.push(L.polyline(points, { color: colourOf(i), weight: 3, opacity: 0.8, dashArray: dashOf(i), interactive: false, smoothFactor: 1.5 }));
  });
  const suspects = tracks.suspects.slice(0, DRAWN);
  const all = suspects.reduce((sum, suspect) => sum + suspect.points.length, 0);
  const told = all <= TOLD_POINTS;
  suspects.forEach((suspect) => {
    for (const [at, lat, lon, level] of thinned(suspect.points, Math.ceil(all / POINTS))) {
      // Louder is larger and fuller: between -100 and -50 dBm.
      const loud = Math.max(0, Math.min(1, ((level ?? -100) + 100) / 50));
      const point = L.circleMarker([lat, lon], {
        interactive: told, radius: 3 + 6 * loud, color: "#ff9d7a", weight: 1, opacity: 0.9, fillColor: "#ff6f4a", fillOpacity: 0.15 + 0.6 * loud,
      });
      layers.push(told ? point.bindTooltip(() => `${suspect.id} · ${clock(at)} · ${dbm(level)}`) : point);
    }
  });
  tracks.last.forEach((last) => {
    const i = Math.max(0, tracks.tracks.findIndex((t) => t.vehicle === last.vehicle));
    layers.push(L.circleMarker([last.lat, last.lon], { radius: 7, color: "#fff", weight: 2, fillColor: colourOf(i), fillOpacity: 1, interactive: false })
      .bindTooltip(last.vehicle ?? word("ui-convoy"), { permanent: true, direction: "right", offset: [8, 0], className: "here" }));
    bounds.extend([last.lat, last.lon]);
  });
  drawn?.remove();
  drawn = L.layerGroup(layers).addTo(map);
  if (bounds.isValid()) {
    if (!moved) {
      ownMove = true;
      map.fitBounds(bounds.pad(0.08), { maxZoom: 16, animate: false });
      ownMove = false;
    }
    showCoast(bounds.getCenter());
  }
}

function thinned(points, step) {
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

async function showCoast(centre) {
  if (coastAsked) return;
  coastAsked = true;
  try {
    const coast = await part("coast");
    const near = ([lon, lat]) => Math.abs(lon - centre.lng) < NEAR_DEGREES && Math.abs(lat - centre.lat) < NEAR_DEGREES;
    for (const feature of coast.features) {
      const lines = feature.geometry.coordinates.filter((line) => line.some(near));
      const border = feature.properties.kind !== "coast";
      L.polyline(lines.map((line) => line.map(([lon, lat]) => [lat, lon])), {
        color: border ? "#7c8791" : "#6f93ab", weight: border ? 1 : 1.5, dashArray: border ? "4 4" : null, interactive: false,
      }).addTo(map).bringToBack();
    }
  } catch (problem) {
    coastAsked = false;
    console.warn(problem.message);
  }
}
