// Makes elements. Text is only ever set as text.

/** `make("p.small", { id: "x", on: { click } }, "text", child)` */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** Terms with what they are. */
export function terms(pairs) {
  return make("dl.terms", {}, ...pairs.filter((p) => p[1] != null)
    .map(([term, said]) => make("div", {}, make("dt", {}, term), make("dd", {}, said))));
}

/** A list of texts. */
export function list(texts, what = "ul") {
  return make(what, {}, ...texts.map((text) => make("li", {}, text)));
}

/** A table; the first cell of a row is its head. */
export function table(caption, heads, rows) {
  return make("div.wide", { tabindex: "0", role: "group", "aria-label": caption },
    make("table", {},
      make("caption.unseen", {}, caption),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell, i) =>
        i === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell)))))));
}

/** Replaces what is in `place`, keeping the focus and what was unfolded. Does nothing when `data` is as before. */
export function renew(place, data, nodes) {
  const now = JSON.stringify(data);
  if (place.shownData === now) return;
  place.shownData = now;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const folds = new Map([...place.querySelectorAll("details[data-key]")].map((d) => [d.dataset.key, d.open]));
  place.replaceChildren(...nodes());
  for (const fold of place.querySelectorAll("details[data-key]")) {
    if (folds.has(fold.dataset.key)) fold.open = folds.get(fold.dataset.key);
  }
  if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
