// Needs: npm install --save-dev jest @swc/core @swc/jest visionatrix-standin. Run: npx jest
module.exports = {
  globalSetup: "./start-standin.mjs",
  globalTeardown: "./stop-standin.mjs",
  testMatch: ["**/*.test.cjs"],
  // jest has no `require` for ES modules: these two are turned into CommonJS as they load.
  transform: { "\\.[cm]?js$": "@swc/jest" },
  transformIgnorePatterns: ["/node_modules/(?!(visionatrix-client|openapi-fetch)/)"],
};
