import { lifecycleCases } from "./lifecycle.cases.js";
import { runCases } from "./case.js";

runCases(lifecycleCases);
