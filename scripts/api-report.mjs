/**
 * The public API of each package as a report in etc/, which changes only on purpose.
 *
 *   node scripts/api-report.mjs           compares the build with the reports; exits with 1 if they differ
 *   node scripts/api-report.mjs --write   rewrites the reports
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

/** Report → folder of the package, and its declarations there. */
const ENTRIES = {
  client: [".", "dist/src/index.d.ts"],
  "client-node": [".", "dist/src/node/index.d.ts"],
  "client-proxy": [".", "dist/src/proxy/index.d.ts"],
  codegen: ["codegen", "dist/index.d.ts"],
  standin: ["standin", "dist/index.d.ts"],
  "ai-provider": ["ai-provider", "dist/index.d.ts"],
  mcp: ["mcp", "dist/index.d.ts"],
};

const write = process.argv.includes("--write");
const reports = resolve("etc");
const fresh = resolve("node_modules/.cache/api-report");
for (const folder of [reports, fresh]) mkdirSync(folder, { recursive: true });

const changed = Object.entries(ENTRIES).filter(([name, [folder, entry]]) => {
  const { apiReportChanged, succeeded } = Extractor.invoke(configOf(name, resolve(folder), entry), {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) console.error(message.text);
    },
  });
  return !write && (apiReportChanged || !succeeded);
});
for (const [name] of changed) console.error(differences(`${name}.api.md`));
if (changed.length > 0) {
  console.error("The public API is not what etc/ says. If that is meant: npm run api -- --write");
  process.exitCode = 1;
}

function configOf(name, folder, entry) {
  const messages = { default: { logLevel: "none" } };
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry),
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "ES2022",
            lib: ["ES2022", "DOM", "DOM.Iterable", "DOM.AsyncIterable", "ESNext.Disposable"],
            module: "NodeNext",
            moduleResolution: "NodeNext",
            types: ["node"],
            strict: true,
            skipLibCheck: true,
          },
          files: [join(folder, entry)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: fresh,
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: messages,
        extractorMessageReporting: messages,
        tsdocMessageReporting: messages,
      },
    },
  });
}

/** The lines that are only in the old or only in the new report. */
function differences(file) {
  const [before, after] = [reports, fresh].map((folder) => linesOf(join(folder, file)));
  const only = (lines, others, sign) =>
    lines.filter((line) => !others.includes(line)).map((line) => `  ${sign} ${line}`);
  return [file, ...only(before, after, "-"), ...only(after, before, "+")].join("\n");
}

function linesOf(path) {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
