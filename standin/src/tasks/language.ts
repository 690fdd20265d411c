/** Translations and prompts by a language model, and the failure without one. */
import type { Flow } from "../flows/flow.js";
import { BareError, HttpError } from "../http/errors.js";

/** A request to a language model. */
export interface LanguageRequest {
  /** `"translate"`: the text into English. `"prompt"`: one prompt on the text, which is a theme. */
  readonly wanted: "translate" | "prompt";
  readonly text: string;
}

/** Replaces a language model. An error that it throws counts as the provider's failure. */
export type LanguageModel = (request: LanguageRequest) => string | Promise<string>;

/** A model, and the setting that the server needs to use one. */
export interface LanguageService {
  /** `translations_provider` or `llm_provider`. */
  readonly provider: string | undefined;
  readonly model: LanguageModel | undefined;
}

const PROVIDERS = ["ollama", "gemini"];
/** Texts with a larger share of English-looking words are not translated. */
const ENGLISH_ENOUGH = 0.9;

function looksEnglish(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const english = words.filter((word) => /^[\x20-\x7e]*$/.test(word));
  return english.length > words.length * ENGLISH_ENOUGH || words.length === 0;
}

/** @throws the model's error, or an Error if no model can be reached */
export async function askModel(
  { provider = "", model }: LanguageService,
  request: LanguageRequest,
): Promise<string> {
  if (model === undefined || !PROVIDERS.includes(provider)) {
    throw new Error("All connection attempts failed");
  }
  return await model(request);
}

/**
 * Translates the texts of a create. Returns them by parameter name; undefined if there are none.
 *
 * @throws HttpError if the provider is unknown or fails
 */
export async function translate(
  flow: Flow,
  params: ReadonlyMap<string, string>,
  service: LanguageService,
  user: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { provider } = service;
  if (provider === undefined || !flow.listed.is_translations_supported) return undefined;
  const translated: Record<string, string> = {};
  for (const { name, translatable } of flow.listed.input_params) {
    const text = translatable ? params.get(name) : undefined;
    if (text === undefined || looksEnglish(text)) continue;
    if (!PROVIDERS.includes(provider)) {
      throw new HttpError(501, `Unknown translation provider: ${provider}`);
    }
    try {
      translated[name] = await askModel(service, { wanted: "translate", text });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const what = `provider=${provider}, user_id=${user}, prompt=\`${text}\``;
      throw new HttpError(500, `Can't translate the prompt: ${what}: ${why}`);
    }
  }
  return Object.keys(translated).length === 0 ? undefined : translated;
}

/**
 * Makes one prompt on the theme for each task.
 *
 * @throws BareError if no model answers
 */
export async function surprise(
  theme: string,
  count: number,
  service: LanguageService,
): Promise<string[]> {
  const prompts: string[] = [];
  try {
    while (prompts.length < count) {
      prompts.push(await askModel(service, { wanted: "prompt", text: theme }));
    }
  } catch (error) {
    throw new BareError("no language model writes prompts", { cause: error });
  }
  return prompts;
}
