import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";

const client = createClient({
  baseUrl: "http://localhost:8288",
  auth: { username: "a", password: "b" },
});
const photo = await (await fetch("photo.jpg")).blob();
const { files } = await removeBackgroundBirefnet(client, { input_image: photo }).result();
const [picture] = files;
if (picture) document.body.append(picture.name, URL.createObjectURL(await picture.blob()));
