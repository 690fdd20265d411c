/** The page of recipes shows every example. Tests that it and the architecture page name exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync("docs/recipes.md", "utf8");
const architecture = readFileSync("docs/architecture.md", "utf8");

it("shows every example", () => {
  const examples = readdirSync("examples").filter((name) => !/\.(json|jpg)$/.test(name));
  expect(examples.filter((name) => !page.includes(`../examples/${name}`))).toEqual([]);
});

it("names tests that are there", () => {
  const tests = [...(page + architecture).matchAll(/`(test\/[^`]+)`/g)].map(
    ([, path = ""]) => path,
  );
  expect(tests.length).toBeGreaterThan(35);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
});
