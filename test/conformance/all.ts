/** All conformance cases, in the groups in which they run. The page on fidelity lists them, too. */
import type { Case } from "./case.js";
import { adminHeadersCases } from "./admin-headers.cases.js";
import { childrenCases } from "./children.cases.js";
import { corsCases } from "./cors.cases.js";
import { createSyncCases } from "./create-sync.cases.js";
import { credentialsCases } from "./credentials.cases.js";
import { descriptionsCases } from "./descriptions.cases.js";
import { describedInputsCases } from "./described-inputs.cases.js";
import { endsCases } from "./ends.cases.js";
import { engineCases } from "./engine.cases.js";
import { flowAdminCases } from "./flow-admin.cases.js";
import { flowDetailsCases } from "./flow-details.cases.js";
import { inputsCases } from "./flow-inputs.cases.js";
import { flowCases } from "./flows.cases.js";
import { formsCases } from "./forms.cases.js";
import { inputFilesCases } from "./input-files.cases.js";
import { languageCases } from "./language.cases.js";
import { limitsCases } from "./limits.cases.js";
import { lostCreatesCases } from "./lost-creates.cases.js";
import { filesCases } from "./moved-files.cases.js";
import { modesCases } from "./modes.cases.js";
import { multipartCases } from "./multipart.cases.js";
import { othersCases } from "./other-endpoints.cases.js";
import { queueCases } from "./queue.cases.js";
import { rangesCases } from "./ranges.cases.js";
import { readingCases } from "./reading.cases.js";
import { referencesCases } from "./references.cases.js";
import { repeatsCases } from "./repeats.cases.js";
import { resultKindsCases } from "./result-kinds.cases.js";
import { resultsCases } from "./results.cases.js";
import { seedsCases } from "./seeds.cases.js";
import { settingCases } from "./settings.cases.js";
import { standardCases } from "./standard-values.cases.js";
import { stateCases } from "./states.cases.js";
import { taskJsonCases } from "./task-json.cases.js";
import { uploadsCases } from "./uploads.cases.js";
import { valueCases } from "./values.cases.js";
import { webhookFieldsCases } from "./webhook-fields.cases.js";
import { webhooksCases } from "./webhooks.cases.js";
import { workerCases } from "./worker.cases.js";
import { workerTimesCases } from "./worker-times.cases.js";
import { workerCallsCases } from "./worker-calls.cases.js";

export const caseGroups = {
  access: [...credentialsCases, ...corsCases, ...limitsCases, ...settingCases, ...othersCases],
  forms: [
    ...formsCases,
    ...multipartCases,
    ...standardCases,
    ...inputsCases,
    ...valueCases,
    ...seedsCases,
    ...languageCases,
    ...webhookFieldsCases,
  ],
  creates: [
    ...childrenCases,
    ...adminHeadersCases,
    ...createSyncCases,
    ...lostCreatesCases,
    ...repeatsCases,
  ],
  files: [
    ...uploadsCases,
    ...referencesCases,
    ...filesCases,
    ...resultsCases,
    ...rangesCases,
    ...inputFilesCases,
    ...resultKindsCases,
    ...engineCases,
  ],
  tasks: [
    ...taskJsonCases,
    ...readingCases,
    ...queueCases,
    ...stateCases,
    ...endsCases,
    ...modesCases,
  ],
  workers: [...workerCallsCases, ...workerCases, ...workerTimesCases, ...webhooksCases],
  flows: [
    ...descriptionsCases,
    ...describedInputsCases,
    ...flowCases,
    ...flowDetailsCases,
    ...flowAdminCases,
  ],
} satisfies Record<string, readonly Case[]>;

export const allCases: readonly Case[] = Object.values(caseGroups).flat();
