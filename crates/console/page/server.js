// Everything that is asked of the server, and whether it still answers.

import { askedLanguage } from "./words.js";

const STILL_THERE_MS = 4000;

/** Another answer than was hoped for; `text` says what to do. */
export class Refused extends Error {}

async function answered(answer) {
  const body = await answer.json().catch(() => null);
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Refused(body?.text ?? String(answer.status));
  return body;
}

/** One part of the picture. */
export async function part(name) {
  const lang = askedLanguage();
  return answered(await fetch(`/api/v1/${name}${lang ? `?lang=${lang}` : ""}`, { cache: "no-store" }));
}

/** Sends an act, or asks for a link. */
export async function send(name, what) {
  const lang = askedLanguage();
  return answered(await fetch(`/api/v1/${name}${lang ? `?lang=${lang}` : ""}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Vigie": "1" },
    body: JSON.stringify(what),
  }));
}

/**
 * Listens to changes. `changed(parts)` for each, `connected(bool)` when that changes. A connection may be dead and look
 * open, so the server is asked for a sign of life as well.
 */
export function listen({ changed, connected }) {
  let source = null;
  let up = null;
  const say = (now) => {
    if (now !== up) {
      up = now;
      connected(now);
    }
  };
  const open = () => {
    source?.close();
    source = new EventSource("/api/v1/events");
    source.addEventListener("open", () => say(true));
    source.addEventListener("changed", (event) => {
      say(true);
      changed(JSON.parse(event.data).parts);
    });
    source.addEventListener("error", () => say(false));
  };
  open();
  setInterval(async () => {
    let alive = false;
    try {
      alive = (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(STILL_THERE_MS) })).ok;
    } catch {
      // Said below.
    }
    if (!alive) say(false);
    else if (source.readyState !== EventSource.OPEN || up === false) open();
  }, STILL_THERE_MS);
}
