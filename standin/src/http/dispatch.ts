/** From a request's head to its response: CORS, authentication, route, handler. */
import type { IncomingMessage } from "node:http";
import type { User } from "../users.js";
import type { Cors } from "./cors.js";
import { HttpError } from "./errors.js";
import { bare, bare500, notAuthenticated, type Reply } from "./reply.js";
import { type Context, methodNotAllowed, notFound, type Router } from "./route.js";
import type { Target } from "./target.js";

/** Paths that the real server forwards to ComfyUI. The stand-in has no ComfyUI. */
const COMFY_PATHS = /^\/(?:comfy|scripts|kjweb_async|ollama)/i;

export interface Dispatch {
  readonly router: Router;
  readonly cors: Cors;
  readonly target: Target;
  /** Called once the user is known. */
  readonly noteUser: (id: string) => void;
}

/** The parts of a handler's context that {@link dispatch} does not add. */
export type Circumstances = Omit<Context, "path" | "query" | "params" | "user">;

/** @throws errors that `replyToError` turns into responses */
export async function dispatch(
  { router, cors, target, noteUser }: Dispatch,
  circumstances: Circumstances,
): Promise<Reply> {
  const { app, req } = circumstances;
  const preflight = cors.preflight(req);
  if (preflight !== undefined) return preflight;

  const user = app.users.identify(req.headers.authorization);
  if (user === "broken") return bare500("undecodable credentials");
  if (user === "refused") return notAuthenticated();
  noteUser(user.id);

  const { route, params, path, query } = target;
  if (route === undefined) return withoutRoute(router, target, req, user);
  if (route.admin === true && !user.admin) throw new HttpError(401, "Admin privilege required");
  return await route.handle({ ...circumstances, path, query, params, user });
}

function withoutRoute(
  router: Router,
  { path, allow }: Target,
  req: IncomingMessage,
  user: User,
): Reply {
  if (COMFY_PATHS.test(path) && !user.admin) {
    return bare("Only admins allow to access ComfyUI", 403);
  }
  if (allow !== undefined) throw methodNotAllowed(allow);
  if (path.length > 1 && path.endsWith("/") && router.has(path.slice(0, -1))) {
    const url = req.url ?? "";
    const mark = url.indexOf("?");
    const raw = mark === -1 ? url : url.slice(0, mark);
    const query = mark === -1 ? "" : url.slice(mark);
    const location = `http://${req.headers.host ?? ""}${raw.replace(/\/+$/, "")}${query}`;
    return { status: 307, headers: { location }, body: Buffer.alloc(0) };
  }
  throw notFound();
}
