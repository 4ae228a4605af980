/**
 * A line of a shell as a command. The shell gives its place to the program where it can, so that signals reach the program
 * itself.
 */
export function shellCommand(line: string): string[] {
  const isSimple = !/[;&|\n<>()`]/.test(line) && !/^\s*(\w+=|cd |export |set |exec |\.|source )/.test(line);
  return ['sh', '-c', isSimple ? `exec ${line.trim()}` : line];
}
