// What a person does: acknowledge, mute, "ours", a phone's alert, a note, a link. Each is asked for, sent, and logged.

import { make } from "./element.js";
import { send } from "./server.js";
import { day, word } from "./words.js";

const MINUTES = [15, 60, 240, 720, 1440];
let done = () => {};
let opener = null;

const KINDS = {
  acknowledge: { head: "ui-acknowledge", says: "ui-acknowledge-says" },
  mute: { head: "ui-mute", says: "ui-mute-says", reason: true, until: true },
  unmute: { head: "ui-unmute", says: "ui-unmute-says", reason: true },
  ours: { head: "ui-ours", says: "ui-ours-says", reason: true, confirm: true },
  officer_alert: { head: "ui-officer-alert", says: "ui-officer-alert-says", at: true },
  note: { head: "ui-note", says: "ui-note-says", reason: true },
  link: { head: "ui-link", says: "ui-link-says", link: true },
};

/** Makes the buttons that belong to no suspect work. */
export function startActs(picture, whenDone) {
  done = whenDone;
  document.getElementById("officer").addEventListener("click", () => openAct("officer_alert"));
  document.getElementById("note").addEventListener("click", () => openAct("note"));
  document.getElementById("link").addEventListener("click", () => openAct("link"));
  document.getElementById("act").addEventListener("close", () => {
    const again = opener?.dataset.key ? document.querySelector(`[data-key="${CSS.escape(opener.dataset.key)}"]`) : opener;
    again?.focus();
  });
}

function labelled(key, field) {
  return make("label", {}, make("span", {}, word(key)), field);
}

function localNow() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** Asks for what an act needs. */
export function openAct(what, alert = null) {
  const kind = KINDS[what];
  opener = document.activeElement;
  const dialog = document.getElementById("act");
  const problem = make("p.problem", { role: "alert" });
  const who = make("input", { name: "who", required: true, maxlength: "60", autocomplete: "off", value: sessionStorage.getItem("vigie.who") ?? "" });
  const reason = kind.link ? null : make("textarea", { name: "reason", rows: "2", maxlength: "500", required: kind.reason });
  const until = kind.until ? make("select", { name: "until" }, ...MINUTES.map((m) =>
    make("option", { value: m, selected: m === 60 }, m < 60 ? `${m}\u00a0min` : `${m / 60}\u00a0h`))) : null;
  const at = kind.at ? make("input", { name: "at", type: "datetime-local", required: true, value: localNow() }) : null;
  const confirm = kind.confirm ? make("input", { type: "checkbox", name: "confirm", required: true }) : null;
  const role = kind.link ? make("select", { name: "role" },
    make("option", { value: "look" }, word("ui-role-look")), make("option", { value: "act" }, word("ui-role-act")),
    make("option", { value: "administer" }, word("ui-role-administer"))) : null;
  const hours = kind.link ? make("input", { name: "hours", type: "number", min: "1", max: "24", value: "12", required: true }) : null;
  const submit = make("button.main", { type: "submit" }, word("ui-do-it"));
  const form = make("form", { on: { submit: act } },
    make("h2", { id: "act-head" }, word(kind.head)),
    alert ? make("p", {}, `${alert.family_text ?? word("ui-unknown-device")} · ${alert.id}`, make("br"), alert.where_text) : null,
    make("p", {}, word(kind.says)),
    at ? labelled("ui-at", at) : null,
    until ? labelled("ui-until", until) : null,
    role ? labelled("ui-role", role) : null,
    hours ? labelled("ui-hours", hours) : null,
    labelled(kind.link ? "ui-for-whom" : "ui-who", who),
    reason ? labelled(kind.reason ? "ui-reason" : "ui-reason-if-any", reason) : null,
    confirm ? make("label.check", {}, confirm, make("span", {}, word("ui-confirm-ours"))) : null,
    problem,
    make("div.row", {}, submit, make("button", { type: "button", on: { click: () => dialog.close() } }, word("ui-cancel"))));

  async function act(event) {
    event.preventDefault();
    submit.disabled = true;
    problem.textContent = "";
    if (!kind.link) sessionStorage.setItem("vigie.who", who.value);
    try {
      if (kind.link) {
        const { url } = await send("links", { role: role.value, who: who.value, hours: Number(hours.value) });
        form.replaceChildren(make("h2", { id: "act-head" }, word("ui-link")), make("p", {}, word("ui-link-once")),
          make("input", { readonly: true, value: url, "aria-label": word("ui-link") }),
          make("div.row", {}, make("button", { type: "button", on: { click: () => dialog.close() } }, word("ui-close"))));
        return;
      }
      await send("acts", {
        what, about: alert?.id ?? "", who: who.value, reason: reason.value,
        ...(until && { until_us: (Date.now() + Number(until.value) * 60000) * 1000 }),
        ...(at && { at_us: new Date(at.value).getTime() * 1000 }),
        ...(confirm && { confirm: confirm.checked }),
      });
      dialog.close();
      document.getElementById("polite").textContent = word("ui-done", { at: day(Date.now() * 1000) });
      done();
    } catch (refused) {
      problem.textContent = refused.message;
      submit.disabled = false;
    }
  }

  dialog.replaceChildren(form);
  dialog.showModal();
  (who.value && reason ? reason : who).focus();
}
