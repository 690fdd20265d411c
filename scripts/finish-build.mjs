// The build steps after tsc: a hand-written declaration file, and the app that `vix ui` serves.
import { copyFileSync, mkdirSync } from "node:fs";
import { buildApp } from "./build-app.mjs";

// The client's declarations refer to this one.
mkdirSync("dist/generated", { recursive: true });
copyFileSync("generated/tasks.d.ts", "dist/generated/tasks.d.ts");
await buildApp();
