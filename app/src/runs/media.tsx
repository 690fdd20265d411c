/** A result as what it is: a picture, a film, a sound, a text; a tile for what a page cannot show. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, KindIcon } from "../parts/icon.js";
import { useFile, type Item } from "../state/files.js";
import { useWords } from "../words/words.js";

/** Texts that are longer are shown in part, in bytes. */
const MOST_TEXT = 200_000;

export function Media(props: {
  readonly item: Item;
  readonly alt: string;
  readonly wanted?: boolean;
  /** In the gallery films and sounds are played by opening them. */
  readonly small?: boolean;
}): JSX.Element {
  const { item, alt, wanted = true, small = false } = props;
  const { kind } = item;
  const t = useWords();
  const isModel = kind === "3d-model";
  const isQuiet = small && kind === "audio";
  const { url, blob, error, retry } = useFile(item, wanted && !isModel && !isQuiet);
  if (isModel || isQuiet)
    return (
      <div class="tile">
        <KindIcon kind={kind} />
        <span>{isModel ? t("modelResult") : t("kind.audio")}</span>
        {isModel && !small && <p class="quiet">{t("modelHint")}</p>}
      </div>
    );
  if (error !== undefined)
    return (
      <div class="tile">
        <Icon name="alert" />
        <span>
          {error instanceof Error && error.message === "missing"
            ? t("missingFile")
            : t("notLoaded")}
        </span>
        {!small && (
          <button type="button" onClick={retry}>
            {t("tryAgain")}
          </button>
        )}
      </div>
    );
  if (url === undefined || !blob)
    return <div class="tile loading" aria-label={t("loading")} role="img" />;
  switch (kind) {
    case "video":
      return small ? (
        <video src={url} muted preload="metadata" tabIndex={-1} aria-hidden="true" />
      ) : (
        <video src={url} controls loop aria-label={alt} />
      );
    case "audio":
      return <audio src={url} controls aria-label={alt} />;
    case "text":
      return <TextOf blob={blob} />;
    default:
      return <img src={url} alt={alt} />;
  }
}

function TextOf({ blob }: { blob: Blob }): JSX.Element {
  const [text, setText] = useState("");
  useEffect(() => {
    void blob.slice(0, MOST_TEXT).text().then(setText);
  }, [blob]);
  return (
    <pre class="text-result" tabIndex={0}>
      {text}
    </pre>
  );
}
