/** All routes that descriptions list, in the order in which the server matches them. */
import type { Route } from "../http/route.js";
import { createRoutes } from "./create.js";
import { flowAdminRoutes } from "./flow-admin.js";
import { flowRoutes } from "./flows.js";
import { otherRoutes } from "./other.js";
import { resultRoutes } from "./results.js";
import { settingRoutes } from "./settings.js";
import { taskRoutes } from "./tasks.js";
import { workerRoutes } from "./worker.js";
import { workersRoutes } from "./workers.js";

export const baseRoutes: readonly Route[] = [
  ...createRoutes,
  ...taskRoutes,
  ...resultRoutes,
  ...workerRoutes,
  ...workersRoutes,
  ...flowRoutes,
  ...flowAdminRoutes,
  ...otherRoutes,
  ...settingRoutes,
];
