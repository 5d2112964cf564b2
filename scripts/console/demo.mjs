// A `vigie demo` of our own, and the link that opens it.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Starts a demo at this speed on a free port. */
export async function startDemo(vigie, speed) {
  const child = spawn(vigie, ["demo", "--listen", "127.0.0.1:0", "--speed", String(speed), "--no-open"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const link = await new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`no link after 60 s: ${said}`)), 60_000);
    child.on("exit", (code) => failed(new Error(`vigie demo ended with ${code}: ${said}`)));
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const direct = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(said);
      const file = /(\/\S+\.txt)\.?\s/.exec(said);
      if (!direct && !file) return;
      clearTimeout(timer);
      found(direct ? direct[0] : readFile(file[1], "utf8").then((text) => text.trim()));
    });
  });
  return { link, origin: new URL(link).origin, speed, stop: () => child.kill("SIGTERM") };
}
