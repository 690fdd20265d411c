// A site on Express 5.
// Run: npm install express, then VIX_URL=http://gpu-box:8288 node examples/express/server.mjs
import express from "express";
import { port, proxy, receiver, sendEvents } from "../node/site.mjs";

const app = express();
// Before any body parser, so that forms are streamed.
app.use("/api/vix", proxy.node);
app.use(express.json());
app.use("/hooks", receiver.node);
app.get("/pictures", (request, response) => sendEvents(request.query.prompt, response));

app.listen(port, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${port}`));
