import { expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

test('health checks are counted by name, type and outcome, under the names of component-base', async () => {
  let isWell = true;
  const readiness = {
    work: () => {
      if (!isWell) throw new Error('it does not');
    },
  };
  const { send } = await testServer({ readiness });
  expect((await send('GET /metrics/slis')).text).toBe('');
  await send('GET /livez');
  await send('GET /readyz');
  isWell = false;
  expect((await send('GET /readyz/work')).status).toBe(500);
  expect((await send('GET /metrics/slis')).text).toBe(
    `# HELP kubernetes_healthcheck [STABLE] This metric records the result of a single healthcheck.
# TYPE kubernetes_healthcheck gauge
kubernetes_healthcheck{name="ping",type="livez"} 1
kubernetes_healthcheck{name="etcd",type="livez"} 1
kubernetes_healthcheck{name="ping",type="readyz"} 1
kubernetes_healthcheck{name="etcd",type="readyz"} 1
kubernetes_healthcheck{name="work",type="readyz"} 0
# HELP kubernetes_healthchecks_total [STABLE] This metric records the results of all healthcheck.
# TYPE kubernetes_healthchecks_total counter
kubernetes_healthchecks_total{name="ping",status="success",type="livez"} 1
kubernetes_healthchecks_total{name="etcd",status="success",type="livez"} 1
kubernetes_healthchecks_total{name="ping",status="success",type="readyz"} 1
kubernetes_healthchecks_total{name="etcd",status="success",type="readyz"} 1
kubernetes_healthchecks_total{name="work",status="success",type="readyz"} 1
kubernetes_healthchecks_total{name="work",status="error",type="readyz"} 1
`,
  );
  expect((await send('GET /metrics/other')).status).toBe(404);
  expect((await send('GET /')).json.paths).toContain('/metrics/slis');
});
