// Run: node --experimental-vm-modules node_modules/jest/bin/jest.js --config jest.esm.config.mjs
export default {
  globalSetup: "./start-standin.mjs",
  globalTeardown: "./stop-standin.mjs",
  testMatch: ["**/*.test.mjs"],
  moduleFileExtensions: ["mjs", "js", "json"],
  transform: {},
};
