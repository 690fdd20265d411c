/** The site of the pages. Links out of docs/ lead to the repository, once project.json names it. Run: npm run docs:site */
import { copyFileSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { defineConfig } from "vitepress";

const { repository } = JSON.parse(
  readFileSync(new URL("../../project.json", import.meta.url), "utf8"),
) as { repository: string | null };

/** The part of a token that is used. */
interface Token {
  type: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** Where a link of a page leads in the repository; undefined inside of the site and for other sites. */
function outside(page: string, link: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(link)) return undefined;
  const path = normalize(join("docs", page, "..", link));
  return path.startsWith("docs/") ? undefined : path;
}

function leadOut(tokens: Token[], page: string): void {
  let removed = false;
  for (const token of tokens) {
    const path = token.type === "link_open" && outside(page, token.attrGet("href") ?? "");
    if (path && repository) token.attrSet("href", `${repository}/blob/main/${path}`);
    else if (path) removed = true;
    if ((path && !repository) || (removed && token.type === "link_close")) {
      if (token.type === "link_close") removed = false;
      // The words stay, and lead nowhere.
      token.type = "text";
      token.content = "";
    }
  }
}

const guide = (folder: string, names: readonly (readonly [text: string, page: string])[]) =>
  names.map(([text, page]) => ({ text, link: `${folder}/${page}` }));

export default defineConfig({
  title: "visionatrix-client",
  description: "A TypeScript client for Visionatrix: ComfyUI flows as typed functions",
  cleanUrls: true,
  buildEnd: ({ outDir }) => copyFileSync("llms.txt", join(outDir, "llms.txt")),
  markdown: {
    config: (md) => {
      md.core.ruler.push("lead-out", (state) => {
        const { relativePath = "" } = state.env as { relativePath?: string };
        for (const { children } of state.tokens as Token[])
          if (children) leadOut(children, relativePath);
      });
    },
  },
  locales: {
    root: { label: "English", lang: "en" },
    zh: {
      label: "简体中文",
      lang: "zh-CN",
      link: "/zh/getting-started",
      themeConfig: {
        sidebar: [
          {
            items: guide("/zh", [
              ["快速入门", "getting-started"],
              ["从 Python 指南迁移", "from-python"],
              ["运行", "runs"],
              ["文件", "files"],
            ]),
          },
        ],
      },
    },
  },
  themeConfig: {
    search: { provider: "local" },
    ...(repository && { socialLinks: [{ icon: "github", link: repository }] }),
    nav: [
      { text: "Guide", link: "/getting-started" },
      { text: "API", link: "/api/" },
    ],
    sidebar: [
      {
        text: "Guide",
        items: guide("", [
          ["Getting started", "getting-started"],
          ["From the Python guide", "from-python"],
          ["Runs", "runs"],
          ["Files", "files"],
          ["Recipes", "recipes"],
          ["Command line", "cli"],
        ]),
      },
      {
        text: "Where it runs",
        items: guide("", [
          ["Browsers and the proxy", "proxy"],
          ["CommonJS, jest, Nest", "commonjs"],
          ["Proxies, certificates, mocks", "http"],
          ["Scaling", "scaling"],
        ]),
      },
      {
        text: "Look up",
        items: guide("", [
          ["Errors", "errors"],
          ["Troubleshooting", "troubleshooting"],
          ["FAQ", "faq"],
          ["Security", "security"],
          ["Changes of a description", "spec-changes"],
          ["What the stand-in does", "stand-in"],
          ["How it works", "architecture"],
          ["API reference", "api/"],
        ]),
      },
    ],
  },
});
