/** Builds with webpack, without its command line. Run: node webpack.config.cjs */
const webpack = require("webpack");

const options = {
  mode: "production",
  context: __dirname,
  entry: "./program.js",
  target: ["web", "es2022"],
  experiments: { outputModule: true },
  output: { path: `${__dirname}/out`, filename: "bundle.js", module: true, publicPath: "./" },
};
webpack(options, (error, stats) => {
  if (!error && !stats.hasErrors() && !stats.hasWarnings()) return;
  console.error(error ?? stats.toString("errors-warnings"));
  process.exitCode = 1;
});
