/** Unique identifiers: 128 random bits as letters and digits. */
export function randomId(): string {
  // Not `randomUUID`, which browsers deny to pages loaded over plain HTTP.
  return [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
}
