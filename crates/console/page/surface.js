// What belongs to the page as a whole: theme, language, cover, and that the connection is lost.

import { clock, languageNow, word } from "./words.js";

const THEMES = ["auto", "dim", "bright"];

/** When the picture was last heard, and saying that it no longer is. */
export const lostSince = {
  heard: Date.now(),
  up: true,
  say(connected) {
    this.up = connected;
    const lost = document.getElementById("lost");
    document.body.classList.toggle("is-lost", !connected);
    lost.hidden = connected;
    lost.textContent = connected ? "" : word("ui-lost", { at: clock(this.heard * 1000) });
  },
};

/** Says that nothing new has come since then; `null`: something has. */
export function standstill(at_us) {
  const still = document.getElementById("still");
  still.hidden = at_us == null;
  const text = at_us == null ? "" : word("ui-standstill", { at: clock(at_us) });
  if (still.textContent !== text) still.textContent = text;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("vigie.theme", theme);
}

/** Makes the buttons at the top work. */
export function startSurface() {
  const stored = localStorage.getItem("vigie.theme");
  setTheme(THEMES.includes(stored) ? stored : "auto");
  document.getElementById("theme").addEventListener("click", () => {
    const bright = getComputedStyle(document.documentElement).getPropertyValue("--bright").trim() === "1";
    setTheme(bright ? "dim" : "bright");
    dispatchEvent(new Event("resize"));
  });
  const language = document.getElementById("language");
  const other = languageNow() === "fr" ? "en" : "fr";
  language.textContent = other === "fr" ? "Français" : "English";
  language.lang = other;
  language.addEventListener("click", () => {
    localStorage.setItem("vigie.lang", other);
    const address = new URL(location.href);
    address.searchParams.delete("lang");
    location.assign(address);
  });
  document.getElementById("cover-it").addEventListener("click", () => document.getElementById("cover").showModal());
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.getElementById("zone").textContent = word("ui-zone-of-time", { zone });
}
