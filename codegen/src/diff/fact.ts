/** A value in a description, as both sides of a comparison and all reports hold it. */
/** A value before or after a change; null when there is none. */
export type Fact = string | number | boolean | null | readonly string[];
