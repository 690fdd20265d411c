// Loaded before the command, and before its installer process, which inherits the flags. Counts the file
// system changes of the process named by STOP_IN. At number STOP_AT, it sends STOP_SIGNAL to the processes in
// STOP_WHOM; without any, the change fails as on a bad disk.
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
        // The command comes first: a process that has killed itself cannot kill another.
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
