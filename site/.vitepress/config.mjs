/** The settings of the site. `npm run docs` writes the pages and the sidebar before. */
import { readFileSync } from "node:fs"

const sidebar = JSON.parse(readFileSync(new URL("../.generated/sidebar.json", import.meta.url), "utf8"))

/** Makes the anchors that GitHub makes, so that a link works in both places. */
const slugify = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-")

export default {
  title: "latchkey",
  description: "One interface to any identity vendor, for backend services in TypeScript",
  lang: "en",
  srcDir: ".generated",
  cleanUrls: false,
  lastUpdated: false,
  base: process.env.LATCHKEY_DOCS_BASE ?? "/",
  // Addresses on loopback stand in examples.
  ignoreDeadLinks: [/^https?:\/\/(127\.0\.0\.1|localhost)/],
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: { anchor: { slugify } },
  // The index of the search is one chunk.
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    sidebar,
    nav: [
      { text: "Guide", link: "/guide/" },
      { text: "Vendors", link: "/vendors/" },
      { text: "API", link: "/api/" },
    ],
    outline: [2, 3],
    search: { provider: "local" },
  },
}
