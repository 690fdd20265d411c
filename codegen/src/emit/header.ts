/** First line of every generated file, by which we recognise it. It contains no text of a description. */
import { code } from "../safe/code.js";

export const HEADER = code`// Written by vix-codegen from a description of flows. Do not edit: run \`vix-codegen generate\`.`;
