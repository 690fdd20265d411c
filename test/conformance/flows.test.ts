import { caseGroups } from "./all.js";
import { runCases } from "./case.js";

runCases(caseGroups.flows);
