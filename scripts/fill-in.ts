/** Writes the output of a script into a page, between `<!-- NAME: made by … -->` and `<!-- end -->`. */
import { readFile, writeFile } from "node:fs/promises";

/** The page with new content at the mark. */
export function filledIn(page: string, name: string, content: string): string {
  const mark = new RegExp(`(<!-- ${name}: made by [^>]*-->\n).*?(<!-- end -->)`, "s");
  if (!mark.test(page)) throw new Error(`The page has no mark "${name}: made by …".`);
  return page.replace(mark, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}

/** @param text is shown unchanged, in a block */
export async function fillIn(path: string, name: string, text: string): Promise<void> {
  const page = await readFile(path, "utf8");
  await writeFile(path, filledIn(page, name, `\`\`\`text\n${text}\n\`\`\``));
}
