import { spawn } from 'node:child_process';

/** Keeps one text for each data folder outside it. */
export interface Keychain {
  /** Undefined when nothing is kept. Throws when there is no keychain, or it stays locked. */
  read(folder: string): Promise<string | undefined>;
  write(folder: string, text: string): Promise<void>;
}

/** Runs a program with input; answers its exit code and what it printed. */
export type Run = (
  command: string,
  args: string[],
  input?: string,
) => Promise<{ code: number; stdout: string; stderr: string }>;

/** The login keychain of macOS through `security`, the Secret Service of a Linux desktop through `secret-tool`. */
export const keychainOf = (platform: NodeJS.Platform, run: Run): Keychain =>
  platform === 'darwin' ? security(run) : secretTool(run);

const security = (run: Run): Keychain => ({
  async read(folder) {
    const { code, stdout, stderr } = await run('security', ['find-generic-password', ...entry(folder), '-w']);
    if (code === 0) return stdout;
    if (code === itemNotFound) return undefined;
    throw failed('security', stderr);
  },
  async write(folder, text) {
    // Commands on its standard input do not show in the list of processes, as arguments would.
    const command = ['add-generic-password', ...entry(folder), '-w', text.trim()].map(quoted).join(' ');
    const { code, stderr } = await run('security', ['-i'], `${command}\n`);
    if (code !== 0) throw failed('security', stderr);
  },
});

/** errSecItemNotFound, as the exit code of `security`. */
const itemNotFound = 44;
const entry = (folder: string) => ['-s', 'shallop', '-a', folder];
const quoted = (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`;

const secretTool = (run: Run): Keychain => ({
  async read(folder) {
    const { code, stdout, stderr } = await run('secret-tool', ['lookup', ...attributes(folder)]);
    if (code === 0) return stdout;
    if (!stderr.trim()) return undefined;
    throw failed('secret-tool', stderr);
  },
  async write(folder, text) {
    const label = `--label=shallop ${folder}`;
    const { code, stderr } = await run('secret-tool', ['store', label, ...attributes(folder)], text.trim());
    if (code !== 0) throw failed('secret-tool', stderr);
  },
});

const attributes = (folder: string) => ['service', 'shallop', 'folder', folder];

const failed = (program: string, stderr: string) =>
  new Error(`--encryption-key keychain: ${program} failed: ${stderr.trim() || 'no reason given'}`);

const runProgram: Run = (command, args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', (error) =>
      reject(new Error(`--encryption-key keychain: ${command} cannot be run (${error.message})`)),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });

export const systemKeychain: Keychain = keychainOf(process.platform, runProgram);
