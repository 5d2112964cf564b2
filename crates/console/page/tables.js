// What is looked up now and then: sensors, our devices, threat level, log, and the page for the next shift.

import { list, make, renew, table } from "./element.js";
import { nameOf } from "./suspects.js";
import { clock, day, figure, percent, span, word } from "./words.js";

const LOG_ROWS = 30;

function deafTable(deaf) {
  return deaf.length
    ? table(word("ui-deaf"), [word("ui-sensor"), word("ui-cause"), word("ui-from"), word("ui-to")], deaf.map((d) => [
      d.channel == null ? d.sensor : word("ui-on-channel", { sensor: d.sensor, channel: d.channel }), d.cause_text ?? d.cause ?? word("ui-unknown"), day(d.from_us), d.to_us == null ? word("ui-still") : day(d.to_us)]))
    : make("p", {}, word("ui-no-deaf"));
}

/** Sensors, and when they were deaf. */
export function showSensors({ sensors }) {
  renew(document.getElementById("sensors"), sensors, () => [
    table(word("ui-sensors-head"), [word("ui-sensor"), word("ui-vehicle"), word("ui-hears"), word("ui-heard-last"), word("ui-frames"), word("ui-channels")],
      sensors.sensors.map((s) => [s.name, s.vehicle ?? "—",
        s.hears ? `● ${word("ui-hears-yes")}` : `✕ ${word("ui-hears-no")}${s.cause_text ? ` — ${s.cause_text}` : ""}`,
        clock(s.last_heard_us), figure(s.frames),
        Object.entries(s.channels ?? {}).filter(([name, n]) => n || name !== "unknown").map(([name, n]) => `${name === "unknown" ? word("ui-unknown") : name}: ${figure(n)}`).join(" · ")])),
    make("h3", {}, word("ui-deaf")), deafTable(sensors.deaf)]);
}

/** Our own devices: presence and nothing else. */
export function showOurs({ ours }) {
  renew(document.getElementById("ours"), ours, () => [ours.ours.length
    ? table(word("ui-ours-head"), [word("ui-device"), word("ui-present")], ours.ours.map((o) => [o.name,
      o.vehicles.map((v) => `${v.vehicle ?? word("ui-unknown")}: ${span(v.present_s)}`).join(" · ") || word("ui-not-heard")]))
    : make("p", {}, word("ui-no-ours"))]);
}

/** The threat level: what it is, and what each would make of the same evidence. */
export function showThreat({ threat }) {
  renew(document.getElementById("threat"), threat, () => [
    table(word("ui-threat-head"), [word("ui-level-of-threat"), word("ui-prior"), word("ui-of-strongest")], threat.levels.map((l) => [
      l.code === threat.threat ? make("strong", {}, `▶ ${l.text} — ${word("ui-now")}`) : l.text, figure(l.prior, 6),
      l.probability_of_strongest == null ? "—" : percent(l.probability_of_strongest)])),
    threat.llr_of_strongest == null ? null : make("p", {}, word("ui-llr-of-strongest", { llr: figure(threat.llr_of_strongest, 1) })),
    make("p.quiet", {}, word("ui-threat-note"))].filter(Boolean));
}

/** Parts of the picture by the name that the page has for them; everything else is named as it is. */
function aboutOf(entry) {
  const parts = {
    state: "ui-state", alerts: "ui-suspects", tracks: "ui-map", timeline: "ui-timeline", sensors: "ui-sensors", ours: "ui-ours-head",
    threat: "ui-level-of-threat", shift: "ui-shift", log: "ui-log-head",
  };
  return Object.hasOwn(parts, entry.about) ? word(parts[entry.about]) : entry.about || "—";
}

function entries(log) {
  return table(word("ui-log-head"), [word("ui-when"), word("ui-person"), word("ui-what"), word("ui-about"), word("ui-reason")],
    log.slice(0, LOG_ROWS).map((e) => [day(e.at_us), e.who || word("ui-unknown"), e.what_text ?? e.what, aboutOf(e), [e.reason, e.detail].filter(Boolean).join(" — ") || "—"]));
}

/** Who did and who looked. */
export function showLog({ log }) {
  renew(document.getElementById("log"), log, () => [entries(log.entries)]);
}

/** One page for those who take over. */
export function showShift({ shift, state }) {
  const { at_us: _, ...still } = shift;
  renew(document.getElementById("shift"), { ...still, state: shift.state?.state }, () => {
    const now = shift.state ?? state;
    return [
      make("p.shift-state", {}, make("strong", {}, now.word), ` — ${now.headline} (${day(now.at_us)})`),
      now.simulated ? make("p", {}, make("strong", {}, word("ui-simulated"))) : null,
      make("h3", {}, word("ui-open")),
      shift.open.length ? list(shift.open.map((a) => `${nameOf(a)} — ${a.where_text} ${a.verdict?.text ?? ""} (${percent(a.probability)}, ${day(a.at_us)})`)) : make("p", {}, word("ui-none-open")),
      make("h3", {}, word("ui-mutes")),
      shift.mutes.length ? list(shift.mutes.map(mute)) : make("p", {}, word("ui-no-mutes")),
      make("h3", {}, word("ui-deaf")), deafTable(shift.deaf),
      make("h3", {}, word("ui-decisions")),
      shift.decisions.length ? entries(shift.decisions) : make("p", {}, word("ui-no-decisions")),
    ].filter(Boolean);
  });
}

function mute(m) {
  return [m.about ?? m.id, word("ui-muted-until", { at: day(m.until_us ?? m.muted_until_us) }), m.who, m.reason].filter(Boolean).join(" — ");
}

/** Prints that page alone. */
export function startShift() {
  document.getElementById("print").addEventListener("click", () => {
    document.body.classList.add("prints-shift");
    print();
    document.body.classList.remove("prints-shift");
  });
}
