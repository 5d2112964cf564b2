// Suspects as cards: where, how sure, why and why not, what was decided.

import { byId, element, fill } from "./elements.js";
import { ask } from "./acts.js";
import { dayTime, labelled, number, percent, word } from "./words.js";

export function showSuspects(alerts, role) {
  byId("no-suspects").hidden = alerts.length > 0;
  // A card that is open stays open when the list is drawn anew, and the focus where it was.
  const focused = document.activeElement?.dataset?.focus;
  const open = new Set([...document.querySelectorAll("#suspect-cards details[open]")].map((d) => d.dataset.key));
  fill("suspect-cards", ...alerts.map((alert) => card(alert, role, open)));
  if (focused) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function card(alert, role, open) {
  const reasons = (supports) => alert.reasons.filter((reason) => reason.supports === supports);
  const list = (items) => element("ul", {}, ...items.map((reason) => element("li", {}, reason.text)));
  const details = (key, ...children) => {
    const name = `${alert.id} ${key}`;
    return element("details", { "data-key": name, open: open.has(name) }, element("summary", { "data-focus": name }, word(key)), ...children);
  };
  return element(
    "article",
    { class: alert.acknowledged || alert.ours ? "card known" : "card", "aria-labelledby": `title-${alert.id}`, "data-alert": alert.id, "data-at": alert.at_us },
    element("h3", { id: `title-${alert.id}` }, element("span", { class: "shape", "aria-hidden": "true" }, "▲"), ` ${alert.family_text} (${alert.id})`),
    element("p", { class: "where" }, alert.where_text),
    element("p", {}, `${labelled("ui-verdict", alert.verdict.text)} · ${labelled("ui-alert-at", dayTime(alert.at_us))}`),
    vehicles(alert),
    list(reasons(true)),
    reasons(false).length ? element("div", {}, element("h4", {}, word("ui-against")), list(reasons(false))) : null,
    said(alert),
    details(
      "ui-evidence",
      element("p", {}, `${labelled("ui-llr", number(alert.llr))} (${alert.analyzer})`),
      element("p", {}, `${labelled("ui-prior", percent(alert.prior))} · ${labelled("ui-probability", percent(alert.probability))}`),
      element("p", {}, word("ui-evidence-how")),
      element("p", {}, labelled("ui-first-heard", dayTime(alert.first_seen_us))),
      element("p", {}, alert.identifiers_counted ? labelled("ui-keys-counted", number(alert.identifiers_counted, 0)) : labelled("ui-identifiers", alert.identifiers.join(", "))),
    ),
    role === "look" ? null : element(
      "p",
      { class: "settings acts" },
      ...["acknowledge", alert.muted_until_us ? "unmute" : "mute", "ours"].map((what) =>
        element("button", { type: "button", "data-focus": `${alert.id} ${what}`, onclick: () => ask(what, alert.id) }, word(`ui-${what}`))),
    ),
  );
}

function vehicles(alert) {
  const shares = [...alert.vehicles.map((one) => [one.name, one.probability])];
  if (alert.outside !== null && alert.outside !== undefined) shares.push([word("ui-outside"), alert.outside]);
  const likely = shares.filter(([, p]) => p >= 0.01).sort((a, b) => b[1] - a[1]).slice(0, 4);
  if (!likely.length) return null;
  return element(
    "dl",
    { class: "shares" },
    ...likely.flatMap(([name, p]) => [
      element("dt", {}, name),
      element("dd", {}, element("meter", { min: "0", max: "1", value: String(p), "aria-label": name }), ` ${percent(p)}`),
    ]),
  );
}

function said(alert) {
  const lines = [];
  if (alert.acknowledged) lines.push(`${word("ui-acknowledged")}: ${alert.acknowledged.who}, ${dayTime(alert.acknowledged.at_us)}${alert.acknowledged.reason ? ` — ${alert.acknowledged.reason}` : ""}`);
  if (alert.muted_until_us) lines.push(labelled("ui-muted-until", dayTime(alert.muted_until_us)));
  if (alert.ours) lines.push(word("ui-called-ours"));
  return lines.length ? element("ul", { class: "said" }, ...lines.map((line) => element("li", {}, line))) : null;
}
