/** Run as a process of its own, with the environment of the function: node frontMain.ts BUNDLE, options by message. */
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { installAwsLambda } from './awslambda.ts';
import { type FrontOptions, openFront } from './front.ts';

const [bundle = ''] = process.argv.slice(2);
const [options] = (await once(process, 'message')) as [Omit<FrontOptions, 'handler' | 'onProblem'>];
installAwsLambda();
const { handler } = await import(pathToFileURL(bundle).href);
const { port } = await openFront({
  ...options,
  handler,
  onProblem: (problem) => process.stderr.write(`front: ${problem}\n`),
});
process.send?.({ port });
process.once('disconnect', () => process.exit(0));
