// Runs any flow of the server by its id, also a private one, without generated code.
// Run it: npx tsx examples/any-flow.ts my_flow '{"prompt":"a cat"}' [folder]
import { createClient, fileInputs, InvalidParamsError } from "visionatrix-client";
import { saveFiles, stopOnSignals } from "visionatrix-client/node";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const [id = "sdxl_lighting", params = "{}", folder = "out"] = process.argv.slice(2);

const client = createClient({
  baseUrl: VIX_URL,
  auth: VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined,
});
stopOnSignals(client);

try {
  const flow = await client.flow(id, { fileInputs });
  const { files } = await flow(client, JSON.parse(params) as Record<string, string>).result();
  for (const path of await saveFiles(files, folder)) console.log(path);
} catch (error) {
  // Parameters are checked against the server's own list, before anything is sent.
  if (error instanceof InvalidParamsError)
    for (const { parameter, hint } of error.problems) console.error(`${parameter}: ${hint}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
