/** `v1` before `v1beta2` before `v1alpha1`, higher numbers first; other names after these, in their order. */
export function byPreference(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  return right.stage - left.stage || right.major - left.major || right.minor - left.minor;
}

const stages = { alpha: 0, beta: 1, '': 2 };

function parse(version: string) {
  const [, major, stage = '', minor = '0'] =
    /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(version) ?? [];
  if (!major) return undefined;
  return { major: Number(major), stage: stages[stage as keyof typeof stages], minor: Number(minor) };
}
