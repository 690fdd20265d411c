/** All routes of the stand-in, in the order in which the server looks at them. */
import type { Route } from "../http/route.js";
import { createRoutes } from "./create.js";
import { flowRoutes } from "./flows.js";
import { otherRoutes } from "./other.js";
import { resultRoutes } from "./results.js";
import { taskRoutes } from "./tasks.js";

export const routes: readonly Route[] = [
  ...createRoutes,
  ...taskRoutes,
  ...resultRoutes,
  ...flowRoutes,
  ...otherRoutes,
];
