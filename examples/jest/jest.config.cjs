// Needs: npm install --save-dev jest @swc/core @swc/jest visionatrix-standin. Run: npx jest
module.exports = {
  globalSetup: "./start-standin.mjs",
  globalTeardown: "./stop-standin.mjs",
  testMatch: ["**/*.test.cjs"],
  // jest cannot `require` ES modules: these are compiled to CommonJS when they are loaded.
  transform: { "\\.[cm]?js$": "@swc/jest" },
  transformIgnorePatterns: ["/node_modules/(?!(visionatrix-client|openapi-fetch)/)"],
};
