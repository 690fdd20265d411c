import { Agent, fetch } from "undici";
import { calls } from "./calls.js";

const dispatcher = new Agent();
await calls((url, init) => fetch(url, { ...init, dispatcher }));
await calls(fetch);
