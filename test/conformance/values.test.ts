import { runCases } from "./case.js";
import { engineCases } from "./engine.cases.js";
import { multipartCases } from "./multipart.cases.js";
import { valueCases } from "./values.cases.js";

runCases([...multipartCases, ...valueCases, ...engineCases]);
