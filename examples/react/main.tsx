/** Two ways to run a flow in React: a custom hook, and TanStack Query. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { createClient, type ResultFile } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { useFlowMutation } from "./use-flow-mutation.ts";
import { useRun } from "./use-run.ts";

const client = createClient({ baseUrl: "/api/vix" });

/** A result as a picture; its object URL is revoked when it is no longer shown. */
function Picture({ file }: { file: ResultFile }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    const left = new AbortController();
    file.blob({ signal: left.signal }).then(
      (blob) => setUrl((made = URL.createObjectURL(blob))),
      () => undefined,
    );
    return () => {
      left.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [file]);
  return url ? <img src={url} alt={`Result of task ${file.taskId}`} /> : null;
}

function OwnHook() {
  const { id, state, percent, files, error, start, attach, stop, reset } = useRun(client);
  useEffect(() => {
    const shown = Number(location.hash.slice(1));
    if (shown > 0) attach(shown);
  }, [attach]);
  // After a reload, attaches to the existing task.
  useEffect(() => {
    if (id !== undefined) history.replaceState(null, "", `#${id}`);
  }, [id]);
  const run = (form: FormData) =>
    start((signal) => sdxlLighting(client, { prompt: form.get("prompt") as string }, { signal }));
  return (
    <section aria-label="Own hook">
      <form action={run}>
        <input name="prompt" aria-label="Prompt" /> <button>Run</button>
      </form>
      <button onClick={stop}>Stop</button> <button onClick={reset}>Reset</button>
      <p role="status">
        {state} {Math.round(percent)} %
      </p>
      {error && <p role="alert">{error.message}</p>}
      {files.map((file) => (
        <Picture key={`${file.nodeId} ${file.index}`} file={file} />
      ))}
    </section>
  );
}

function WithQuery() {
  const {
    mutate,
    data = [],
    error,
    isPending,
    percent,
    stop,
  } = useFlowMutation(client, sdxlLighting);
  return (
    <section aria-label="TanStack Query">
      <button onClick={() => mutate({ prompt: "a lighthouse" })}>Make a lighthouse</button>
      {isPending && <button onClick={stop}>Stop</button>}
      <p role="status">{isPending ? `${Math.round(percent)} %` : ""}</p>
      {error && <p role="alert">{error.message}</p>}
      {data.map((file) => (
        <Picture key={`${file.nodeId} ${file.index}`} file={file} />
      ))}
    </section>
  );
}

function App() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <label>
        <input type="checkbox" checked={shown} onChange={() => setShown(!shown)} /> Shown
      </label>
      {shown && <OwnHook />}
      <WithQuery />
    </>
  );
}

createRoot(document.querySelector("#root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
