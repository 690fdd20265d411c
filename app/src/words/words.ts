/** Words in the chosen language. */
import { language, type Language } from "../state/settings.js";
import { useStore } from "../state/store.js";
import { en, type Words } from "./en.js";
import { zh } from "./zh.js";

export type Word = keyof Words;
export type Fill = Readonly<Record<string, string | number>>;
export type Translate = (word: Word, fill?: Fill) => string;

const LANGUAGES: Readonly<Record<Language, Words>> = { en, zh };

function inLanguage(chosen: Language): Translate {
  return (word, fill = {}) =>
    LANGUAGES[chosen][word].replace(/\{(\w+)\}/g, (_, name: string) => `${fill[name] ?? ""}`);
}

/** The words for a component, which is drawn anew when the language changes. */
export function useWords(): Translate {
  return inLanguage(useStore(language));
}
