// The convoy's tracks and where each suspect was heard. Drawn on a canvas: it needs no graphics card and no network.
/* global L */

import { byId } from "./elements.js";
import { part } from "./server.js";
import { labelled, number, time, word } from "./words.js";

const COLOURS = ["#4cc9f0", "#f4a261", "#90be6d", "#c77dff", "#f9c74f", "#ff8fa3", "#a8dadc", "#cdb4db"];
let map = null;
let drawn = null;
// Whoever moved the map keeps what they chose.
let moved = false;

function begin() {
  map = L.map("map", { preferCanvas: true, zoomControl: true, attributionControl: true, zoomAnimation: false, fadeAnimation: false });
  map.attributionControl.setPrefix("").addAttribution("Natural Earth");
  map.setView([46, 6], 5);
  for (const kind of ["pointerdown", "wheel", "keydown"]) byId("map").addEventListener(kind, () => { moved = true; });
  L.control.scale({ imperial: false }).addTo(map);
  drawn = L.layerGroup().addTo(map);
  part("coast").then((coast) => {
    L.geoJSON(coast, { interactive: false, style: (f) => ({ color: f.properties.kind === "coast" ? "#5d7085" : "#3f4d5c", weight: 1 }) }).addTo(map).bringToBack?.();
  }).catch(() => {});
}

export function showTracks(tracks) {
  if (!map) begin();
  byId("map").setAttribute("aria-label", word("ui-map"));
  drawn.clearLayers();
  const everywhere = [];
  tracks.tracks.forEach((track, n) => {
    const line = track.points.map(([, lat, lon]) => [lat, lon]);
    everywhere.push(...line);
    L.polyline(line, { color: COLOURS[n % COLOURS.length], weight: 3, opacity: 0.8 }).bindTooltip(track.vehicle ?? word("ui-convoy")).addTo(drawn);
  });
  for (const suspect of tracks.suspects) {
    for (const [at, lat, lon, level] of suspect.points) {
      const words = document.createElement("span");
      words.textContent = `${suspect.id}, ${time(at)}, ${level === null ? word("ui-unknown") : `${number(level, 0)} dBm`}`;
      L.circleMarker([lat, lon], { radius: radius(level), color: "#ffd166", weight: 1, fillOpacity: 0.35 }).bindTooltip(words).addTo(drawn);
    }
  }
  for (const last of tracks.last) {
    L.circleMarker([last.lat, last.lon], { radius: 7, color: "#ffffff", weight: 2, fillOpacity: 0.9, fillColor: "#277da1" })
      .bindTooltip(`${last.vehicle ?? word("ui-convoy")}, ${time(last.at_us)}`).addTo(drawn);
  }
  if (everywhere.length > 1 && !moved) map.fitBounds(L.latLngBounds(everywhere).pad(0.2), { animate: false });
  const heard = tracks.suspects.map((suspect) => `${suspect.id}${"\u00a0"}× ${suspect.points.length}`).join(", ");
  byId("map-summary").textContent = tracks.last.length || tracks.tracks.length
    ? `${labelled("ui-map-heard", heard || word("ui-nothing"))}. ${word("ui-map-base")}`
    : word("ui-no-positions");
}

const radius = (level) => (level === null ? 4 : Math.max(3, Math.min(11, (level + 100) / 5)));
