/** Identifiers that nobody else draws: 128 random bits in letters and digits. */
export function randomId(): string {
  // Not `randomUUID`, which browsers keep from pages that came over plain HTTP.
  return [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
}
