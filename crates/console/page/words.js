// Words and figures in the language of whoever reads.

let texts = {};
let language = "en";

export function takeTexts(given) {
  texts = given.texts;
  language = given.lang;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = word(element.dataset.text);
}

export const word = (key) => texts[key] ?? key;

const unknown = () => word("ui-unknown");

export const shownLanguage = () => language;

export function time(us) {
  if (us === null || us === undefined) return unknown();
  return new Date(us / 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function dayTime(us) {
  if (us === null || us === undefined) return unknown();
  return new Date(us / 1000).toLocaleString(language, { dateStyle: "short", timeStyle: "medium" });
}

/** Never 0 nor 100 %. */
export function percent(probability) {
  if (probability === null || probability === undefined) return unknown();
  const format = (value, digits) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(value);
  if (probability < 0.001) return `<${format(0.001, 1)}`;
  if (probability > 0.99) return `>${format(0.99, 0)}`;
  return format(probability, probability < 0.0995 ? 1 : 0);
}

export function number(value, digits = 1) {
  if (value === null || value === undefined) return unknown();
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

export function seconds(value) {
  if (value === null || value === undefined) return unknown();
  const s = Math.round(value);
  if (s < 60) return `${s}\u00a0s`;
  if (s < 3600) return `${Math.floor(s / 60)}\u00a0min${s % 60 ? ` ${s % 60}\u00a0s` : ""}`;
  return `${Math.floor(s / 3600)}\u00a0h ${Math.floor((s % 3600) / 60)}\u00a0min`;
}

/** French sets a no-break space before the colon. */
export const colon = () => (language === "fr" ? "\u00a0: " : ": ");

export const labelled = (key, value) => `${word(key)}${colon()}${value}`;
