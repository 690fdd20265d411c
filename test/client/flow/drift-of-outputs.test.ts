/** Differences between the outputs of a flow and its workflow on a server. */
import { expect, it } from "vitest";
import { flows } from "visionatrix-client/flows";
import { findOutputDrift } from "../../../src/flow/drift-of-outputs.js";
import { verifyFlows } from "../../../src/index.js";
import { standinWithClient } from "../../support/standin.js";

const HERE = { id: "paint", outputs: [{ node: 9, kind: "image" as const }] };

/** The rules reported for a workflow whose nodes have these classes. */
function rules(classes: Readonly<Record<number, string>>): string[] {
  const flow_comfy = Object.fromEntries(
    Object.entries(classes).map(([node, class_type]) => [node, { class_type, inputs: {} }]),
  );
  return findOutputDrift([HERE], [{ name: "paint", flow_comfy }]).map(({ rule }) => rule);
}

it("compares outputs by their nodes", () => {
  expect(rules({ 1: "LoadImage", 9: "SaveImage" })).toEqual([]);
  expect(rules({ 9: "SaveAudio" })).toEqual(["output-kind-changed"]);
  expect(rules({ 12: "SaveImage" })).toEqual(["output-moved"]);
  expect(rules({ 12: "SaveAudio" })).toEqual(["output-removed", "output-added"]);
  expect(rules({ 9: "SaveImage", 12: "SaveImage" })).toEqual(["output-added"]);
});

it("reports nothing for workflows that it does not understand", () => {
  expect(rules({ 9: "LoadImage" })).toEqual([]);
  expect(rules({ 9: "SaveAudio", 12: "SaveSomethingNew" })).toEqual([]);
  for (const flow_comfy of [null, undefined, "x", 5, [], { 9: null }, { 9: { class_type: 5 } }])
    expect(findOutputDrift([HERE], [{ name: "paint", flow_comfy }])).toEqual([]);
  expect(findOutputDrift([{ id: "paint" }], [])).toEqual([]);
});

const OTHER = { outputs: { sdxl_lighting: [{ node: 9, type: "audio" }] } } as const;

it("is part of verifyFlows for admins, who may read workflows", async () => {
  const { client } = await standinWithClient(OTHER);
  expect(await verifyFlows(client, Object.values(flows))).toEqual([
    {
      flow: "sdxl_lighting",
      rule: "output-kind-changed",
      message: "sdxl_lighting: node 9 makes audio now, not image.",
    },
  ]);
});

it("is skipped for other users", async () => {
  const users = { root: { password: "x", admin: true }, ann: "secret" };
  const { client } = await standinWithClient({ ...OTHER, auth: users });
  expect(await verifyFlows(client, Object.values(flows))).toEqual([]);
});
