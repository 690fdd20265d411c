import { runCases } from "./case.js";
import { flowAdminCases } from "./flow-admin.cases.js";
import { sendingCases } from "./sending.cases.js";
import { settingCases } from "./settings.cases.js";
import { stateCases } from "./states.cases.js";

runCases([...flowAdminCases, ...settingCases, ...stateCases, ...sendingCases]);
