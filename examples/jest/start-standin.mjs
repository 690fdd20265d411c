// Starts a server for all tests; it runs outside of jest's modules and environments.
import { startStandin } from "visionatrix-standin";

export default async () => {
  globalThis.standin = await startStandin({ speed: "instant" });
  process.env.VIX_URL = globalThis.standin.url;
};
