/** `make demo`: both examples of the guide, against the stand-in, as a user would run them. */
import { spawn } from "node:child_process";
import { startStandin } from "visionatrix-standin";

const standin = await startStandin({ auth: "admin:admin" });
console.log(
  `Stand-in server at ${standin.url}: it behaves like Visionatrix, but makes no AI images.`,
);
const env = {
  ...process.env,
  VIX_URL: standin.url,
  VIX_USERNAME: "admin",
  VIX_PASSWORD: "admin",
};

try {
  await example("sdxl-lighting", "a beautiful sunset over the mountains", "out");
  await example("remove-background", "examples/still-life.jpg", "out");
  console.log("\nOpen the files above; then read README.md to write a program of your own.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await standin.close();
}

/** Runs an example. Resolves if it exits with 0. */
function example(name: string, ...args: string[]): Promise<void> {
  const file = `examples/${name}.ts`;
  console.log(
    `\n$ npx tsx ${[file, ...args.map((arg) => (arg.includes(" ") ? `"${arg}"` : arg))].join(" ")}`,
  );
  return new Promise((resolve, reject) => {
    // examples/tsconfig.json maps the package names to the build instead of the sources.
    spawn(process.execPath, ["--import", "tsx", file, ...args], {
      env: { ...env, TSX_TSCONFIG_PATH: "examples/tsconfig.json" },
      stdio: "inherit",
    })
      .on("error", reject)
      .on("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`${file} ended with ${code}: see its message above.`));
      });
  });
}
