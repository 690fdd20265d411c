/** All conformance cases, by what they are about: what the tests run and what the page on fidelity lists. */
import { accessCases } from "./access.cases.js";
import type { Case } from "./case.js";
import { createCases } from "./create.cases.js";
import { engineCases } from "./engine.cases.js";
import { flowAdminCases } from "./flow-admin.cases.js";
import { flowCases } from "./flows.cases.js";
import { lifecycleCases } from "./lifecycle.cases.js";
import { multipartCases } from "./multipart.cases.js";
import { resultCases } from "./results.cases.js";
import { sendingCases } from "./sending.cases.js";
import { settingCases } from "./settings.cases.js";
import { stateCases } from "./states.cases.js";
import { valueCases } from "./values.cases.js";
import { workerCases } from "./worker.cases.js";

export const allCases: readonly Case[] = [
  ...accessCases,
  ...multipartCases,
  ...valueCases,
  ...createCases,
  ...engineCases,
  ...lifecycleCases,
  ...workerCases,
  ...resultCases,
  ...flowCases,
  ...flowAdminCases,
  ...settingCases,
  ...stateCases,
  ...sendingCases,
];
