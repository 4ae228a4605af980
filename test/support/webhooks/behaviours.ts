import { allowing, type Behaviour, patching } from './server.ts';

const review = (fields: object): string => JSON.stringify(fields);
const v1 = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
const patch =
  (...operations: object[]): Behaviour =>
  (asked) =>
    allowing(asked, patching(operations));
const denied =
  (status?: object): Behaviour =>
  (asked) =>
    allowing(asked, { allowed: false, ...(status && { status }) });
const causes = [{ reason: 'r', message: 'cm', field: 'f' }];

/** How webhooks answer well and badly; a real server was asked with the same answers (testdata/webhooks.json). */
export const behaviours: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['deny', denied()],
  ['denymsg', denied({ message: 'no way' })],
  ['denyreason', denied({ reason: 'Because' })],
  ['denycode', denied({ code: 409, message: 'm', reason: 'Custom', details: { name: 'n', causes } })],
  ['denylow', denied({ code: 200, status: 'Success', message: 'm' })],
  ['rubbish', () => 'this is rubbish'],
  ['empty', () => ''],
  ['nokind', ({ request }) => review({ response: { uid: request?.uid, allowed: true } })],
  ['nothing', () => '{}'],
  ['arr', () => '[]'],
  ['nul', () => 'null'],
  ['num', () => '3'],
  ['nover', ({ request }) => review({ kind: v1.kind, response: { uid: request?.uid, allowed: true } })],
  ['wrongkind', () => review({ apiVersion: 'v1', kind: 'Pod' })],
  ['foo', () => review({ apiVersion: 'foo/v1', kind: 'Foo' })],
  ['beta', () => review({ ...v1, apiVersion: 'admission.k8s.io/v1beta1', response: { allowed: true } })],
  ['noresp', () => review(v1)],
  ['wronguid', () => review({ ...v1, response: { uid: 'x', allowed: true } })],
  ['badtype', (asked) => allowing(asked, { allowed: 'yes' })],
  ['badb64', (asked) => allowing(asked, { patchType: 'JSONPatch', patch: '!!!' })],
  ['notype', (asked) => allowing(asked, { patch: patching([]).patch })],
  ['nopatch', (asked) => allowing(asked, { patchType: 'JSONPatch' })],
  ['emptytype', (asked) => allowing(asked, { ...patching([]), patchType: '' })],
  [
    'wrongtype',
    (asked) =>
      allowing(asked, { ...patching([{ op: 'add', path: '/data', value: {} }]), patchType: 'Merge' }),
  ],
  ['patchobj', (asked) => allowing(asked, patching({}))],
  ['patchrub', (asked) => allowing(asked, patching('rub'))],
  ['ignorepatch', (asked) => allowing(asked, patching('rub'))],
  ['patchtest', patch({ op: 'test', path: '/data/a', value: 'zz' })],
  ['patchmiss', patch({ op: 'remove', path: '/data/zz/y' })],
  ['ignoremiss', patch({ op: 'remove', path: '/data/zz/y' })],
  ['patchmiss2', patch({ op: 'remove', path: '/data/zz' })],
  ['patchop', patch({ op: 'frob', path: '/data/zz' })],
  ['patchbad', patch({ op: 'add', path: '/data', value: 3 })],
  ['patchkind', patch({ op: 'replace', path: '/kind', value: 'Pod' })],
  ['patchname', patch({ op: 'replace', path: '/metadata/name', value: 'other' })],
  ['patchns', patch({ op: 'replace', path: '/metadata/namespace', value: 'other' })],
  ['patchunk', patch({ op: 'add', path: '/wibble', value: 3 })],
  [
    'patchok',
    (asked) =>
      allowing(asked, {
        ...patching([{ op: 'add', path: '/data/x', value: 'y' }]),
        warnings: ['w1', 'w2'],
        auditAnnotations: { a: 'b' },
      }),
  ],
  ['valpatch', patch({ op: 'add', path: '/data/x', value: 'y' })],
]);
