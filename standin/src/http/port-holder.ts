/** Reserves a port while the server does not listen on it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

const WILDCARDS = new Set(["0.0.0.0", "::"]);

/**
 * Reserves a port by an open connection from it. The system then gives the port to no other program, and still
 * refuses connections to it. The connection does not keep the process alive.
 */
export class PortHolder {
  #peer: Server | undefined;
  #socket: Socket | undefined;

  /** Resolves when the port is reserved. Where that is not possible, it resolves too. */
  async hold({ address, port }: AddressInfo): Promise<void> {
    const host = WILDCARDS.has(address) ? "127.0.0.1" : address;
    const peer = createServer((socket) => socket.on("error", () => undefined).unref());
    this.#peer = peer;
    await new Promise<void>((resolve) => {
      peer.once("error", () => resolve());
      peer.listen(0, host, () => {
        if (this.#peer !== peer) {
          resolve();
          return;
        }
        const peerPort = (peer.address() as AddressInfo).port;
        this.#socket = connect({ host, port: peerPort, localAddress: host, localPort: port });
        this.#socket.once("connect", () => resolve()).on("error", () => resolve());
        this.#socket.unref();
      });
      peer.unref();
    });
  }

  /** Resolves when the server can listen on the port again. */
  async release(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#peer?.close();
    this.#peer = undefined;
    if (socket === undefined || socket.closed) return;
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      // A reset connection does not stay on the port in the state TIME_WAIT.
      socket.resetAndDestroy();
    });
  }
}
