// Loaded before every program of a page. Maps the ports that pages print, on any host, to the test's own
// ports on this machine, so that commands run as printed and two tests can run at once.
const { Server, Socket } = require("node:net");

/** @type {Record<string, number>} printed port → own port */
const PORTS = JSON.parse(process.env.VIX_DOCS_PORTS ?? "{}");

/** @param {unknown[]} args of `connect` or `listen` */
function moved([first, ...rest]) {
  if (PORTS[first]) return [PORTS[first], ...rest];
  // Node's own callers pass the arguments as an array.
  const options = Array.isArray(first) ? first[0] : first;
  const own = PORTS[options?.port];
  if (own) Object.assign(options, { port: own, host: "127.0.0.1" });
  return [first, ...rest];
}

for (const [owner, name] of [
  [Socket.prototype, "connect"],
  [Server.prototype, "listen"],
]) {
  const original = owner[name];
  owner[name] = function (...args) {
    return original.apply(this, moved(args));
  };
}
