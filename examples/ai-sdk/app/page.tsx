"use client";
import { useRef, useState, type FormEvent } from "react";
import type { Picture } from "./api/pictures/route";

/** A page that makes a picture, and then variations of it. */
export default function Page() {
  const [pictures, setPictures] = useState<Picture[]>([]);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController>(null);

  async function ask(prompt: string, from?: Picture) {
    stop.current = new AbortController();
    setBusy(true);
    setError("");
    try {
      const response = await fetch("/api/pictures", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          prompt,
          from: from && { taskId: from.taskId, nodeId: from.nodeId },
        }),
        signal: stop.current.signal,
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      setPictures((earlier) => [answer, ...earlier]);
    } catch (reason) {
      if (!stop.current.signal.aborted) setError((reason as Error).message);
    } finally {
      setBusy(false);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>, from?: Picture) {
    event.preventDefault();
    void ask(String(new FormData(event.currentTarget).get("prompt")), from);
  }

  return (
    <main>
      <h1>Pictures</h1>
      <form onSubmit={(event) => submit(event)}>
        <input name="prompt" required placeholder="a lighthouse at dawn" disabled={busy} />
        <button disabled={busy}>Make</button>
      </form>
      {busy && <button onClick={() => stop.current?.abort()}>Stop</button>}
      {error && <p role="alert">{error}</p>}
      {pictures.map((picture) => (
        <figure key={picture.taskId}>
          <img src={picture.image} alt={picture.prompt} style={{ maxWidth: "100%" }} />
          <figcaption>
            {picture.prompt} (seed {picture.seed})
          </figcaption>
          <form onSubmit={(event) => submit(event, picture)}>
            <input name="prompt" required placeholder="make it winter" disabled={busy} />
            <button disabled={busy}>Vary</button>
          </form>
        </figure>
      ))}
    </main>
  );
}
