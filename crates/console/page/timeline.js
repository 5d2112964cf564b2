// What travels with us, by vehicle, over time: on a canvas, so that a day of a thousand rows answers at once.

import { renew, table } from "./element.js";
import { colourOf } from "./palette.js";
import { clock, dbm, figure, minute, word } from "./words.js";

const STEPS_S = [10, 30, 60, 300, 600, 1800, 3600, 7200, 14400, 21600, 43200];
const TOLD = 25;
const AXIS = 22;

let data = { rows: [], vehicles: [], from_us: 0, to_us: 1 };
/** What is looked at; `null` from and to: all of it, also as it grows. */
const view = { from: null, to: null, top: 0 };
let canvas = null;
let asked = false;

function shown() {
  return { from: view.from ?? data.from_us, to: Math.max(view.to ?? data.to_us, (view.from ?? data.from_us) + 1) };
}

/** Shows the rows. */
export function showTimeline({ timeline }) {
  data = timeline;
  redraw();
  const rows = data.rows.slice(0, TOLD).map((row) => {
    const last = row.spans[row.spans.length - 1];
    return [`${row.label} · ${row.id}`, last ? data.vehicles[last[2]] ?? word("ui-unknown") : "—",
      row.spans.length ? `${clock(row.spans[0][0])} – ${clock(last[1])}` : "—", last ? dbm(last[3]) : "—"];
  });
  renew(document.getElementById("timeline-said"), [rows, data.rows.length], () => {
    if (!rows.length) return [paragraph(word("ui-timeline-none"))];
    const nodes = [table(word("ui-timeline-table"), [word("ui-suspect"), word("ui-vehicle"), word("ui-span"), word("ui-level")], rows)];
    if (data.rows.length > TOLD) nodes.push(paragraph(word("ui-timeline-more", { count: figure(data.rows.length - TOLD) })));
    return nodes;
  });
}

function paragraph(text) {
  const node = document.createElement("p");
  node.textContent = text;
  return node;
}

function rowHeight(height) {
  return Math.max(9, Math.min(26, (height - AXIS) / Math.max(1, data.rows.length)));
}

function redraw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    draw();
  });
}

function draw() {
  const width = canvas.clientWidth;
  const height = Math.min(300, Math.max(90, AXIS + 26 * data.rows.length));
  canvas.style.height = `${height}px`;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const colours = getComputedStyle(canvas);
  const { from, to } = shown();
  const x = (us) => ((us - from) / (to - from)) * width;
  axis(pen, { from, to, x, width, height, ink: colours.color, rule: colours.borderTopColor });
  const h = rowHeight(height);
  const visible = Math.ceil((height - AXIS) / h);
  view.top = Math.max(0, Math.min(view.top, data.rows.length - visible));
  pen.font = `${Math.min(13, h - 1)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  data.rows.slice(view.top, view.top + visible + 1).forEach((row, i) => {
    const y = AXIS + i * h;
    for (const [start, end, vehicle, level] of row.spans) {
      if (end < from || start > to) continue;
      const left = Math.max(0, x(start));
      const right = Math.min(width, x(end));
      pen.globalAlpha = level == null ? 0.5 : Math.max(0.4, Math.min(1, (level + 100) / 45));
      pen.fillStyle = colourOf(vehicle);
      pen.fillRect(left, y + 1, Math.max(1.5, right - left), h - 2);
      pen.globalAlpha = 1;
      if (h >= 12 && right - left > 24) {
        pen.fillStyle = "#0b0d0f";
        pen.fillText(data.vehicles[vehicle] ?? "?", left + 4, y + h / 2);
      }
    }
    // The state by a mark and not by colour alone.
    pen.fillStyle = colours.color;
    if (h >= 12) pen.fillText(row.state === "act" ? "!" : row.state === "ours" ? "○" : "△", width - 12, y + h / 2);
  });
}

function axis(pen, { from, to, x, width, height, ink, rule }) {
  const seconds = (to - from) / 1e6;
  const step = (STEPS_S.find((s) => (width * s) / seconds > 70) ?? 86400) * 1e6;
  pen.clearRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "top";
  // Whole hours where the reader is.
  const shift = new Date(from / 1000).getTimezoneOffset() * 60e6;
  for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to; at += step) {
    pen.fillStyle = rule;
    pen.fillRect(x(at), AXIS - 4, 1, height);
    pen.fillStyle = ink;
    const text = step < 60e6 ? clock(at) : minute(at);
    const w = pen.measureText(text).width;
    pen.fillText(text, Math.max(0, Math.min(width - w, x(at) - w / 2)), 2);
  }
}

function look(from, to) {
  const whole = data.to_us - data.from_us;
  const length = Math.max(5e6, Math.min(whole, to - from));
  if (length >= whole) {
    view.from = view.to = null;
  } else {
    view.from = Math.max(data.from_us, Math.min(from, data.to_us - length));
    view.to = view.from + length;
  }
  redraw();
}

/** Looks `times` nearer, keeping what lies at `share` of the width. */
function zoom(times, share = 0.5) {
  const { from, to } = shown();
  const at = from + (to - from) * share;
  look(at - ((to - from) / times) * share, at + ((to - from) / times) * (1 - share));
}

function pan(share) {
  const { from, to } = shown();
  look(from + (to - from) * share, to + (to - from) * share);
}

function scroll(rows) {
  view.top += rows;
  redraw();
}

/** Makes it move under finger, wheel, keys and buttons. */
export function startTimeline() {
  canvas = document.getElementById("timeline");
  new ResizeObserver(redraw).observe(canvas);
  const whole = () => look(data.from_us, data.to_us);
  const keys = {
    ArrowLeft: () => pan(-0.2), ArrowRight: () => pan(0.2), ArrowUp: () => scroll(-3), ArrowDown: () => scroll(3),
    "+": () => zoom(1.6), "-": () => zoom(1 / 1.6), Home: whole,
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const buttons = { earlier: () => pan(-0.3), later: () => pan(0.3), nearer: () => zoom(1.6), farther: () => zoom(1 / 1.6), whole };
  for (const [id, act] of Object.entries(buttons)) document.getElementById(id).addEventListener("click", act);
  canvas.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.shiftKey) {
      event.preventDefault();
      zoom(event.deltaY + event.deltaX < 0 ? 1.3 : 1 / 1.3, event.offsetX / canvas.clientWidth);
    } else if (data.rows.length * rowHeight(canvas.clientHeight) > canvas.clientHeight) {
      event.preventDefault();
      scroll(Math.sign(event.deltaY) * 3);
    }
  }, { passive: false });
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    pan((held.x - event.clientX) / canvas.clientWidth);
    const rows = Math.trunc((held.y - event.clientY) / rowHeight(canvas.clientHeight));
    if (rows) scroll(rows);
    held = { x: event.clientX, y: rows ? event.clientY : held.y };
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = null));
}
