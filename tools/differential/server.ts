import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { featuresOf, usualFeatures } from '../../src/shared/kinds/features.ts';
import { httpsWebhooks } from '../../src/shared/webhooks/https.ts';
import { type Ask, contentType, impersonation, warningsOf } from './case.ts';
import { standingFor } from './cases/index.ts';

/** The flags that the real server had for an area, where they matter. */
const featuresFor = (area: string) =>
  area.startsWith('mutating-')
    ? featuresOf({ gates: ['MutatingAdmissionPolicy=true'], versions: ['api/beta=true', 'api/alpha=true'] })
    : usualFeatures;

/** Shallop in this process, asked as the real server was. */
export async function askShallop(area = ''): Promise<Ask> {
  const { kinds, mutatingAdmissionPolicy } = featuresFor(area);
  const { send } = await testServer({
    kinds,
    mutatingPolicies: mutatingAdmissionPolicy,
    // Those of cases are where nobody listens.
    webhooks: httpsWebhooks({ clock: systemClock, find: async () => ({ host: 'localhost', port: 1 }) }),
    issueToken: async () => Promise.reject(new Error('no token is issued')),
  });
  const ask: Ask = async (request) => {
    const type = contentType(request);
    const headers = {
      accept: request.accept ?? 'application/json',
      ...(type !== undefined && { 'content-type': type }),
    };
    const {
      status,
      headers: answered,
      text,
      json,
    } = await send(request.line, { headers, lines: impersonation(request), body: request.body });
    return { status, body: json === undefined ? text : json, warnings: warningsOf(answered.warning) };
  };
  for (const request of standingFor(area)) await ask(request);
  return ask;
}
