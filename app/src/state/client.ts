/** The page's client: its own site is all that it talks to. */
import { createClient } from "visionatrix-client";

export const client = createClient({
  baseUrl: "/api/vix",
  // A server that hangs is told as one that does not answer.
  retry: { requestMs: 10_000 },
});

/** Address of the server behind, as `vix ui` was told it. */
export const serverAddress = (
  document.querySelector<HTMLMetaElement>('meta[name="vix-server"]')?.content ?? ""
).replace(/^https?:\/\//, "");
