/** Translation of texts. No provider can be reached, so all that there is of it is how it fails. */
import type { Flow } from "../flows/flow.js";
import { HttpError } from "../http/errors.js";

const PROVIDERS = ["ollama", "gemini"];
/** Texts of which more words than this look English are left alone. */
const ENGLISH_ENOUGH = 0.9;

function looksEnglish(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const english = words.filter((word) => /^[\x20-\x7e]*$/.test(word));
  return english.length > words.length * ENGLISH_ENOUGH || words.length === 0;
}

/**
 * What a create does that asks for a translation, with the setting `translations_provider`.
 *
 * @throws HttpError where the server would have to ask a provider, or does not know it
 */
export function checkTranslation(
  flow: Flow,
  params: ReadonlyMap<string, string>,
  provider: string | undefined,
  user: string,
): void {
  if (provider === undefined || !flow.listed.is_translations_supported) return;
  const texts = flow.listed.input_params.flatMap(({ name, translatable }) =>
    translatable ? (params.get(name) ?? []) : [],
  );
  const text = texts.find((one) => !looksEnglish(one));
  if (text === undefined) return;
  if (!PROVIDERS.includes(provider)) {
    throw new HttpError(501, `Unknown translation provider: ${provider}`);
  }
  throw new HttpError(
    500,
    `Can't translate the prompt: provider=${provider}, user_id=${user}, prompt=\`${text}\`: ` +
      "All connection attempts failed",
  );
}
