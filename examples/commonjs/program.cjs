// The client in a CommonJS program: it can be loaded by `require`, on Node 20.19 and newer.
// Run: node program.cjs "a lighthouse at dawn"
const { createClient } = require("visionatrix-client");
const { sdxlLighting } = require("visionatrix-client/flows/sdxl_lighting");
const { saveFiles } = require("visionatrix-client/node");

async function main(prompt = "a lighthouse at dawn") {
  const client = createClient({
    baseUrl: process.env.VIX_URL,
    auth: { username: process.env.VIX_USERNAME, password: process.env.VIX_PASSWORD },
  });
  const { files } = await sdxlLighting(client, { prompt }).result();
  console.log(await saveFiles(files, "out"));
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
