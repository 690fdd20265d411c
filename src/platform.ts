/** Where the library runs, as far as that makes a difference. */

/** Whether this is a page or a worker of a browser; all of them, and only they, say `Mozilla`. */
export function inBrowser(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return /^Mozilla\//.test(navigator?.userAgent ?? "");
}
