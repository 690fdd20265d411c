/** Plain HTTP for the conformance cases: nothing is retried, followed, decoded or added. */
import { type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json(): unknown;
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** One request on its own connection. */
export function ask(base: string, method: string, path: string, what: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = what.body === undefined ? undefined : Buffer.from(what.body);
    const outgoing = request(
      new URL(base).origin + path,
      {
        method,
        agent: false,
        headers: {
          ...(body === undefined ? {} : { "content-length": body.length }),
          ...what.headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString("utf8"),
            json: () => JSON.parse(bytes.toString("utf8")) as unknown,
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export interface Upload {
  readonly filename: string;
  readonly bytes: Buffer | string;
  readonly type?: string;
}

export type FormFields = readonly (readonly [name: string, value: string | Upload])[];

const BOUNDARY = "----conformance-boundary-9f8e7d";

/** A multipart body built by hand, without an encoder. */
export function multipart(fields: FormFields): { headers: Record<string, string>; body: Buffer } {
  const parts = fields.flatMap(([name, value]) => {
    const disposition = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`;
    if (typeof value === "string") return [Buffer.from(`${disposition}\r\n\r\n${value}\r\n`)];
    const type = value.type ?? "application/octet-stream";
    const head = `${disposition}; filename="${value.filename}"\r\nContent-Type: ${type}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value.bytes), Buffer.from("\r\n")];
  });
  return {
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
