/** Reserves a port while the server does not listen on it. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { reachableHost } from "./reachable-host.js";

/**
 * Reserves a port by an open connection from it. The system then gives the port to no other program, and still
 * refuses connections to it. The connection does not keep the process alive.
 *
 * @returns releases the port; where it could not be reserved, does nothing
 */
export async function reservePort({ address, port }: AddressInfo): Promise<() => Promise<void>> {
  const host = reachableHost(address);
  const peer = createServer((socket) => socket.on("error", () => undefined).unref());
  try {
    peer.listen(0, host);
    await once(peer, "listening");
    const peerPort = (peer.address() as AddressInfo).port;
    const socket = connect({ host, port: peerPort, localAddress: host, localPort: port });
    await once(socket, "connect");
    socket.on("error", () => undefined).unref();
    peer.unref();
    return async () => {
      peer.close();
      if (socket.closed) return;
      // A reset connection does not stay on the port in the state TIME_WAIT.
      socket.resetAndDestroy();
      await once(socket, "close");
    };
  } catch {
    peer.close();
    return () => Promise.resolve();
  }
}
