/** Credentials of the user, from the environment. */
import { CodegenError } from "../errors.js";

/** The `Authorization` header for `VIX_USERNAME` and `VIX_PASSWORD`; undefined when neither is set. */
export function authorization(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const username = env["VIX_USERNAME"] ?? "";
  const password = env["VIX_PASSWORD"] ?? "";
  if (username === "" && password === "") return undefined;
  if (username === "" || password === "") {
    throw new CodegenError("credentials_incomplete", "The credentials are incomplete.", {
      value: username === "" ? "VIX_USERNAME is empty" : "VIX_PASSWORD is empty",
      hint: "Set both VIX_USERNAME and VIX_PASSWORD, or neither.",
    });
  }
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
