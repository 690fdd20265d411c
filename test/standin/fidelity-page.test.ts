/** The page on the stand-in's fidelity is up to date, and leaves nothing of the contract out. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { standinPage } from "../../scripts/standin-doc.js";
import { allCases } from "../conformance/all.js";
import { NOT_IMITATED, SECTIONS } from "../conformance/sections.js";

/** Number of parts of each section of the contract; 0 if it is not divided. */
const PARTS: readonly (readonly [section: number, parts: number])[] = [
  [1, 4],
  [2, 2],
  [3, 9],
  [4, 6],
  [5, 2],
  [6, 0],
  [7, 0],
  [8, 2],
  [9, 0],
  [10, 0],
  [11, 0],
  [12, 0],
  [13, 0],
  [14, 0],
];

const contract = PARTS.flatMap(([section, parts]) =>
  parts === 0
    ? [`${section}`]
    : Array.from({ length: parts }, (_, part) => `${section}.${part + 1}`),
);

it("is what the list of conformance cases gives (npm run docs)", async () => {
  expect(readFileSync("docs/stand-in.md", "utf8")).toBe(await standinPage());
});

it("has a case, or a reason for none, for each section of the contract", () => {
  const told = new Set([...allCases, ...NOT_IMITATED].map(({ section }) => section));
  expect(contract.filter((section) => !told.has(section))).toEqual([]);
});

it("names no section that the contract does not have", () => {
  // Section 2 has facts before its first part.
  const known = new Set([...contract, "2"]);
  const named = [...allCases, ...NOT_IMITATED].map(({ section }) => section);
  expect([...named, ...SECTIONS.keys()].filter((section) => !known.has(section))).toEqual([]);
});
