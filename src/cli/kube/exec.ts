import type { Endpoint, Exec } from './kubeconfig.ts';

/** Runs a kubeconfig's credential plugin and answers what it gives: a token or a certificate. */
export async function execCredential(exec: Exec, { server, ca }: Endpoint): Promise<Partial<Endpoint>> {
  const apiVersion = exec.apiVersion ?? 'client.authentication.k8s.io/v1';
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: { server, ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }) },
      }),
    },
  };
  const text = await output(exec, JSON.stringify(info));
  const { status } = JSON.parse(text) as { status?: Record<string, string> };
  if (!status) throw new Error(`the credential plugin ${exec.command} gave no status`);
  return {
    token: status.token,
    certificate: status.clientCertificateData,
    key: status.clientKeyData,
    expiresAt: status.expirationTimestamp,
  };
}

async function output({ command, args, env, installHint }: Exec, info: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
    const options = { env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: info } };
    execFile(command, args ?? [], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const hint = missing && installHint ? `\n${installHint}` : '';
      reject(
        new Error(
          `the credential plugin ${command} failed: ${missing ? 'not found' : stderr.trim() || error.message}${hint}`,
        ),
      );
    });
  });
}
