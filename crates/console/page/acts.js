// Acts of people: each with a name, where it matters a reason, and a limit in time.

import { byId, element } from "./elements.js";
import { post } from "./server.js";
import { labelled, word } from "./words.js";

let asked = null;
const FIELDS = {
  acknowledge: ["reason"],
  mute: ["reason", "hours"],
  unmute: ["reason"],
  ours: ["reason", "confirm"],
  officer_alert: ["reason", "time"],
  note: ["reason"],
  link: ["role", "hours"],
};

/** Opens the dialog for an act; `about` an alert, where it is about one. */
export function ask(what, about = "") {
  asked = { what, about };
  const key = what.replace("_", "-");
  byId("act-title").textContent = about ? `${word(`ui-${key}`)} — ${about}` : word(`ui-${key}`);
  byId("act-says").textContent = word(`ui-${key}-says`);
  byId("act-do").textContent = word(`ui-${key}`);
  byId("act-answer").textContent = "";
  byId("act-reason").value = "";
  byId("act-confirm").checked = false;
  byId("act-who").value = sessionStorage.getItem("who") ?? "";
  byId("act-hours").value = what === "link" ? "12" : "1";
  byId("act-time").value = local(Date.now());
  for (const field of ["reason", "hours", "confirm", "time", "role"]) byId(`act-${field}-label`).hidden = !FIELDS[what].includes(field);
  byId("act-role").replaceChildren(...["look", "act", "administer"].map((role) => element("option", { value: role }, word(`ui-role-${role}`))));
  byId("act").showModal();
}

const local = (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16);

export function prepareActs() {
  byId("act-cancel").addEventListener("click", () => byId("act").close());
  byId("officer").addEventListener("click", () => ask("officer_alert"));
  byId("note").addEventListener("click", () => ask("note"));
  byId("link").addEventListener("click", () => ask("link"));
  byId("print").addEventListener("click", () => print());
  byId("act").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const who = byId("act-who").value.trim();
    sessionStorage.setItem("who", who);
    const { what, about } = asked;
    const hours = Number(byId("act-hours").value);
    const sent = what === "link"
      ? await post("links", { role: byId("act-role").value, who, hours })
      : await post("acts", act(what, about, who, hours));
    if (!sent.ok) {
      byId("act-answer").textContent = sent.body.text ?? word("ui-not-done");
      return;
    }
    if (what === "link") {
      // Shown once: whoever has it may use it.
      byId("act-answer").textContent = labelled("ui-link-made", sent.body.url);
      return;
    }
    byId("act").close();
  });
}

function act(what, about, who, hours) {
  const body = { what, about, who, reason: byId("act-reason").value.trim() };
  if (what === "mute") body.until_us = Math.round((Date.now() + hours * 3600e3) * 1000);
  if (what === "officer_alert") body.at_us = new Date(byId("act-time").value).getTime() * 1000;
  if (what === "ours") body.confirm = byId("act-confirm").checked;
  return body;
}
