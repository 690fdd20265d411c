import { createCases } from "./create.cases.js";
import { runCases } from "./case.js";

runCases(createCases);
