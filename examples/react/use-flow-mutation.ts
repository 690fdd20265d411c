/** A flow as a mutation of TanStack Query, which has no signal to stop mutations. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Client, Flow } from "visionatrix-client";

export function useFlowMutation<Params extends object>(client: Client, flow: Flow<Params>) {
  const running = useRef<AbortController>(undefined);
  const [percent, setPercent] = useState(0);
  const mutation = useMutation({
    mutationFn: async (params: Params) => {
      const { signal } = (running.current = new AbortController());
      setPercent(0);
      const run = flow(client, params, { signal });
      return (await run.result({ onProgress: (progress) => setPercent(progress.percent) })).files;
    },
  });
  return { ...mutation, percent, stop: () => running.current?.abort() };
}
