// Loaded before the command, and so before the process that installs for it, which inherits the flags.
// Counts the changes of the file system that the process named by STOP_IN makes and, at number STOP_AT,
// sends STOP_SIGNAL to the processes in STOP_WHOM, or fails as a bad disk would where there are none.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const { STOP_IN, STOP_AT, STOP_WHOM = "", STOP_SIGNAL } = process.env;
const self = process.argv[1]?.endsWith("installer-process.js") ? "installer" : "command";
const pids = { [self]: process.pid, ...(self === "installer" ? { command: process.ppid } : {}) };
const NAMES = ["renameSync", "linkSync", "writeFileSync", "mkdirSync", "mkdtempSync", "rmSync"];

if (self === STOP_IN) {
  let step = 0;
  for (const name of NAMES) {
    const real = fs[name];
    fs[name] = (...args) => {
      step += 1;
      if (step === Number(STOP_AT)) {
        // The command first: who has killed itself kills nobody else.
        for (const whom of ["command", "installer"]) {
          if (STOP_WHOM.includes(whom)) process.kill(pids[whom], STOP_SIGNAL);
        }
        if (STOP_WHOM === "") throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
      }
      return real(...args);
    };
  }
  syncBuiltinESMExports();
  process.on("exit", () => fs.writeSync(2, `steps: ${step}\n`));
}
