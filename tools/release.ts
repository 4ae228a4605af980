/**
 * What a release needs besides the package: `check TAG` that it is this version and the changelog knows it, `notes TAG` of the
 * changelog, `formula TARBALL` for Homebrew.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

/** What the changelog says of a version. Throws when it has no such heading, or nothing below it. */
export function notesOf(version: string, changelog = read('CHANGELOG.md')): string {
  const heading = `## ${version}`;
  const sections = changelog.split(/^(?=## )/m);
  const found = sections.find(
    (each) => each === heading || (/^[\s-]/.test(each.slice(heading.length)) && each.startsWith(heading)),
  );
  const text = found?.slice(found.indexOf('\n') + 1).trim();
  if (!text) throw new Error(`CHANGELOG.md has nothing below a heading "${heading}": rename "## Unreleased"`);
  return text;
}

/** The version of a tag. Throws when package.json has another. */
export function versionOf(tag: string, own = JSON.parse(read('package.json')).version): string {
  if (tag !== `v${own}`)
    throw new Error(`the tag ${tag} is not the version of package.json: expected v${own}`);
  return own;
}

/** The formula for a tarball as it was published. */
export function formulaOf(tarball: string): string {
  const version = /^shallop-(.+)\.tgz$/.exec(basename(tarball))?.[1];
  if (!version) throw new Error(`${tarball} is no shallop-VERSION.tgz`);
  const sum = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  return read('packaging/homebrew/shallop.rb')
    .replace(/^#.*\n/, '')
    .replace('@VERSION@', version)
    .replace('@SHA256@', sum);
}

if (import.meta.filename === process.argv[1]) {
  const [verb, operand = ''] = process.argv.slice(2);
  if (verb === 'check') notesOf(versionOf(operand));
  else if (verb === 'notes') console.log(notesOf(operand.replace(/^v/, '')));
  else if (verb === 'formula') process.stdout.write(formulaOf(resolve(operand)));
  else throw new Error('say: check TAG, notes TAG, or formula TARBALL');
}
