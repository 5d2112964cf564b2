// Looks at the console of a running `vigie demo` as a person would. Fails when a person would be let down.
//
//   VIGIE=… node checks.mjs FOLDER      screenshots go to FOLDER

import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { breaches, faults, openContext, startBrowser, watched } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { dayOfAThousand, deafened } from "./made_up.mjs";

const folder = process.argv[2] ?? "screenshots";
const vigie = process.env.VIGIE;
const SPEED = 40;
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const LAPTOP = { viewport: { width: 1440, height: 900 } };
let passed = 0;
let failed = 0;

function check(what, right, figure = "") {
  console.log(`${right ? "ok  " : "FAIL"} ${what}${figure === "" ? "" : `: ${figure}`}`);
  if (right) passed += 1;
  else failed += 1;
}

/** While a program without the page's words is at hand, they are taken from this folder of .ftl files. */
async function withWords(context) {
  const locales = process.env.CONSOLE_LOCALES;
  if (!locales) return;
  await context.route("**/api/v1/texts*", async (route) => {
    const lang = new URL(route.request().url()).searchParams.get("lang") ?? "en";
    const ftl = await readFile(`${locales}/${lang}.ftl`, "utf8");
    const texts = Object.fromEntries([...ftl.matchAll(/^(ui-[a-z-]+) = (.*)$/gm)].map((m) => [m[1], m[2]]));
    await route.fulfill({ json: { lang, texts } });
  });
}

async function open(browser, demo, wishes, lang, extra = {}) {
  const context = await openContext(browser, { ...wishes, locale: lang === "fr" ? "fr-FR" : "en-GB", timezoneId: "Europe/Paris" }, extra);
  await withWords(context);
  if (extra.route) await extra.route(context);
  const page = await context.newPage();
  await page.addInitScript((l) => localStorage.setItem("vigie.lang", l), lang);
  await page.goto(demo.link);
  await page.waitForFunction(() => document.getElementById("state")?.dataset.state !== "none");
  return page;
}

async function fromBlindToAct(browser, demo) {
  const page = await open(browser, demo, LAPTOP, "fr");
  const firsts = [];
  for (let i = 0; i < 3; i += 1) {
    if (i) await page.goto(demo.link);
    await page.waitForFunction(() => performance.getEntriesByName("first-state").length);
    firsts.push(Math.round(await page.evaluate(() => performance.getEntriesByName("first-state")[0].startTime)));
  }
  check("first state visible within 1 s, median of 3 loads", [...firsts].sort((a, b) => a - b)[1] < 1000, `${firsts.join(", ")} ms`);
  const begun = await page.locator("#state").getAttribute("data-state");
  check("begins blind", begun === "blind", begun);
  await page.screenshot({ path: `${folder}/blind-fr-1440.png` });
  let serverSaid = null;
  for (const until = Date.now() + 60_000; Date.now() < until && !serverSaid;) {
    const state = await (await page.request.get(`${demo.origin}/api/v1/state`)).json();
    if (state.state === "act") serverSaid = Date.now();
    else await page.waitForTimeout(50);
  }
  await page.waitForFunction(() => globalThis.seen.at.act && globalThis.seen.at.card, null, { timeout: 20_000 });
  const seen = await page.evaluate(() => globalThis.seen.at);
  const card = Math.max(seen.card, seen.act);
  check("alert on the page within 2 s of the server saying act", card - serverSaid < 2000, `${card - serverSaid} ms`);
  const { at_us: now } = await (await page.request.get(`${demo.origin}/api/v1/state`)).json();
  const asked = Date.now();
  const decided = Number(await page.locator("[data-alert]").first().getAttribute("data-at"));
  // The run's time passes SPEED times faster than the wall's.
  const behind = (now - decided) / 1e3 / SPEED - (asked - card);
  check("alert on the page within 2 s of the decision", behind < 2000, `${Math.round(behind)} ms of wall time`);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((r) => r.name.includes("/coast")));
  const [weight, coast] = await page.evaluate(() => {
    const all = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
    const sum = (which) => Math.round(all.filter(which).reduce((bytes, r) => bytes + r.encodedBodySize, 0) / 1024);
    return [sum((r) => !r.name.includes("/api/")), sum((r) => r.name.includes("/api/v1/coast"))];
  });
  console.log(`     page weight: ${weight} KiB, and ${coast} KiB of base map after the first state`);
  const told = await page.locator("#urgent").textContent();
  check("a screen reader is told at once", told.length > 10, told.slice(0, 60));
  await page.context().close();
}

async function looks(browser, demo) {
  for (const lang of ["en", "fr"]) {
    for (const [name, wishes] of [["360", PHONE], ["1440", LAPTOP]]) {
      const page = await open(browser, demo, wishes, lang);
      await page.waitForSelector("[data-alert]");
      await page.waitForTimeout(2500);
      await page.screenshot({ path: `${folder}/act-${lang}-${name}.png` });
      await page.screenshot({ path: `${folder}/act-${lang}-${name}-whole.png`, fullPage: true });
      // A device's name may be long; on a phone a page that is too wide makes the window wider, so the wish is what counts.
      await page.evaluate(() => (document.querySelector("#search-suspect option").textContent = "A long name of a device that has one, or of one compatible with it · E12345"));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth) - wishes.viewport.width;
      check(`nothing is cut at the side, ${lang} ${name}`, wide <= 0, `${wide} px`);
      const state = await page.evaluate(() => document.getElementById("headline").getBoundingClientRect().bottom);
      check(`state and headline without scrolling, ${lang} ${name}`, state < wishes.viewport.height, `${Math.round(state)} px`);
      const missing = await page.evaluate(() => document.body.innerText.match(/\[ui-[^\]]*\]|\{\s*\$/g) ?? []);
      check(`no word is missing, ${lang} ${name}`, missing.length === 0, missing.join(" "));
      check(`simulated is said, ${lang} ${name}`, await page.locator("#simulated").isVisible());
      const found = await faults(page);
      check(`axe-core finds nothing serious, ${lang} ${name}`, found.length === 0, found.join("\n       "));
      if (name === "1440") {
        await page.locator("#theme").click();
        const bright = await faults(page);
        check(`nor in the brighter theme, ${lang}`, bright.length === 0, bright.join("\n       "));
        await page.screenshot({ path: `${folder}/bright-${lang}-1440.png` });
      }
      const title = await page.title();
      check(`the title says nothing, ${lang} ${name}`, title === "Vigie", title);
      check(`content policy kept, ${lang} ${name}`, (await breaches(page)).length === 0, (await breaches(page)).join(" "));
      await page.context().close();
    }
  }
}

