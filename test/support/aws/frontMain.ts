/** Run as a process of its own, with the environment of the function: node frontMain.ts BUNDLE OPTIONS */
import { pathToFileURL } from 'node:url';
import { installAwsLambda } from './awslambda.ts';
import { type FrontOptions, openFront } from './front.ts';

const [bundle = '', options = '{}'] = process.argv.slice(2);
installAwsLambda();
const { handler } = await import(pathToFileURL(bundle).href);
const { port } = await openFront({
  stage: 'prod',
  timeoutMs: 900_000,
  idleMs: 300_000,
  tellsDisconnects: true,
  ...(JSON.parse(options) as Partial<FrontOptions>),
  handler,
  onProblem: (problem) => process.stderr.write(`front: ${problem}\n`),
});
process.send?.({ port });
process.once('disconnect', () => process.exit(0));
