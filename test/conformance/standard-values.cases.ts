/** Section 3.2: the parameters that the server itself defines. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { PICTURE, type Problem } from "./steps.js";
import { FILE_FLOW, FLOW, type Target } from "./target.js";
import { type FormFields } from "./wire.js";

async function problems(target: Target, fields: FormFields): Promise<Problem[]> {
  const answer = await target.create(FLOW, fields);
  expect(answer.status, answer.text).toBe(422);
  return (answer.json() as { detail: Problem[] }).detail;
}

const STANDARD = ["group_scope", "priority", "child_task", "count", "translate", "seed"];

const NOT_INTEGERS = ["abc", "", "true", "1.5", "1e0", "0x1"];

export const standardCases: readonly Case[] = [
  ...STANDARD.flatMap((name) =>
    NOT_INTEGERS.map((value): Case => ({
      section: "3.2",
      name: `does not take ${JSON.stringify(value)} for ${name}`,
      run: async (target) => {
        expect(
          await problems(target, [
            ["prompt", "x"],
            [name, value],
          ]),
        ).toEqual([
          {
            type: "int_parsing",
            loc: ["body", name],
            msg: "Input should be a valid integer, unable to parse string as an integer",
            input: value,
          },
        ]);
      },
    })),
  ),
  ...rows(
    [
      ["group_scope", "0", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["group_scope", "-5", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["group_scope", "256", "less_than_equal", "less than or equal to 255", { le: 255 }],
      ["priority", "-1", "greater_than_equal", "greater than or equal to 0", { ge: 0 }],
      ["priority", "16", "less_than_equal", "less than or equal to 15", { le: 15 }],
      ["count", "0", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["count", "-3", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
    ] as const,
    (name, value, type, words, ctx) => ({
      section: "3.2",
      name: `refuses ${name}=${value}`,
      run: async (target) => {
        expect(
          await problems(target, [
            ["prompt", "x"],
            [name, value],
          ]),
        ).toEqual([
          { type, loc: ["body", name], msg: `Input should be ${words}`, input: value, ctx },
        ]);
      },
    }),
  ),
  ...rows(
    [
      ["group_scope", " 1 "],
      ["group_scope", "+1"],
      ["group_scope", "1.0"],
      ["count", "0_1"],
      ["priority", "15"],
      ["child_task", "0"],
      ["translate", "1"],
      ["seed", "-5"],
    ] as const,
    (name, value) => ({
      section: "3.2",
      name: `takes ${JSON.stringify(value)} for ${name}`,
      run: async (target) => {
        // A negative seed passes the type check, but the engine refuses it.
        const answer = await target.create(FLOW, [
          ["prompt", "x"],
          [name, value],
        ]);
        expect(answer.status).toBe(name === "seed" ? 400 : 200);
      },
      ...(name === "seed" ? { standinOnly: "the answer is the engine's" } : {}),
    }),
  ),
  {
    section: "3.2",
    name: "reports several problems at once",
    run: async (target) => {
      const found = await problems(target, [
        ["prompt", "x"],
        ["count", "0"],
        ["priority", "99"],
        ["seed", "z"],
      ]);
      expect(found.map(({ loc }) => loc[1]).sort()).toEqual(["count", "priority", "seed"]);
    },
  },
  {
    section: "3.2",
    name: "does not take a file for an integer",
    run: async (target) => {
      const [problem] = await problems(target, [
        ["prompt", "x"],
        ["count", PICTURE],
      ]);
      expect(problem).toMatchObject({ type: "int_type", loc: ["body", "count"] });
      expect(problem?.input).toBeTypeOf("object");
    },
  },
  {
    section: "3.2",
    name: "checks standard keys that the flow does not take",
    run: async (target) => {
      const answer = await target.create(FILE_FLOW, [
        ["input_image", PICTURE],
        ["seed", "x"],
      ]);
      expect(answer.status).toBe(422);
    },
  },
];
