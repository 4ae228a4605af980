import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, Validations } from 'aws-cdk-lib';
import { Annotations as Found, Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../../../infra/settings.ts';
import { ShallopStack } from '../../../infra/stacks/shallop.ts';

const { context: flags } = JSON.parse(readFileSync(join('cdk.json'), 'utf8'));

/** Warnings that are meant for whoever deploys, by their ids. Each would be printed at every synthesis of a test. */
const acknowledged = {
  'shallop:no-domain': 'Most tests look at a deployment without a domain of its own.',
};

/**
 * The stack as the app makes it with that context, with stand-ins for the bundles. Findings of cdk-nag throw, and so do
 * warnings that are not acknowledged here: nothing is printed.
 */
export function synthesise(context: Record<string, string> = {}): Template {
  const app = new App({ context: { ...flags, name: 'dev', ...context } });
  const settings = readSettings((key) => app.node.tryGetContext(key));
  const stack = new ShallopStack(app, 'Shallop', {
    stackName: `shallop-${settings.name}`,
    settings,
    release: { version: '1.2.3', commit: 'abcdef012' },
    code: () => Code.fromInline('exports.handler = () => {};'),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const [id, why] of Object.entries(acknowledged)) Annotations.of(stack).acknowledgeWarning(id, why);
  app.synth();
  const warnings = Found.fromStack(stack).findWarning('*', Match.anyValue());
  if (warnings.length) throw new Error(warnings.map(({ id, entry }) => `${id}: ${entry.data}`).join('\n'));
  return Template.fromStack(stack);
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  DependsOn?: string[];
}

/** What a role is allowed by one of its statements. */
export interface Allowance {
  /** Logical id of the role. */
  role: string;
  actions: string[];
  resources: unknown[];
  condition?: unknown;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Condition?: unknown;
}

export const resourcesOf = (template: Template): [string, Resource][] =>
  Object.entries(template.toJSON().Resources);

export const allowancesOf = (template: Template): Allowance[] =>
  resourcesOf(template)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([role, { Properties }]) =>
      ((Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(
        ({ PolicyDocument }) =>
          PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({
            role,
            actions: listed(statement.Action),
            resources: listed(statement.Resource),
            condition: statement.Condition,
          })),
      ),
    );

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
