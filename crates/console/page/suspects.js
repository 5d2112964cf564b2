// The suspects, one card each.

import { list, make, renew, table, terms } from "./element.js";
import { clock, day, dbm, figure, percent, span, word } from "./words.js";
import { openAct } from "./acts.js";

/** So many cards are unfolded by themselves. */
const UNFOLDED = 2;
/** So many cards are drawn; how many more there are is said. */
const DRAWN = 40;

/** Shows the cards. */
export function showSuspects({ alerts, state }) {
  const all = alerts.alerts;
  renew(document.getElementById("cards"), [all, state?.role], () => {
    if (!all.length) return [make("p.quiet", {}, word("ui-no-suspects"))];
    const cards = all.slice(0, DRAWN).map((alert, i) => card(alert, i < UNFOLDED));
    if (all.length > DRAWN) cards.push(make("p", {}, word("ui-more-suspects", { count: figure(all.length - DRAWN) })));
    return cards;
  });
}

/** What a suspect is called on the page. */
export function nameOf(alert) {
  return `${alert.family_text ?? word("ui-unknown-device")} · ${alert.id}`;
}

function muted(alert) {
  return alert.muted_until_us != null && alert.muted_until_us > Date.now() * 1000;
}

function card(alert, unfolded) {
  const head = `card-${alert.id}`;
  const quiet = alert.acknowledged || alert.ours || muted(alert);
  return make(`article.card${quiet ? ".is-quiet" : ""}`, { "aria-labelledby": head, "data-alert": alert.id, "data-at": alert.at_us },
    make("h3", { id: head }, nameOf(alert)),
    make("p.where", {}, alert.where_text),
    make("p", {}, `${alert.verdict?.text ?? word("ui-unknown")} — ${percent(alert.probability)}`),
    make("p.quiet", {}, word("ui-heard-from-to", {
      from: clock(alert.first_seen_us), to: clock(alert.last_seen_us), at: clock(alert.at_us),
      span: span((alert.at_us - alert.first_seen_us) / 1e6),
    })),
    said(alert),
    vehicles(alert),
    make("details", { open: unfolded, "data-key": `why-${alert.id}` },
      make("summary", {}, word("ui-reasons")),
      reasons(alert),
      evidence(alert)),
    acts(alert));
}

function said(alert) {
  const texts = [];
  if (alert.acknowledged) {
    texts.push(word("ui-acknowledged", { who: alert.acknowledged.who, at: day(alert.acknowledged.at_us), reason: alert.acknowledged.reason ?? "" }));
  }
  if (muted(alert)) texts.push(word("ui-muted-until", { at: day(alert.muted_until_us) }));
  if (alert.ours) texts.push(word("ui-called-ours"));
  return texts.length ? list(texts) : null;
}

/** Newest level at each vehicle. */
export function newestLevels(alert) {
  const newest = new Map();
  for (const run of alert.course ?? []) {
    if (run.vehicle && !(newest.get(run.vehicle)?.to_us > run.to_us)) newest.set(run.vehicle, run);
  }
  return newest;
}

function bar(p) {
  const inner = make("span", {});
  inner.style.width = `${Math.max(0, Math.min(1, p ?? 0)) * 100}%`;
  return make("span.bar", { "aria-hidden": "true" }, inner);
}

function vehicles(alert) {
  const levels = newestLevels(alert);
  const rows = (alert.vehicles ?? []).map((v) => {
    const run = levels.get(v.name);
    return [v.name, make("span.with-bar", {}, bar(v.probability), percent(v.probability)), run ? dbm(run.level_dbm) : "—", run ? clock(run.to_us) : "—"];
  });
  if (alert.outside != null) rows.push([word("ui-outside"), make("span.with-bar", {}, bar(alert.outside), percent(alert.outside)), "", ""]);
  if (!rows.length) return null;
  return table(word("ui-by-vehicle"), [word("ui-vehicle"), word("ui-probability"), word("ui-level"), word("ui-heard-at")], rows);
}

function reasons(alert) {
  const of = (supports) => alert.reasons.filter((r) => r.supports === supports).map((r) => r.text);
  const half = (key, texts) => make("div", {}, make("h4", {}, word(key)), texts.length ? list(texts) : make("p", {}, word("ui-nothing-known")));
  return make("div.halves", {}, half("ui-for", of(true)), half("ui-against", of(false)));
}

function evidence(alert) {
  return make("div", {},
    make("h4", {}, word("ui-evidence")),
    terms([
      [word("ui-llr"), `${figure(alert.llr, 1)} (${alert.analyzer})`],
      [word("ui-prior"), alert.prior == null ? null : figure(alert.prior, 6)],
      [word("ui-both"), percent(alert.probability)],
      [word("ui-identifiers"), alert.identifiers?.length ? alert.identifiers.join(", ") : null],
      [word("ui-counted"), alert.identifiers_counted == null ? null : figure(alert.identifiers_counted)],
    ]),
    make("p.quiet", {}, word("ui-evidence-note")));
}

function acts(alert) {
  const button = (what, key) => make("button", {
    type: "button", "data-key": `${what}-${alert.id}`, on: { click: () => openAct(what, alert) },
  }, word(key));
  return make("div.row.acts", {},
    alert.acknowledged ? null : button("acknowledge", "ui-acknowledge"),
    muted(alert) ? button("unmute", "ui-unmute") : button("mute", "ui-mute"),
    alert.ours ? null : button("ours", "ui-ours"));
}
