// Talks to the server: parts of the picture, acts, and what changes.

let language = localStorage.getItem("language");

export const currentLanguage = () => language;

export function chooseLanguage(chosen) {
  language = chosen;
  localStorage.setItem("language", chosen);
}

export async function part(name) {
  const query = language ? `?lang=${language}` : "";
  const response = await fetch(`/api/v1/${name}${query}`, { headers: { Accept: "application/json" } });
  if (response.status === 401) {
    location.replace("/login");
    throw new Error("signed out");
  }
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/** Posts; answers `{ ok, body }`, the body being the server's own words where it refuses. */
export async function post(name, body) {
  const query = language ? `?lang=${language}` : "";
  const response = await fetch(`/api/v1/${name}${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Vigie": "1" },
    body: JSON.stringify(body),
  });
  return { ok: response.ok, body: await response.json().catch(() => ({})) };
}

/** Calls `changed(parts)` when the server says so, `heard()` whenever it is there, `lost()` when it is not. */
export function listen(changed, heard, lost) {
  const events = new EventSource("/api/v1/events");
  events.addEventListener("open", heard);
  events.addEventListener("changed", (event) => {
    heard();
    changed(JSON.parse(event.data).parts);
  });
  events.addEventListener("error", lost);
}
