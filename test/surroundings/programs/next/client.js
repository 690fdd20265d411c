import { createClient } from "visionatrix-client";

const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;

export const client = () => createClient({ baseUrl: VIX_URL, auth: { username, password } });
