/** A TLS server in front of a plain one. It accepts only clients with a certificate. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Writes `ca.pem`, and a `.pem` and a `.key` for `server` and `client`, all valid for a day. */
async function writeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "1",
    "-subj",
    "/CN=ca",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  );
  await writeFile(join(folder, "names"), "subjectAltName=IP:127.0.0.1");
  for (const name of ["server", "client"]) {
    await openssl(
      "req",
      ...key,
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    const signed = [
      "x509",
      "-req",
      "-days",
      "1",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
    ];
    await openssl(...signed, "-extfile", "names", "-in", `${name}.csr`, "-out", `${name}.pem`);
  }
}

/** @returns its address, and a function that closes it */
export async function startTlsServer(
  target: string,
  folder: string,
): Promise<{ url: string; close(): void }> {
  await writeCertificates(folder);
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "server.pem", "server.key"].map((name) => readFile(join(folder, name))),
  );
  const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options as object, (client) => {
    const plain = connect(Number(new URL(target).port), "127.0.0.1");
    plain.on("error", () => client.destroy());
    client.on("error", () => plain.destroy());
    client.pipe(plain).pipe(client);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, close: () => server.close() };
}
