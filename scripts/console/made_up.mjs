// What the demo never shows, made up by answering in the server's place: a sensor that goes deaf while all is clear, and a day
// of a thousand rows. Only these answers are made up; page, words and connection are the real ones.

import { answerTime, breaches, faults } from "./browser.mjs";

const HOUR_US = 3600e6;

/** `clear` turns into `blind` when a sensor goes deaf. */
export async function deafened({ open, check, folder, PHONE, LAPTOP }) {
  let deaf = false;
  const route = async (context) => {
    await context.route("**/api/v1/state*", async (r) => {
      const real = await (await r.fetch()).json();
      const french = r.request().url().includes("lang=fr");
      const clear = {
        state: "clear", word: french ? "RIEN TROUVÉ, dans ces limites" : "CLEAR, within limits",
        headline: french
          ? "Rien trouvé en 42 min d’écoute. Risque d’avoir manqué un traceur : jusqu’à 4 % (simulation), pour AirTag, Google Find Hub, Tile."
          : "Nothing found in 42 min of listening. Chance of having missed a tracker: up to 4% (simulation), for AirTag, Google Find Hub, Tile.",
        because: [], todo: [], todo_full: [], alerts: 0,
        clearance: { heard_s: 2520, miss_probability: 0.04, basis: "simulation", classes: [{ code: "a", text: "AirTag" }, { code: "g", text: "Google Find Hub" }, { code: "t", text: "Tile" }], text: "" },
      };
      const blind = {
        state: "blind", word: french ? "AVEUGLE" : "BLIND", clearance: null, alerts: 0, todo: [], todo_full: [],
        headline: french ? "On ne sait pas : le capteur S3 n’entend plus rien. Ce n’est pas un feu vert." : "We do not know: sensor S3 hears nothing any more. This is no all-clear.",
        because: [{ code: "deaf", text: french ? "Le capteur S3 (véhicule V3) est sourd." : "Sensor S3 (vehicle V3) is deaf." }],
      };
      await r.fulfill({ json: { ...real, since_us: real.at_us - 60e6, ...(deaf ? blind : clear) } });
    });
    await context.route("**/api/v1/alerts*", (r) => r.fulfill({ json: { alerts: [] } }));
    await context.route("**/api/v1/sensors*", async (r) => {
      const real = await (await r.fetch()).json();
      for (const s of real.sensors) {
        if (deaf && s.name === "S3") Object.assign(s, { hears: false, cause: "silent", cause_text: "silent", since_us: s.last_heard_us });
      }
      await r.fulfill({ json: real });
    });
  };
  for (const [name, wishes, lang] of [["1440", LAPTOP, "en"], ["360", PHONE, "fr"]]) {
    deaf = false;
    const page = await open(wishes, lang, { route });
    const state = () => page.locator("#state").getAttribute("data-state");
    check(`(made up) clear is shown with its limits, ${lang}`, (await state()) === "clear" && /4.?%/.test(await page.locator("#state").innerText()));
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${folder}/clear-${lang}-${name}.png` });
    const found = await faults(page);
    check(`(made up) axe-core finds nothing serious when clear, ${lang}`, found.length === 0, found.join("\n       "));
    const style = () => page.evaluate(() => {
      const s = getComputedStyle(document.getElementById("state"));
      return [s.borderStyle, s.backgroundImage, [...document.querySelectorAll("#state svg")].findIndex((g) => getComputedStyle(g).display !== "none")];
    });
    const before = await style();
    deaf = true;
    const begin = Date.now();
    await page.waitForFunction(() => document.getElementById("state").dataset.state === "blind", null, { timeout: 10_000 }).catch(() => {});
    check(`(made up) a deaf sensor turns clear into blind, ${lang}`, (await state()) === "blind", `${Date.now() - begin} ms`);
    await page.waitForTimeout(1500);
    const after = await style();
    check(`(made up) blind differs from clear by border, ground and shape, ${lang}`, before.every((b, i) => b !== after[i]));
    await page.screenshot({ path: `${folder}/blind-deaf-${lang}-${name}.png` });
    await page.context().close();
  }
}

/** A day, seven tracks of 2,000 points, a thousand rows. */
export async function dayOfAThousand({ open, check, folder, LAPTOP }) {
  const to = Date.UTC(2026, 5, 2, 0, 0, 0) * 1000;
  const from = to - 24 * HOUR_US;
  const rows = Array.from({ length: 1000 }, (_, i) => ({
    id: `E${i}`, label: "AirTag", state: i % 3 ? "watch" : "act",
    spans: Array.from({ length: 12 }, (_, k) => {
      const start = from + ((i * 37 + k * 131) % 1440) * 60e6;
      return [start, start + 15 * 60e6, (i + k) % 7, -60 - ((i + k) % 35)];
    }),
  }));
  const track = (v) => Array.from({ length: 2000 }, (_, i) => [from + i * 43.2e6, 48 + Math.sin(i / 90) * 0.4 + v * 1e-3, 2 + i / 900 + Math.cos(i / 40) * 0.1]);
  const vehicles = Array.from({ length: 7 }, (_, v) => `V${v + 1}`);
  const tracks = {
    tracks: vehicles.map((vehicle, v) => ({ vehicle, points: track(v) })),
    suspects: Array.from({ length: 20 }, (_, s) => ({ id: `E${s}`, points: track(s % 7).map((p, i) => [...p, -60 - (i % 35)]) })),
    last: vehicles.map((vehicle, v) => { const [at_us, lat, lon] = track(v)[1999]; return { vehicle, at_us, lat, lon }; }),
  };
  const route = async (context) => {
    await context.route("**/api/v1/timeline*", (r) => r.fulfill({ json: { from_us: from, to_us: to, vehicles, rows } }));
    await context.route("**/api/v1/tracks*", (r) => r.fulfill({ json: tracks }));
  };
  const page = await open(LAPTOP, "en", { route });
  await page.waitForFunction(() => document.querySelector("#timeline-said table") && document.querySelector(".leaflet-tooltip"));
  await page.waitForTimeout(3000);
  const key = (k) => `document.getElementById("timeline").dispatchEvent(new KeyboardEvent("keydown", { key: "${k}" }))`;
  const acts = [
    ["timeline zoom", key("+")], ["timeline pan", key("ArrowRight")], ["timeline scroll", key("ArrowDown")], ["timeline all", key("Home")],
    ["map zoom in", 'document.querySelector(".leaflet-control-zoom-in").click()'], ["map zoom out", 'document.querySelector(".leaflet-control-zoom-out").click()'],
    ["map pan", 'document.getElementById("map").focus(); document.getElementById("map").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", keyCode: 39, bubbles: true }))'],
  ];
  for (const [what, act] of acts) {
    const times = [];
    for (let i = 0; i < 7; i += 1) times.push(await answerTime(page, act));
    times.sort((a, b) => a - b);
    check(`(made up) a day of 1,000 rows and 7 tracks: ${what} under 200 ms`, times[6] < 200, `median ${Math.round(times[3])} ms, longest ${Math.round(times[6])} ms of 7`);
  }
  await page.locator("#map-part").screenshot({ path: `${folder}/load-map.png` });
  await page.locator("#timeline-part").screenshot({ path: `${folder}/load-timeline.png` });
  check("content policy kept under load", (await breaches(page)).length === 0);
  await page.context().close();
}
