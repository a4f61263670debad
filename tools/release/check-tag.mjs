// Fails unless a tag names the version in the files, and the changelog has a section about it:
// `node tools/release/check-tag.mjs v1.2.3`.

import { Failure, main } from "../command.mjs";
import { notesOf, version } from "./version.mjs";

await main(async () => {
  const [tag] = process.argv.slice(2);
  if (tag !== `v${version}`) throw new Failure(`the tag is ${tag}, and pkg/package.json says ${version}`);
  notesOf(version);
  console.log(`${tag} is the version in the files, and the changelog has its section`);
});
