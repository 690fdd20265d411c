// The application: makes a picture from a prompt, and removes a picture's background.
const { createClient } = require("visionatrix-client");
const { removeBackgroundBirefnet, sdxlLighting } = require("visionatrix-client/flows");

const clientOf = (baseUrl) => createClient({ baseUrl });

exports.picture = async (baseUrl, prompt) => {
  const { files } = await sdxlLighting(clientOf(baseUrl), { prompt }).result();
  return files[0].bytes();
};

exports.cutout = async (baseUrl, input_image) => {
  const { files } = await removeBackgroundBirefnet(clientOf(baseUrl), { input_image }).result();
  return files[0].bytes();
};
