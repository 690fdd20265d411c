/** The bar at the top: the server and whether it answers, language, colours. */
import type { JSX } from "preact";
import { serverAddress } from "../state/client.js";
import { health } from "../state/health.js";
import { language, theme, type Language, type Theme } from "../state/settings.js";
import { useStore } from "../state/store.js";
import { lookNow } from "../state/tasks.js";
import { useWords } from "../words/words.js";
import { Icon } from "./icon.js";

export function Header(): JSX.Element {
  const t = useWords();
  const state = useStore(health);
  return (
    <header class="bar">
      <a class="skip" href="#form" onClick={(event) => skipTo(event)}>
        {t("skip")}
      </a>
      <img src="/icon.svg" alt="" width="28" height="28" />
      <h1>{t("appName")}</h1>
      <p class="server" data-state={state}>
        <span class="dot" />
        <span class="visually-hidden">
          {state === "ok"
            ? t("connected", { server: serverAddress })
            : state === "unknown"
              ? t("loading")
              : t("notConnected")}
        </span>
        <span class="server-name" aria-hidden="true">
          {serverAddress}
        </span>
      </p>
      <label class="pick">
        <span class="visually-hidden">{t("language")}</span>
        <select
          value={useStore(language)}
          onChange={({ currentTarget }) => language.set(currentTarget.value as Language)}
        >
          <option value="en">English</option>
          <option value="zh">中文</option>
        </select>
      </label>
      <label class="pick">
        <span class="visually-hidden">{t("theme")}</span>
        <select
          value={useStore(theme)}
          onChange={({ currentTarget }) => theme.set(currentTarget.value as Theme)}
        >
          <option value="auto">{t("themeAuto")}</option>
          <option value="light">{t("themeLight")}</option>
          <option value="dark">{t("themeDark")}</option>
        </select>
      </label>
    </header>
  );
}

/** The address keeps the chosen flow, so the link must not change it. */
function skipTo(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#form textarea, #form input, #form button")?.focus();
}

/** Says at once that the server is away, where everybody sees it. */
export function HealthBanner(): JSX.Element {
  const t = useWords();
  const state = useStore(health);
  const wrong = state === "ok" || state === "unknown" ? undefined : state;
  return (
    <div role="alert">
      {wrong && (
        <div class="banner">
          <Icon name="alert" />
          <p>{t(`health.${wrong}`, { server: serverAddress })}</p>
          {wrong !== "locked" && (
            <button type="button" onClick={lookNow}>
              {t("retryNow")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
