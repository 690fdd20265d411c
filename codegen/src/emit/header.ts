/** First line of every file that we write, and how we know it again. No text of a description in it. */
import { code } from "../safe/code.js";

export const HEADER = code`// Written by vix-codegen from a description of flows. Do not edit: run \`vix-codegen generate\`.`;
