/** Tokens that prove that a call belongs to one of our runs: an HMAC over random bytes. */
import type { Bytes } from "../bytes/bytes.js";
import { toHex } from "../bytes/hex.js";
import { randomId } from "../bytes/random-id.js";

export interface Tokens {
  make(): Promise<string>;
  /** Whether a token is one of ours; compares in constant time. */
  isOurs(token: string): Promise<boolean>;
}

export function createTokens(secret: string): Tokens {
  const encoder = new TextEncoder();
  const key = crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  return {
    async make() {
      const nonce = randomId();
      const signature = await crypto.subtle.sign("HMAC", await key, encoder.encode(nonce));
      return `${nonce}.${toHex(new Uint8Array(signature))}`;
    },
    async isOurs(token) {
      const [nonce = "", signature = ""] = token.split(".");
      if (!/^[0-9a-f]{64}$/.test(signature)) return false;
      return crypto.subtle.verify("HMAC", await key, fromHex(signature), encoder.encode(nonce));
    },
  };
}

function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
