/** Places in a JSON document, and the JSON pointers (RFC 6901) to them. */
import type { Json } from "./value.js";

/** A value together with its path, so that an error can name its place. */
export class Place {
  readonly value: Json | undefined;
  readonly #parent: Place | undefined;
  readonly #key: string;

  constructor(value: Json | undefined, parent?: Place, key: string | number = "") {
    this.value = value;
    this.#parent = parent;
    this.#key = String(key);
  }

  /** The value below `key`; its `value` is undefined when there is none. */
  at(key: string | number): Place {
    const { value } = this;
    if (Array.isArray(value)) return new Place(value[Number(key)], this, key);
    return new Place(value instanceof Map ? value.get(String(key)) : undefined, this, key);
  }

  /** The same place with another value, for a `$ref` merged with its sibling keywords. */
  with(value: Json): Place {
    return new Place(value, this.#parent, this.#key);
  }

  get pointer(): string {
    if (this.#parent === undefined) return "";
    return `${this.#parent.pointer}/${escapePointer(this.#key)}`;
  }
}

/** One key of a JSON pointer, escaped. */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The keys of the fragment of a `$ref` (without `#`); undefined when it is not a JSON pointer. */
export function pointerKeys(fragment: string): string[] | undefined {
  if (fragment === "") return [];
  if (!fragment.startsWith("/")) return undefined;
  try {
    return decodeURIComponent(fragment)
      .slice(1)
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}
