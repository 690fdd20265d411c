/** Opens the browser at an address. If that fails, the user still has the address on the terminal. */
import { spawn } from "node:child_process";

export function openBrowser(address: string, platform: NodeJS.Platform = process.platform): void {
  const [command = "", ...args] =
    platform === "darwin"
      ? ["open", address]
      : platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", address]
        : ["xdg-open", address];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
