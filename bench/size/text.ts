import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

const client = createClient({
  baseUrl: "http://localhost:8288",
  auth: { username: "a", password: "b" },
});
const { files } = await sdxlLighting(client, { prompt: "a sunset" }).result();
const [picture] = files;
if (picture) document.body.append(picture.name, URL.createObjectURL(await picture.blob()));
