import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Experiment } from '../experiment.ts';

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

/** Every recorded kubectl command, by the test that replays them on the emulator. */
export const kubectlTable: Experiment = {
  name: 'kubectl-table',
  question: 'Does every recorded kubectl command answer as docs/compatibility.md says for AWS?',
  run: async ({ run, kubeconfig }) => {
    const folder = mkdtempSync(join(tmpdir(), 'shallop-account-table-'));
    const file = join(folder, 'results.json');
    const jest = ['--forceExit', '--json', `--outputFile=${file}`, '--testPathPatterns', 'aws/kubectlTable'];
    try {
      const { output } = await run('npm', ['test', '--', ...jest, '-t', 'kubectl v35'], {
        env: { SHALLOP_AWS_TESTS: '1', SHALLOP_KUBECONFIG_ON_AWS: kubeconfig },
      });
      const { numPassedTests, numFailedTests, testResults } = resultsIn(file, output);
      const failed = testResults.flatMap(({ assertionResults }) =>
        assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
      );
      const says = `${numPassedTests} as they should, ${numFailedTests} not${failed.length ? `: ${failed.slice(0, 20).join('; ')}` : ''}`;
      return { judgement: numFailedTests || !numPassedTests ? 'differs' : 'holds', says };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function resultsIn(file: string, output: string): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`the test did not run: ${output.slice(-500)}`);
  }
}
