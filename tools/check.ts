/** `npm run check`: types and lint beside the fast tests, so that no core is idle. Fails when one of them does. */
import { type StdioOptions, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

interface Ended {
  name: string;
  isGood: boolean;
  output: string;
}

/** Runs a script of package.json. What it prints is kept unless `stdio` lets it through. */
async function run(name: string, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): Promise<Ended> {
  const child = spawn('npm', ['run', '-s', name], { stdio, shell: process.platform === 'win32' });
  const ended = new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
  const printed = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''));
  const [isGood, ...output] = await Promise.all([ended, ...printed]);
  return { name, isGood, output: output.join('') };
}

const beside = async () => [await run('types'), await run('lint')];
const [looks, tests] = await Promise.all([beside(), run('test:fast', 'inherit')]);
for (const { name, isGood, output } of [...looks, tests]) {
  if (!isGood) process.stdout.write(output);
  console.log(`${name}: ${isGood ? 'passed' : 'FAILED'}`);
}
if ([...looks, tests].some(({ isGood }) => !isGood)) process.exitCode = 1;
