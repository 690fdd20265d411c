import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give to connections and to servers on port 0, which take a freed port at once. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A free port, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
