// The console of a demo in a browser: what a person sees, hears from a screen reader and can do with a keyboard, and that nothing
// leaves the machine. usage: node console.mjs VIGIE FOLDER     screenshots go to FOLDER
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const [vigie, folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const bad = [];
const check = (good, what) => {
  console.log(`${good ? "ok    " : "FAILED"} ${what}`);
  if (!good) bad.push(what);
};

/** Starts a demo; answers its link. */
async function demo(speed) {
  const child = spawn(vigie, ["demo", "--listen", "127.0.0.1:0", "--speed", String(speed), "--no-open", "--lang", "en"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const link = await new Promise((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const found = said.match(/is in (\S+\.txt)/);
      if (found) resolve(fs.readFileSync(found[1], "utf8").trim());
    });
    child.on("exit", () => reject(new Error(`the demo ended: ${said}`)));
    setTimeout(() => reject(new Error(`no link: ${said}`)), 60_000).unref();
  });
  return { child, link };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A page that notes every request and every complaint. */
async function open(link, size, language, before = async () => {}) {
  const context = await browser.newContext({ viewport: size, locale: language });
  await context.addInitScript((l) => localStorage.setItem("language", l), language);
  const page = await context.newPage();
  const seen = { hosts: new Set(), complaints: [], bytes: 0 };
  page.on("request", (request) => seen.hosts.add(new URL(request.url()).hostname));
  page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("requestfinished", async (request) => { seen.bytes += (await request.sizes().catch(() => ({ responseBodySize: 0 }))).responseBodySize; });
  await before(page);
  const begun = performance.now();
  await page.goto(link, { waitUntil: "commit" });
  await page.waitForFunction(() => document.getElementById("word").textContent !== "…");
  return { page, context, seen, first: performance.now() - begun };
}

const state = (page) => page.locator("#state").getAttribute("data-state");
const { child, link } = await demo(60);
try {
  // From blind to act, the alert visible when it is decided.
  const wide = await open(link, { width: 1440, height: 900 }, "en", async (page) => {
    await page.addInitScript(() => {
      window.shown = {};
      new MutationObserver(() => {
        for (const card of document.querySelectorAll("[data-alert]")) window.shown[card.dataset.alert] ??= performance.timeOrigin + performance.now();
      }).observe(document, { childList: true, subtree: true });
      const Source = window.EventSource;
      window.EventSource = class extends Source {
        constructor(...given) {
          super(...given);
          this.addEventListener("changed", (event) => {
            if (JSON.parse(event.data).parts.includes("alerts")) window.toldAt ??= performance.timeOrigin + performance.now();
          });
        }
      };
    });
  });
  check((await state(wide.page)) === "blind", "it begins blind");
  await wide.page.screenshot({ path: path.join(folder, "blind-1440.png") });
  await wide.page.waitForFunction(() => document.getElementById("state").dataset.state === "act", null, { timeout: 120_000 });
  await wide.page.waitForSelector("[data-alert]");
  const late = await wide.page.evaluate(() => Math.max(...Object.values(window.shown)) - window.toldAt);
  console.log(`alert on the page ${late.toFixed(0)} ms after the server told of it`);
  check(late < 2000, "the alert is visible within 2 s");
  check((await wide.page.locator("#alarm").textContent()).length > 10, "a screen reader is told of the alert at once");
  check(await wide.page.locator("#simulated").isVisible(), "simulated is marked");
  await wide.page.waitForTimeout(2500);
  await wide.page.screenshot({ path: path.join(folder, "act-1440.png"), fullPage: true });

  // The same figures as the interface for programs.
  const told = await wide.page.evaluate(() => fetch("/api/v1/alerts").then((r) => r.json()));
  const card = await wide.page.locator("[data-alert]").first().textContent();
  check(told.alerts.length >= 1 && card.includes(told.alerts[0].id), "the card is that of the alert");

  // Without the key: nothing.
  const stranger = await browser.newContext();
  const shut = await stranger.newPage();
  await shut.goto(new URL("/", link).href);
  check(!/V[1-7]|act|blind/i.test(await shut.locator("body").innerText()), "a stranger learns nothing");
  await shut.screenshot({ path: path.join(folder, "login.png") });
  await stranger.close();

  // On a phone, in French.
  const phone = await open(link, { width: 360, height: 740 }, "fr");
  await phone.page.waitForSelector("[data-alert]");
  check((await phone.page.locator("#word").textContent()) === "AGIR", "French");
  const wider = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  const widest = await phone.page.evaluate(() => [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 361 && !e.closest(".scrolls")).map((e) => e.id || e.className || e.tagName).slice(0, 5).join(", "));
  check(wider <= 360, `nothing is wider than the phone (${wider}${widest ? `: ${widest}` : ""})`);
  await phone.page.screenshot({ path: path.join(folder, "act-360.png") });
  await phone.page.screenshot({ path: path.join(folder, "act-360-whole.png"), fullPage: true });

  for (const [name, { page }] of [["1440", wide], ["360", phone]]) {
    for (const theme of ["dim", "bright"]) {
      await page.evaluate((t) => { document.documentElement.dataset.theme = t; }, theme);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
      check(serious.length === 0, `axe ${name} ${theme}: ${serious.map((v) => `${v.id} ${v.nodes.map((n) => n.target).join(" ")}`).join("; ") || "nothing serious"}`);
    }
  }

  // The keyboard alone: to the act, done, and kept.
  const { page } = wide;
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  const wanted = async (test, most = 80) => {
    for (let n = 0; n < most; n += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(test)) return true;
    }
    return false;
  };
  check(await wanted(() => document.activeElement.dataset?.focus?.endsWith(" acknowledge")), "the keyboard reaches the act");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#act[open]");
  await page.keyboard.type("A. Example");
  await page.locator("#act-do").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#act:not([open])", { state: "attached" });
  await page.waitForSelector(".card.known");
  check((await page.locator(".card .said").first().textContent()).includes("A. Example"), "acknowledged, with a name");
  check(await page.locator("#log li").first().isVisible(), "the log is there");

  // Opened anew, the middle one of five: the first opening also started the browser.
  const openings = [];
  for (let n = 0; n < 5; n += 1) {
    const again = await open(link, { width: 360, height: 740 }, "en");
    openings.push(again.first);
    await again.context.close();
  }
  openings.sort((a, b) => a - b);
  console.log(`first state visible after ${openings.map((ms) => ms.toFixed(0)).join(", ")} ms`);
  check(openings[2] < 1000, "the first state is visible within a second");

  // A sensor that falls deaf: from clear to blind. The demo has neither, so the server's answers are changed on their way.
  const calm = await open(link, { width: 1440, height: 900 }, "en", async (given) => {
    given.deaf = false;
    await given.route("**/api/v1/state*", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      const changed = given.deaf
        ? { state: "blind", word: "BLIND", headline: "Sensor V3 is gone.", clearance: null, because: [{ code: "deaf", text: "V3 hears nothing." }] }
        : { state: "clear", word: "CLEAR", headline: "Nothing found.", clearance: { text: "For 20 min, AirTag-type; a tracker is missed in 5% of cases.", classes: [] }, because: [] };
      await route.fulfill({ response: answer, json: { ...body, ...changed } });
    });
  });
  check((await state(calm.page)) === "clear" && (await calm.page.locator("#clearance").textContent()).includes("missed"), "clear says for how long, for what and how often it errs");
  await calm.page.screenshot({ path: path.join(folder, "clear-1440.png") });
  calm.page.deaf = true;
  await calm.page.locator("#language").click();
  await calm.page.waitForFunction(() => document.getElementById("state").dataset.state === "blind");
  check(true, "a deaf sensor turns clear into blind");

  // A day with a thousand rows.
  const long = await open(link, { width: 1440, height: 900 }, "en", async (given) => {
    const from = 1.7e15;
    const rows = Array.from({ length: 1000 }, (_, n) => ({
      id: `E${n}`, label: "AirTag", state: "watch",
      spans: Array.from({ length: 60 }, (__, k) => [from + k * 1.44e9, from + k * 1.44e9 + 9e8, (n + k) % 7, -70]),
    }));
    await given.route("**/api/v1/timeline*", (route) => route.fulfill({ json: { from_us: from, to_us: from + 8.64e10, vehicles: ["V1", "V2", "V3", "V4", "V5", "V6", "V7"], rows } }));
    await given.route("**/api/v1/tracks*", (route) => route.fulfill({ json: {
      tracks: [1, 2, 3, 4, 5, 6, 7].map((v) => ({ vehicle: `V${v}`, points: Array.from({ length: 2000 }, (_, n) => [from + n * 4.3e7, 48 + n / 4000 + v / 1e4, 2 + Math.sin(n / 50) / 10]) })),
      suspects: Array.from({ length: 100 }, (_, e) => ({ id: `E${e}`, points: Array.from({ length: 20 }, (__, n) => [from, 48 + n / 40, 2 + e / 1000, -70]) })), last: [] } }));
  });
  await long.page.waitForFunction(() => document.querySelectorAll("#timeline-table tbody tr").length > 100);
  const answers = await long.page.evaluate(async () => {
    const after = () => new Promise((done) => { requestAnimationFrame(() => { const at = performance.now(); setTimeout(() => done(at), 0); }); });
    const times = [];
    for (const key of ["+", "+", "ArrowLeft", "ArrowDown", "ArrowDown", "-", "Home"]) {
      const begun = performance.now();
      document.getElementById("timeline-view").dispatchEvent(new KeyboardEvent("keydown", { key }));
      await after();
      times.push(performance.now() - begun);
    }
    const begun = performance.now();
    document.querySelector(".leaflet-control-zoom-in").click();
    await after();
    times.push(performance.now() - begun);
    return times;
  });
  console.log(`a day with 1,000 rows and 7 tracks answers within ${Math.max(...answers).toFixed(0)} ms`);
  check(Math.max(...answers) < 200, "timeline and map answer within 200 ms");

  // The server gone: what is seen must not look live.
  child.kill("SIGINT");
  await phone.page.waitForSelector("#stale:not([hidden])", { timeout: 40_000 });
  check(true, "a lost connection is said");
  await phone.page.screenshot({ path: path.join(folder, "lost-360.png") });

  const hosts = new Set([wide, phone, calm, long].flatMap((one) => [...one.seen.hosts]));
  check([...hosts].every((host) => host === "127.0.0.1"), `no request leaves the machine (${[...hosts].join(", ")})`);
  const complaints = [wide, calm, long].flatMap((one) => one.seen.complaints).filter((text) => !/ERR_CONNECTION|ERR_INCOMPLETE|Failed to load resource/.test(text));
  check(complaints.length === 0, `no complaint of the browser (${complaints.slice(0, 3).join("; ") || "none"})`);
  console.log(`page weight: ${(phone.seen.bytes / 1024).toFixed(0)} kB, all parts included`);
} finally {
  child.kill("SIGKILL");
  await browser.close();
}
if (bad.length) {
  console.log(`FAILED: ${bad.join("; ")}`);
  process.exit(1);
}
console.log("passed");
