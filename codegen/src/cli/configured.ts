/** Uses the project's settings for options that were not given. */
import type { Command } from "commander";
import { readConfig, type Config } from "../config/config.js";

/** Setting → option, by command. */
const OPTIONS: Readonly<Record<string, Partial<Record<keyof Config, string>>>> = {
  pull: { source: "from", snapshot: "out", flows: "flows" },
  generate: { snapshot: "spec", out: "out", runtime: "runtime", flows: "flows", tasks: "tasks" },
  check: { snapshot: "spec", out: "out", runtime: "runtime", tasks: "tasks" },
  diff: { snapshot: "spec" },
};

/** Sets the options of a command from the settings of the project in the current folder. */
export async function applyConfig(command: Command): Promise<void> {
  const options = OPTIONS[command.name()];
  if (options === undefined) return;
  const config = await readConfig(process.cwd());
  const isGiven = (option: string): boolean =>
    !["default", "config", undefined].includes(command.getOptionValueSource(option));
  for (const [setting, option] of Object.entries(options)) {
    const value = config[setting as keyof Config];
    // With `generate --from`, the source replaces the snapshot.
    const isReplaced = option === "spec" && isGiven("from");
    if (value === undefined || isGiven(option) || isReplaced) continue;
    command.setOptionValueWithSource(option, value, "config");
  }
}
