// tsc does not copy declaration files that are inputs; the client's declarations refer to this one.
import { copyFileSync, mkdirSync } from "node:fs";

mkdirSync("dist/generated", { recursive: true });
copyFileSync("generated/tasks.d.ts", "dist/generated/tasks.d.ts");
