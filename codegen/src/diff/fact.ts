/** A value before or after a change, as comparisons and reports hold it; null when there is none. */
export type Fact = string | number | boolean | null | readonly string[];
