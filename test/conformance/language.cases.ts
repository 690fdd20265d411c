/** Sections 3.4 and 9: creates and prompts with a language model. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { breaks, refuses } from "./steps.js";
import { FLOW, type Json, type Target } from "./target.js";
import type { FormFields } from "./wire.js";

const MODEL = "a real server would need a language model, which says something else each time";

const translating = (prompt: string): FormFields => [
  ["prompt", prompt],
  ["translate", "1"],
];

/** Runs `work` with a setting of the user's own. */
async function having(
  target: Target,
  key: string,
  value: string,
  work: () => Promise<void>,
): Promise<void> {
  const set = (text: string): Promise<unknown> =>
    target.json("POST", "/vapi/settings/user", { key, value: text });
  await set(value);
  try {
    await work();
  } finally {
    await set("");
  }
}

const speaking = (
  section: string,
  name: string,
  setting: readonly [key: string, value: string],
  run: (target: Target) => Promise<void>,
): Case => ({
  section,
  name,
  setup: "speaking",
  standinOnly: MODEL,
  run: (target) => having(target, ...setting, () => run(target)),
});

const OLLAMA = ["translations_provider", "ollama"] as const;

export const languageCases: readonly Case[] = [
  speaking(
    "3.4",
    "keeps what was sent beside its translation, and runs with the translation",
    ["translations_provider", "gemini"],
    async (target) => {
      const { tasks_ids } = await target.created(FLOW, translating("дом у моря"));
      const details = await target.details(tasks_ids[0] ?? 0);
      expect(details["input_params"]).toMatchObject({ prompt: "дом у моря" });
      expect(details["translated_input_params"]).toMatchObject({ prompt: "ДОМ У МОРЯ" });
      expect(JSON.stringify(details["flow_comfy"])).toContain("ДОМ У МОРЯ");
    },
  ),
  speaking("3.4", "leaves a text alone that looks English", OLLAMA, async (target) => {
    const { tasks_ids } = await target.created(FLOW, translating("a house by the sea"));
    expect((await target.details(tasks_ids[0] ?? 0))["translated_input_params"]).toBeNull();
  }),
  speaking("3.4", "translates nothing for translate=0", OLLAMA, async (target) => {
    const { tasks_ids } = await target.created(FLOW, [["prompt", "дом у моря"]]);
    expect((await target.details(tasks_ids[0] ?? 0))["translated_input_params"]).toBeNull();
  }),
  speaking("3.4", "tells why a text could not be translated", OLLAMA, (target) =>
    refuses(
      target,
      FLOW,
      translating("дом!"),
      500,
      "Can't translate the prompt: provider=ollama, user_id=admin, prompt=`дом!`: out of words",
    ),
  ),
  speaking(
    "3.4",
    "stores a prompt of the model's for each task of surprise_me=1, in place of its theme",
    ["llm_provider", "ollama"],
    async (target) => {
      const { tasks_ids } = await target.created(FLOW, [
        ["prompt", "the sea"],
        ["surprise_me", "1"],
        ["count", "2"],
      ]);
      expect(tasks_ids).toHaveLength(2);
      for (const id of tasks_ids) {
        const { input_params } = await target.details(id);
        expect((input_params as Json)["prompt"]).toBe("a prompt on the sea");
      }
    },
  ),
  speaking(
    "3.4",
    "breaks over surprise_me=1 for another provider",
    ["llm_provider", "x"],
    (target) =>
      breaks(target, FLOW, [
        ["prompt", "the sea"],
        ["surprise_me", "1"],
      ]),
  ),
  speaking("9", "translates a prompt for everybody", OLLAMA, async (target) => {
    const path = "/vapi/other/translate-prompt";
    const answer = await target.json("POST", path, { prompt: "ein Hund" });
    expect(answer.status).toBe(200);
    const body = answer.json() as Json;
    expect(Object.keys(body)).toEqual(["prompt", "result", "done_reason"]);
    expect(body).toMatchObject({ prompt: "ein Hund", result: "EIN HUND" });
  }),
  {
    section: "9",
    name: "wants a prompt to translate",
    run: async (target) => {
      const answer = await target.json("POST", "/vapi/other/translate-prompt", {});
      expect(answer.status).toBe(422);
    },
  },
];
