// Prints the first ten results of rustdoc's own search for words, a line each: `word<TAB>rank<TAB>address`.
// Arguments: the folder of the documentation, the crate, the words.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, crate, ...words] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const script = (start) => {
  const name = readdirSync(join(folder, "static.files")).find((file) => file.startsWith(start));
  return require(join(folder, "static.files", name));
};
const { Stringdex, RoaringBitmap } = script("stringdex-");
const { initSearch } = script("search-");
// Of the script for settings, which needs a browser.
globalThis.nonnull = (value) => value;
globalThis.nonundef = (value) => value;
const index = join(folder, "search.index");
const { docSearch, DocSearch } = await initSearch(Stringdex, RoaringBitmap, {
  loadRoot: (callbacks) => {
    Object.assign(globalThis, callbacks);
    require(join(index, "root.js"));
  },
  loadTreeByHash: (hash) => require(join(index, `${hash}.js`)),
  loadDataByNameAndHash: (name, hash) => require(join(index, name, `${hash}.js`)),
});
for (const word of words) {
  const found = await docSearch.execQuery(DocSearch.parseQuery(word), null, crate);
  let rank = 0;
  for await (const one of found.others) {
    rank += 1;
    if (rank > 10) break;
    console.log([word, rank, one.href].join("\t"));
  }
}
