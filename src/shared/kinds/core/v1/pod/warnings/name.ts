import { dns1123LabelProblems } from '../../../../../meta/names.ts';

/** Returns the warning about a name that is no label, or longer than one. @param use says of what it becomes a part. */
export function nameWarnings(name: string, use: string): string[] {
  const problems = dns1123LabelProblems(name);
  const hint = `this is used in ${use}, which can result in surprising behavior`;
  return problems.length > 0
    ? [`metadata.name: ${hint}; a DNS label is recommended: [${problems.join(' ')}]`]
    : [];
}
