#!/usr/bin/env node
import { main } from "../dist/index.js";

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`visionatrix-mcp: ${error.message}\n`);
  process.exitCode = 1;
}
