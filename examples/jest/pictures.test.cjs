const { cutout, picture } = require("./pictures.cjs");

test("makes a picture and cuts it out", async () => {
  const bytes = await picture(process.env.VIX_URL, "a lighthouse at dawn");
  const cut = await cutout(process.env.VIX_URL, bytes);
  expect(Buffer.from(cut).toString("latin1", 1, 4)).toBe("PNG");
});

test("says what is wrong with a prompt", async () => {
  await expect(picture(process.env.VIX_URL)).rejects.toMatchObject({ code: "invalid_params" });
});
