/** All routes of the stand-in. */
import type { Route } from "../http/route.js";
import { baseRoutes } from "./base.js";
import { openapiRoutes } from "./openapi.js";

export const routes: readonly Route[] = [...baseRoutes, ...openapiRoutes];
