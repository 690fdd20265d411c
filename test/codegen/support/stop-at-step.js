// Loaded before the command: stops it at the Nth change of the file system below the output folder, in
// the way that STOP_HOW says: `kill` cannot be caught, `term` can, like Ctrl-C.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const at = Number(process.env.STOP_AT);
const how = process.env.STOP_HOW;
let step = 0;

for (const name of ["renameSync", "writeFileSync", "mkdirSync", "mkdtempSync", "rmSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    step += 1;
    if (step === at) process.kill(process.pid, how === "kill" ? "SIGKILL" : "SIGTERM");
    return real(...args);
  };
}
syncBuiltinESMExports();

process.on("exit", () => fs.writeSync(2, `steps: ${step}\n`));
