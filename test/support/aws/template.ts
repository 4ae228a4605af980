import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../../../infra/settings.ts';
import { ShallopStack } from '../../../infra/stacks/shallop.ts';

const { context: flags } = JSON.parse(readFileSync(join('cdk.json'), 'utf8'));

/** The stack as the app makes it with that context, with stand-ins for the bundles. Findings of cdk-nag throw. */
export function synthesise(context: Record<string, string> = {}): Template {
  const app = new App({ context: { ...flags, name: 'dev', ...context } });
  const settings = readSettings((key) => app.node.tryGetContext(key));
  const stack = new ShallopStack(app, 'Shallop', {
    stackName: `shallop-${settings.name}`,
    settings,
    code: () => Code.fromInline('exports.handler = () => {};'),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return Template.fromStack(stack);
}
