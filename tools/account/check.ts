/** Something that an account needs before anything is deployed. It reads and changes nothing. */
export interface Check {
  name: string;
  /** Throws when the account cannot be asked: a right less, an emulator. */
  look(asked: Asked): Promise<Finding>;
}

/** What is asked about. */
export interface Asked {
  /** Name of the deployment that is meant. */
  deployment: string;
  /** Images that Pods are to run. */
  images: string[];
  /** As CDK names it: what the deployment is to be like. */
  architecture: 'amd64' | 'arm64';
}

/** `stops`: a deployment fails, or its Pods do. `warns`: it works, for less than one would expect. */
export type Verdict = 'good' | 'warns' | 'stops' | 'unknown';

export interface Finding {
  verdict: Verdict;
  says: string;
  /** What to do about it. */
  remedy?: string;
}

export interface Checked extends Finding {
  name: string;
}

/** Asks the account about everything; what it does not answer is unknown, and never good. */
export async function checkAccount(checks: readonly Check[], asked: Asked): Promise<Checked[]> {
  const found: Checked[] = [];
  for (const { name, look } of checks)
    found.push({
      name,
      ...(await look(asked).catch(
        (error: Error): Finding => ({ verdict: 'unknown', says: `not told: ${error.message}` }),
      )),
    });
  return found;
}

/** Lines for people, the worst last. */
export function linesOf(found: Checked[]): string[] {
  const order: Verdict[] = ['good', 'unknown', 'warns', 'stops'];
  const sorted = found.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const width = Math.max(...found.map(({ name }) => name.length));
  return sorted.flatMap(({ name, verdict, says, remedy }) => [
    `${verdict.padEnd(8)}${name.padEnd(width + 2)}${says}`,
    ...(remedy ? [`${' '.repeat(width + 10)}→ ${remedy}`] : []),
  ]);
}

/** Whether a deployment can be tried. */
export const mayDeploy = (found: Checked[]): boolean => !found.some(({ verdict }) => verdict === 'stops');
