import { runCases } from "./case.js";
import { resultCases } from "./results.cases.js";

runCases(resultCases);
