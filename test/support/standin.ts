import { onTestFinished } from "vitest";
import { createClient, type Client, type ClientOptions } from "visionatrix-client";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";

/** Poll intervals for an instant server. */
export const QUICK = { minMs: 5, maxMs: 20 };

/** A stand-in for one test, and a client for it. */
export async function standinWithClient(
  options: StandinOptions = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<{ standin: Standin; client: Client }> {
  const standin = await startStandin({ speed: "instant", auth: "ann:secret", ...options });
  onTestFinished(() => standin.close());
  const client = createClient({
    baseUrl: standin.url,
    auth: { username: "ann", password: "secret" },
    poll: QUICK,
    ...clientOptions,
  });
  return { standin, client };
}

/** Number of requests to this endpoint. */
export function asked(standin: Standin, endpoint: string): number {
  return standin.requests.filter((request) => request.endpoint === endpoint).length;
}
