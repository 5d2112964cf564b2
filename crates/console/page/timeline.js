// When what travels with us was heard, a row each, the vehicle as colour and as letter. A canvas, so that a day with a thousand rows
// moves at once; the same as a table beside it.

import { byId, element, fill, table } from "./elements.js";
import { dayTime, number, time, word } from "./words.js";

const COLOURS = ["#4cc9f0", "#f4a261", "#90be6d", "#c77dff", "#f9c74f", "#ff8fa3", "#a8dadc", "#cdb4db"];
const ROW = 22;
const HEAD = 24;
const LABEL = 96;
const TABLE_ROWS = 200;
const SHAPES = { act: "▲", watch: "◆", ours: "○" };

let data = null;
/** What is seen: from, to (µs), first row. */
let view = null;
let due = false;

export function showTimeline(timeline) {
  const atEnd = !view || !data || view.to >= data.to_us;
  const whole = !view || !data || (view.from <= data.from_us && atEnd);
  data = timeline;
  if (data.from_us === null || data.to_us === null) {
    data.from_us = 0;
    data.to_us = 1;
  }
  if (whole) view = { from: data.from_us, to: Math.max(data.to_us, data.from_us + 1), row: view?.row ?? 0 };
  else if (atEnd) view = { ...view, from: view.from + (data.to_us - view.to), to: data.to_us };
  fill("timeline-legend", ...data.vehicles.flatMap((name, n) => [swatch(n), ` ${name}  `]), `  ▲ ${word("ui-row-act")}  ◆ ${word("ui-row-watch")}  ○ ${word("ui-row-ours")}`);
  draw();
  rows();
}

function swatch(n) {
  const made = element("span", { class: "swatch", "aria-hidden": "true" });
  made.style.backgroundColor = COLOURS[n % COLOURS.length];
  return made;
}

function rows() {
  const shown = data.rows.slice(0, TABLE_ROWS);
  const where = (spans) => [...new Set(spans.map((span) => data.vehicles[span[2]] ?? "?"))].join(", ");
  table(
    "timeline-table",
    ["ui-suspect", "ui-what", "ui-from", "ui-until", "ui-vehicle"].map(word),
    shown.map((row) => [
      `${SHAPES[row.state] ?? ""} ${row.id}`,
      row.label,
      row.spans.length ? dayTime(row.spans[0][0]) : word("ui-unknown"),
      row.spans.length ? dayTime(row.spans.at(-1)[1]) : word("ui-unknown"),
      where(row.spans) || word("ui-unknown"),
    ]),
  );
  byId("timeline-view").setAttribute("aria-label", `${word("ui-timeline")}: ${number(data.rows.length, 0)}. ${word("ui-timeline-keys")}`);
}

function draw() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    paint();
  });
}

function paint() {
  const canvas = byId("timeline");
  const box = byId("timeline-view");
  const width = box.clientWidth;
  const height = Math.max(HEAD + ROW, Math.min(HEAD + ROW * Math.max(1, data.rows.length), 420));
  const scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const paper = canvas.getContext("2d");
  paper.setTransform(scale, 0, 0, scale, 0, 0);
  paper.clearRect(0, 0, width, height);
  const style = getComputedStyle(document.body);
  paper.fillStyle = style.color;
  paper.font = "12px system-ui, sans-serif";
  paper.textBaseline = "middle";
  const x = (us) => LABEL + ((us - view.from) / (view.to - view.from)) * (width - LABEL);
  for (let n = 0; n <= 4; n += 1) {
    const us = view.from + ((view.to - view.from) * n) / 4;
    paper.textAlign = n === 0 ? "left" : n === 4 ? "right" : "center";
    if (width > 500 || n % 2 === 0) paper.fillText(time(us), x(us), HEAD / 2);
  }
  paper.textAlign = "left";
  const fits = Math.ceil((height - HEAD) / ROW);
  for (let n = 0; n < fits; n += 1) {
    const row = data.rows[view.row + n];
    if (!row) break;
    const top = HEAD + n * ROW;
    paper.fillStyle = style.color;
    paper.fillText(`${SHAPES[row.state] ?? ""} ${row.id}`, 0, top + ROW / 2, LABEL - 6);
    for (const [from, to, vehicle] of row.spans) {
      if (to < view.from || from > view.to) continue;
      const left = Math.max(LABEL, x(from));
      const wide = Math.max(2, Math.min(width, x(to)) - left);
      paper.fillStyle = vehicle === null ? "#8899aa" : COLOURS[vehicle % COLOURS.length];
      paper.fillRect(left, top + 3, wide, ROW - 6);
      const name = data.vehicles[vehicle] ?? "?";
      if (wide > 26) {
        paper.fillStyle = "#0b0f14";
        paper.fillText(name, left + 4, top + ROW / 2, wide - 6);
      }
    }
  }
}

/** Nearer below 1, farther above; `share`: what stays where it is, 0 left to 1 right. */
function zoom(factor, share = 1) {
  const width = view.to - view.from;
  const wanted = Math.max(10e6, Math.min(width * factor, Math.max(data.to_us - data.from_us, 10e6)));
  const fixed = view.from + width * share;
  view.from = fixed - wanted * share;
  view.to = view.from + wanted;
  move(0);
}

function move(share) {
  const width = view.to - view.from;
  view.from = Math.min(Math.max(view.from + width * share, data.from_us), Math.max(data.to_us - width, data.from_us));
  view.to = view.from + width;
  draw();
}

function scroll(by) {
  view.row = Math.max(0, Math.min(view.row + by, data.rows.length - 5));
  draw();
}

export function prepareTimeline() {
  const doing = {
    nearer: () => zoom(0.5),
    farther: () => zoom(2),
    earlier: () => move(-0.5),
    later: () => move(0.5),
    whole: () => {
      view = { from: data.from_us, to: data.to_us, row: view.row };
      draw();
    },
  };
  for (const [id, act] of Object.entries(doing)) byId(id).addEventListener("click", () => data && act());
  const box = byId("timeline-view");
  const keys = { ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2), ArrowUp: () => scroll(-5), ArrowDown: () => scroll(5), "+": () => zoom(0.5), "-": () => zoom(2), Home: doing.whole };
  box.addEventListener("keydown", (event) => {
    if (!data || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  box.addEventListener("wheel", (event) => {
    if (!data || !(event.ctrlKey || event.shiftKey)) return;
    event.preventDefault();
    if (event.ctrlKey) zoom(event.deltaY < 0 ? 0.7 : 1.4, event.offsetX / box.clientWidth);
    else scroll(event.deltaY < 0 ? -3 : 3);
  }, { passive: false });
  let held = null;
  box.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, row: view?.row ?? 0 }; });
  addEventListener("pointerup", () => { held = null; });
  box.addEventListener("pointermove", (event) => {
    if (!held || !data) return;
    move((held.x - event.clientX) / Math.max(1, box.clientWidth - LABEL));
    held.x = event.clientX;
    view.row = Math.max(0, Math.min(held.row + Math.round((held.y - event.clientY) / ROW), data.rows.length - 1));
    draw();
  });
  addEventListener("resize", () => data && draw());
}
