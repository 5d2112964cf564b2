// Words and figures in the language of the reader. All words come from the server.

let texts = {};
let language = "en";

/** The language asked for by the reader, or null: the program's own. */
export function askedLanguage() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("vigie.lang");
  return asked === "en" || asked === "fr" ? asked : null;
}

/** Takes the page's words and sets those that stand in the page itself. */
export function takeTexts(answer) {
  texts = answer.texts;
  language = answer.lang;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = word(node.dataset.text);
  }
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
  }
}

/** A text with its variables filled. */
export function word(key, values = {}) {
  const text = texts[key] ?? `[${key}]`;
  return text.replace(/\{\s*\$(\w+)\s*\}/g, (whole, name) => values[name] ?? whole);
}

export function languageNow() {
  return language;
}

const format = (options) => new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", options);

/** HH:MM:SS where the reader is. */
export function clock(us) {
  if (us == null) return word("ui-unknown");
  return format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(us / 1000);
}

/** HH:MM. */
export function minute(us) {
  return format({ hour: "2-digit", minute: "2-digit" }).format(us / 1000);
}

/** Day and time. */
export function day(us) {
  if (us == null) return word("ui-unknown");
  return format({ day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(us / 1000);
}

/** 3 min 20 s. */
export function span(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return word("ui-unknown");
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}\u00a0s`;
  if (s < 3600) return `${Math.floor(s / 60)}\u00a0min\u00a0${s % 60}\u00a0s`;
  return `${Math.floor(s / 3600)}\u00a0h\u00a0${Math.floor((s % 3600) / 60)}\u00a0min`;
}

/** A figure as it is written here. */
export function figure(value, digits = 0) {
  if (value == null) return word("ui-unknown");
  return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: digits }).format(value);
}

/** A probability, never rounded to certain. */
export function percent(p) {
  if (p == null) return word("ui-unknown");
  const space = language === "fr" ? "\u202f" : "";
  if (p > 0.99 && p < 1) return `>\u00a099${space}%`;
  if (p > 0 && p < 0.01) return `<\u00a01${space}%`;
  return `${Math.round(p * 100)}${space}%`;
}

/** A level in dBm with a real minus sign. */
export function dbm(level) {
  return level == null ? word("ui-unknown") : `${figure(Math.round(level)).replace("-", "\u2212")}\u00a0dBm`;
}
