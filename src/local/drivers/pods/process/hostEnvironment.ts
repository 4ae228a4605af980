/** Is what a program needs of the machine to run at all; nothing else of the control plane's environment reaches it. */
const passed = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

export const hostEnvironment = (): Record<string, string> =>
  Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
