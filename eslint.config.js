import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "out/",
      "coverage/",
      "generated/",
      "examples/browser/dist/",
      "examples/ai-sdk/",
      // Compiled by its own settings, in the matrix.
      "examples/nest/",
      "**/*.d.ts",
    ],
  },
  eslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          "./tsconfig.json",
          "./examples/browser/tsconfig.json",
          "./examples/react/tsconfig.json",
          "./app/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A signal can be aborted with any reason, and that reason is kept.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    // The library runs in browsers and workers: what needs Node lives in src/node and src/cli.
    files: ["src/**/*.ts"],
    ignores: ["src/node/**", "src/cli/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: "^node:" }] }],
      "no-restricted-globals": ["error", "process", "Buffer", "global", "__dirname", "require"],
    },
  },
  {
    // A stand-in that shared code with the client would prove nothing about it; codegen stands alone.
    files: ["standin/src/**/*.ts", "codegen/src/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "visionatrix-client|(\\.\\./)+(src|generated|standin|codegen)/" }] },
      ],
    },
  },
  {
    // The app uses the package as any page would.
    files: ["app/**/*.ts", "app/**/*.tsx"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "(\\.\\./)+(src|generated|standin|codegen)/" }] },
      ],
    },
  },
  {
    // A test that meets undefined where it counts on a value should fail right there.
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    // Programs in plain JavaScript, as users write them.
    files: ["test/surroundings/programs/**", "examples/**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...["AbortController", "Blob", "Buffer", "File", "ReadableStream", "Response"],
          ...["TextEncoder", "TransformStream", "fetch", "setTimeout"],
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        ...{ exports: "writable", module: "writable", require: "readonly", __dirname: "readonly" },
      },
    },
  },
  {
    files: ["examples/jest/**"],
    languageOptions: { globals: { expect: "readonly", test: "readonly" } },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
