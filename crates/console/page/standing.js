// Sensors and deaf time, our own devices, the threat level, and what the next shift must know.

import { element, fill, table } from "./elements.js";
import { colon, dayTime, number, percent, seconds, word } from "./words.js";

export function showSensors({ sensors, deaf }) {
  table(
    "sensor-table",
    ["ui-sensor", "ui-vehicle", "ui-hears", "ui-last-heard", "ui-frames", "ui-channels"].map(word),
    sensors.map((one) => [
      one.name,
      one.vehicle ?? word("ui-unknown"),
      one.hears ? `✓ ${word("ui-yes")}` : `✗ ${word("ui-no")} — ${one.cause_text ?? word("ui-unknown")}`,
      one.last_heard_us === null ? word("ui-never") : dayTime(one.last_heard_us),
      number(one.frames, 0),
      one.channels ? ["37", "38", "39"].map((c) => `${c}: ${number(one.channels[c], 0)}`).join("  ") : word("ui-unknown"),
    ]),
  );
  fill("deaf", ...deaf.slice(0, 100).map((spell) => element("li", {}, spellText(spell))));
  if (!deaf.length) fill("deaf", element("li", {}, word("ui-none")));
}

function spellText(spell) {
  const until = spell.to_us === null ? word("ui-lasts") : `${dayTime(spell.to_us)} (${seconds((spell.to_us - spell.from_us) / 1e6)})`;
  return `${spell.sensor}${spell.channel ? ` (${spell.channel})` : ""}, ${dayTime(spell.from_us)} – ${until}${colon()}${spell.cause_text}`;
}

export function showOurs({ ours }) {
  const one = (device) => {
    const where = device.vehicles.map((v) => `${v.vehicle} ${seconds(v.present_s)}`).join(", ");
    return element("li", {}, `${device.name}${colon()}${where || word("ui-unknown")}`);
  };
  fill("ours-list", ...(ours.length ? ours.map(one) : [element("li", {}, word("ui-none"))]));
}

export function showThreat(threat) {
  table(
    "threat-table",
    ["ui-level-of-threat", "ui-prior", "ui-would-be"].map(word),
    threat.levels.map((level) => [
      level.code === threat.threat ? `▶ ${level.text}` : level.text,
      level.prior === null ? word("ui-nothing-found") : percent(level.prior),
      level.probability_of_strongest === null ? word("ui-nothing-found") : percent(level.probability_of_strongest),
    ]),
  );
}

export function showShift(shift) {
  const none = () => [element("li", {}, word("ui-none"))];
  const open = shift.open.map((alert) => element("li", {}, `${alert.id}, ${alert.family_text}, ${dayTime(alert.at_us)}${colon()}${alert.where_text}`));
  const mutes = shift.mutes.map((mute) => element("li", {}, `${mute.about} – ${dayTime(mute.until_us)}, ${mute.who}${colon()}${mute.reason}`));
  fill("shift-open", ...(open.length ? open : none()));
  fill("shift-mutes", ...(mutes.length ? mutes : none()));
}

export function showLog({ entries }) {
  const one = (entry) => element("li", {}, `${dayTime(entry.at_us)}, ${entry.who}${colon()}${entry.what_text}${entry.about ? ` ${entry.about}` : ""}${entry.reason ? ` — ${entry.reason}` : ""}`);
  fill("log", ...entries.slice(0, 100).map(one));
}
