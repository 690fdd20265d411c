/**
 * Bytes with a buffer of their own. Written so that every TypeScript from 5.0 on accepts it: `Uint8Array`
 * takes a type argument only from 5.7 on.
 */
export type Bytes = ReturnType<typeof Uint8Array.of>;
