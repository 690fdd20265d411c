/** Language and colours: they follow the browser until they are chosen. Nothing else is stored. */
import { store, type Store } from "./store.js";

export type Language = "en" | "zh";
export type Theme = "auto" | "light" | "dark";

export const language: Store<Language> = kept("vix-language", ["en", "zh"], browserLanguage());
export const theme: Store<Theme> = kept("vix-theme", ["auto", "light", "dark"], "auto");

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function kept<T extends string>(key: string, values: readonly T[], initial: T): Store<T> {
  const saved = read(key);
  const setting = store(values.find((value) => value === saved) ?? initial);
  setting.subscribe(() => {
    try {
      localStorage.setItem(key, setting.get());
    } catch {
      // It then holds for this page alone.
    }
  });
  return setting;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Puts the settings on the page, now and whenever they change. */
export function applySettings(): void {
  const apply = (): void => {
    const root = document.documentElement;
    root.lang = language.get() === "zh" ? "zh-CN" : "en";
    root.dataset["theme"] = theme.get();
  };
  language.subscribe(apply);
  theme.subscribe(apply);
  apply();
}
