import fetch from "node-fetch";
import { calls } from "./calls.js";

await calls(fetch);
