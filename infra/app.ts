// The CDK app: `npm run synth`, `npm run deploy`, `npm run destroy`; settings are context (settings.ts).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import manifest from '../package.json' with { type: 'json' };
import { auditPolicyFile } from '../src/aws/names.ts';
import { functionNames } from '../src/aws/watched/index.ts';
import { bundleFunctions } from '../tools/bundles.ts';
import { commitIfKnown } from '../tools/commitNow.ts';
import { readSettings } from './settings.ts';
import { ShallopStack } from './stacks/shallop.ts';

const app = new App();
const settings = readSettings((key) => app.node.tryGetContext(key));
const bundles = mkdtempSync(join(tmpdir(), 'shallop-bundles-'));
const commit = commitIfKnown();
const folders = await bundleFunctions(functionNames, bundles);
if (settings.audit) writeFileSync(join(folders.api, auditPolicyFile), settings.audit.policy);
new ShallopStack(app, 'Shallop', {
  stackName: `shallop-${settings.name}`,
  settings,
  release: { version: manifest.version, ...(commit && { commit }) },
  code: (name) => Code.fromAsset(folders[name]),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
// They have been copied into the assembly.
rmSync(bundles, { recursive: true });
