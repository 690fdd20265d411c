/** Facts about a flow that a description lacks and its owner can give. */
import type { ListedFlow, ListedInput } from "./listed.js";

export interface InputFacts {
  readonly displayName?: string;
  readonly advanced?: boolean;
  readonly hidden?: boolean;
  readonly optional?: boolean;
  readonly translatable?: boolean;
  /** Set for an image that is a mask: the name of the image that it masks. */
  readonly masks?: string;
  /** For lists: the value that the workflow gets for each choice. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface FlowFacts {
  readonly displayName?: string;
  readonly author?: string;
  readonly tags?: readonly string[];
  readonly version?: string;
  /** For the server's own use; its tasks are hidden, too. */
  readonly hidden?: boolean;
  readonly requiredMemoryGb?: number;
  /** By the names of the inputs. */
  readonly inputs?: Readonly<Record<string, InputFacts>>;
}

/** An object without its undefined values, so that it can be spread over defaults. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function withInputFacts(input: ListedInput, facts: InputFacts): ListedInput {
  const { displayName, advanced, hidden, optional, translatable, masks, options } = facts;
  return {
    ...input,
    ...given({ display_name: displayName, advanced, hidden, optional, translatable, options }),
    ...(masks === undefined ? {} : { type: "image-mask", source_input_name: masks }),
  };
}

export function withFacts(listed: ListedFlow, facts: FlowFacts): ListedFlow {
  const { displayName, author, tags, version, hidden, requiredMemoryGb, inputs = {} } = facts;
  return {
    ...listed,
    ...given({
      display_name: displayName,
      author,
      tags,
      version,
      hidden,
      required_memory_gb: requiredMemoryGb,
    }),
    input_params: listed.input_params.map((input) =>
      Object.hasOwn(inputs, input.name) ? withInputFacts(input, inputs[input.name] ?? {}) : input,
    ),
  };
}
