// Chromium with an eye on what it asks for and complains of.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the browser named by CHROMIUM. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
}

/** What went wrong on any page: requests that leave the machine, errors, breaches of the content policy. */
export const watched = { hosts: new Set(), problems: [], requests: 0 };

/** A context with these wishes, watched. */
export async function openContext(browser, wishes, { mayFail = false } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", colorScheme: "dark", ...wishes });
  await context.addInitScript(() => {
    globalThis.seen = { at: {}, violations: [] };
    document.addEventListener("securitypolicyviolation", (e) => globalThis.seen.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
    new MutationObserver(() => {
      const mark = (name) => (globalThis.seen.at[name] ??= Date.now());
      if (document.querySelector("[data-alert]")) mark("card");
      const state = document.getElementById("state")?.dataset.state;
      if (state && state !== "none") mark(state);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  context.on("request", (request) => {
    watched.requests += 1;
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:") watched.hosts.add(hostname);
  });
  context.on("page", (page) => {
    page.on("pageerror", (error) => watched.problems.push(`error: ${error.message}`));
    page.on("console", (said) => {
      if (said.type() === "error" && !mayFail) watched.problems.push(`console: ${said.text()} ${said.location().url}`);
    });
  });
  return context;
}

/** What axe-core finds serious or critical. */
export async function faults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} (${n.any[0]?.message ?? ""})`).join("; ")}`);
}

/** Breaches of the content policy on this page. */
export async function breaches(page) {
  return page.evaluate(() => globalThis.seen.violations);
}

/** How long the page takes from an act until it has drawn, in ms. */
export function answerTime(page, act) {
  return page.evaluate(async (code) => {
    const begin = performance.now();
    new Function(code)();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return performance.now() - begin;
  }, act);
}
