import { runCases } from "./case.js";
import { flowCases } from "./flows.cases.js";
import { workerCases } from "./worker.cases.js";

runCases([...workerCases, ...flowCases]);
