import { accessCases } from "./access.cases.js";
import { runCases } from "./case.js";

runCases(accessCases);
