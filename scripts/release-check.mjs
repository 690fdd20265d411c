/**
 * Checks whether the packages can be released: their address and contact are known, and all packages agree.
 * Both values are in project.json: `repository` is the repository's address, as
 * `https://github.com/OWNER/NAME`, and `contact` is an e-mail address for reports on conduct.
 *
 *   node scripts/release-check.mjs           prints what is missing, and exits with 1
 *   node scripts/release-check.mjs --write   copies the values of project.json into the packages and pages
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = [".", "ai-provider", "codegen", "mcp", "standin"];
const CONDUCT = "CODE_OF_CONDUCT.md";
const CONTACT = /(<!-- contact -->).*?(<!-- end -->)/s;

const project = read("project.json");

if (process.argv.includes("--write")) write();
const problems = check(process.env["RELEASE_TAG"]);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log("Ready for a release.");

function read(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The fields of a package that follow from the address. */
function addressFields(folder) {
  const { repository } = project;
  return {
    homepage: `${repository}${folder === "." ? "" : `/tree/main/${folder}`}#readme`,
    bugs: { url: `${repository}/issues` },
    repository: {
      type: "git",
      url: `git+${repository}.git`,
      ...(folder !== "." && { directory: folder }),
    },
  };
}

/** @param tag the release's tag, such as `v0.2.0`; undefined outside of a release */
function check(tag) {
  const found = [];
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(project.repository ?? ""))
    found.push("project.json: `repository` must be the address of the repository.");
  if (!/^\S+@\S+$/.test(project.contact ?? ""))
    found.push("project.json: `contact` must be an e-mail address.");
  const { version } = read("package.json");
  for (const folder of FOLDERS) {
    const path = join(folder, "package.json");
    const manifest = read(path);
    for (const [name, value] of Object.entries(addressFields(folder)))
      if (project.repository && JSON.stringify(manifest[name]) !== JSON.stringify(value))
        found.push(`${path}: \`${name}\` is not what project.json says: use --write.`);
    if (!(manifest.keywords?.length > 0)) found.push(`${path}: there are no \`keywords\`.`);
    if (manifest.license !== "MIT") found.push(`${path}: the \`license\` is not MIT.`);
    if (!existsSync(join(folder, "LICENSE"))) found.push(`${folder} has no LICENSE.`);
    if (manifest.version !== version) found.push(`${path}: the version is not ${version}.`);
    const log = join(folder, "CHANGELOG.md");
    if (!existsSync(log) || !readFileSync(log, "utf8").includes(`\n## ${version}\n`))
      found.push(`${log}: there is no entry for ${version}.`);
  }
  if (project.contact && !readFileSync(CONDUCT, "utf8").includes(project.contact))
    found.push(`${CONDUCT}: the contact is not the one of project.json: use --write.`);
  if (tag !== undefined && tag !== `v${version}`)
    found.push(`The tag is ${tag}, and the version ${version}.`);
  const waiting = readdirSync(".changeset").filter((name) => /^(?!README).*\.md$/.test(name));
  if (tag !== undefined && waiting.length > 0)
    found.push(`Changes wait for a version: ${waiting.join(", ")}.`);
  return found;
}

function write() {
  for (const folder of FOLDERS) {
    if (!project.repository) break;
    const path = join(folder, "package.json");
    const { name, version, description, ...rest } = read(path);
    // After the description, where people look for them.
    const manifest = { name, version, description, ...rest, ...addressFields(folder) };
    writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
  if (project.contact)
    writeFileSync(
      CONDUCT,
      readFileSync(CONDUCT, "utf8").replace(
        CONTACT,
        (_, begin, end) => `${begin} ${project.contact} ${end}`,
      ),
    );
}