async function signIn(browser, demo) {
  const context = await openContext(browser, LAPTOP, { mayFail: true });
  const page = await context.newPage();
  await page.goto(demo.origin);
  const text = await page.locator("body").innerText();
  check("who is not signed in reads nothing", !/V[1-7]|E\d|tag|convoy|convoi/.test(text), text.replace(/\s+/g, " "));
  const found = await faults(page);
  check("axe-core finds nothing serious where one signs in", found.length === 0, found.join("\n       "));
  await page.screenshot({ path: `${folder}/login.png` });
  await page.keyboard.type(demo.link);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#state");
  check("the link pasted there signs in", true);
  await context.close();
}

/** Goes on with the key until the focus is on what matches. */
async function tabTo(page, selector, most = 120) {
  for (let i = 0; i < most; i += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return true;
    await page.keyboard.press("Tab");
  }
  return false;
}

async function keyboardAlone(browser, demo) {
  const page = await open(browser, demo, LAPTOP, "en");
  await page.waitForSelector("[data-alert]");
  await page.keyboard.press("Tab");
  check("the first stop leads to the suspects", await page.evaluate(() => document.activeElement.matches(".skip")));
  await page.keyboard.press("Enter");
  check("keys reach acknowledge", await tabTo(page, '[data-key^="acknowledge-"]'));
  await page.keyboard.press("Enter");
  check("a dialog opens", await page.locator("#act[open]").isVisible());
  await page.screenshot({ path: `${folder}/dialog-en-1440.png` });
  const found = await faults(page);
  check("axe-core finds nothing serious in the dialog", found.length === 0, found.join("\n       "));
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("Tab");
  check("the focus stays in it", await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest("#act"))));
  await page.keyboard.press("Escape");
  check("Escape closes it and the focus returns", await page.evaluate(() => !document.getElementById("act").open && document.activeElement.matches('[data-key^="acknowledge-"]')));
  check("keys reach ours", await tabTo(page, '[data-key^="ours-"]'));
  await page.keyboard.press("Enter");
  await page.keyboard.type("Ines");
  await page.keyboard.press("Enter");
  check("ours is not taken without reason and confirmation", await page.locator("#act[open]").isVisible());
  await page.keyboard.press("Escape");
  for (const [what, selector] of [["the map", "#map"], ["the timeline", "#timeline"], ["the search", "#search-vehicle"], ["printing", "#print"]]) {
    check(`keys reach ${what}`, await tabTo(page, selector));
  }
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => document.body.classList.add("prints-shift"));
  check("the shift's page prints alone", await page.locator("#shift").isVisible() && !(await page.locator("#state").isVisible()) && await page.locator("#simulated").isVisible());
  await page.screenshot({ path: `${folder}/print-shift-en.png` });
  await page.evaluate(() => document.body.classList.remove("prints-shift"));
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => document.querySelector('[data-key^="acknowledge-"]').focus());
  await page.keyboard.press("Enter");
  await page.locator("#act [name=who]").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Ines");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".card.is-quiet", { timeout: 5000 }).catch(() => {});
  check("acknowledged by keys alone, and shown", await page.locator(".card.is-quiet").count() === 1, await page.locator(".problem").allTextContents().then((t) => t.join("")));
  await page.context().close();
}

async function lost(browser, demo) {
  const page = await open(browser, demo, PHONE, "fr", { mayFail: true });
  await page.waitForTimeout(1500);
  const stopped = Date.now();
  demo.stop();
  await page.waitForSelector("#lost:not([hidden])", { timeout: 15_000 });
  const text = await page.locator("#lost").textContent();
  check("a lost connection is said, with the time", /\d\d:\d\d:\d\d/.test(text), `${text} after ${Date.now() - stopped} ms`);
  await page.screenshot({ path: `${folder}/lost-fr-360.png` });
  await page.context().close();
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  const demos = [];
  try {
    const demo = await startDemo(vigie, SPEED);
    demos.push(demo);
    await fromBlindToAct(browser, demo);
    await signIn(browser, demo);
    await looks(browser, demo);
    await keyboardAlone(browser, demo);
    const slow = await startDemo(vigie, 4);
    demos.push(slow);
    await deafened({ open: (...more) => open(browser, slow, ...more), check, folder, PHONE, LAPTOP });
    await dayOfAThousand({ open: (...more) => open(browser, slow, ...more), check, folder, LAPTOP });
    await lost(browser, slow);
    const away = [...watched.hosts].filter((host) => host !== "127.0.0.1");
    check(`no request leaves the machine (${watched.requests} seen)`, away.length === 0, away.join(" "));
    check("no error on any page", watched.problems.length === 0, watched.problems.slice(0, 5).join("\n       "));
  } finally {
    await browser.close();
    for (const demo of demos) demo.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

await main();
