declare module "virtual:flow-outputs" {
  import type { MediaKind } from "visionatrix-client";
  const outputs: Readonly<Record<string, readonly MediaKind[]>>;
  export default outputs;
}
