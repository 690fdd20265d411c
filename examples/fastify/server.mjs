// A site on Fastify 5.
// Run: npm install fastify, then VIX_URL=http://gpu-box:8288 node examples/fastify/server.mjs
import fastify from "fastify";
import { port, proxy, receiver, sendEvents } from "../node/site.mjs";

const app = fastify();
// Reads nothing, so that forms are streamed.
app.addContentTypeParser("multipart/form-data", (request, payload, done) => done(null));
app.all("/api/vix/*", (request, reply) => {
  reply.hijack();
  proxy.node(request.raw, reply.raw);
});
app.post("/hooks/*", (request, reply) => {
  reply.hijack();
  // Passes on the body that the parser has read.
  receiver.node(Object.assign(request.raw, { body: request.body }), reply.raw);
});
app.get("/pictures", (request, reply) => {
  reply.hijack();
  sendEvents(request.query.prompt, reply.raw);
});

await app.listen({ port, host: "127.0.0.1" });
console.log(`Listening on http://127.0.0.1:${port}`);
