/**
 * Takes out of kubectl's output what may differ between two runs: ages, times, uids, resourceVersions, addresses,
 * ports, generated names, names of nodes, column widths. The recorded outputs in testdata are stored this way.
 */
export function normalise(text: string, nodes: string[]): string {
  // One's name may begin as another's whole name is.
  const longestFirst = [...nodes].sort((a, b) => b.length - a.length);
  let out = longestFirst.reduce((rest, node) => rest.replaceAll(node, '<node>'), text);
  for (const [pattern, replacement] of rules) out = out.replace(pattern, replacement);
  return inOrder(out.split('\n').map(tidy)).join('\n');
}

/** What Kubernetes makes generated names of: no vowels, nothing that looks like another character. */
const generated = '[bcdfghjklmnpqrstvwxz0-9]';

const rules: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<JWT>'],
  [new RegExp(`\\b(my-python-app|web)-${generated}{6,10}(-${generated}{5})?\\b`, 'g'), '$1-<hash>'],
  [new RegExp(`pod-template-hash([=:"]+ ?"?)${generated}{6,10}`, 'g'), 'pod-template-hash$1<hash>'],
  [new RegExp(`kube-api-access-${generated}{5}`, 'g'), 'kube-api-access-<id>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/(resourceVersion"?: )"\d+"/g, '$1"<rv>"'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4}|Z)/g, '<time>'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, '<folder>/$1'],
  [/https:\/\/[\w.:[\]-]+:\d+/g, '<server>'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<ip>'],
  [/:3[012]\d{3}\//g, ':<nodePort>/'],
  [/(nodePort"?: )\d+/g, '$1<nodePort>'],
  [/(NodePort: .*?)3[012]\d{3}\//g, '$1<nodePort>/'],
  [/(^| {2})\d+(ms|s|m|h|d)(\d+[smh])?( \(x\d+ over \w+\))?(?= {2}|$)/gm, '$1<age>'],
  // How far a rollout was each time kubectl looked.
  [/^Waiting for deployment .* to finish: .*\n/gm, ''],
  // Server-side apply writes the last applied configuration a little differently from client-side apply.
  [/"annotations":\{\},|\\"annotations\\":\{\},/g, ''],
];

/** How wide a column is depends on what is in it. */
function tidy(line: string): string {
  return line.replace(/(\S) {2,}/g, '$1  ').trimEnd();
}

/** Rows of generated names come in the order of those names, so in no order. */
function inOrder(lines: string[]): string[] {
  const generatedName = (line: string) => line.includes('<hash>') && !line.includes(': ');
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    let end = i;
    while (end < lines.length && generatedName(lines[end]!)) end++;
    if (end === i) out.push(lines[i++]!);
    else {
      out.push(...lines.slice(i, end).sort());
      i = end;
    }
  }
  return out;
}
