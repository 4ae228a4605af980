import { table } from '../../shared/meta/table.ts';
import { type Io, UsageError, type Verb } from '../verb.ts';

export const completion: Verb = {
  name: 'completion',
  summary: 'Output shell completion code for bash, zsh or fish',
  description: `  source <(shallop completion bash)             # ~/.bashrc
  source <(shallop completion zsh)              # ~/.zshrc, after compinit
  shallop completion fish | source              # ~/.config/fish/config.fish`,
  usage: ['completion bash|zsh|fish'],
  options: {},
  operands: { words: ['bash', 'zsh', 'fish'] },
  run: async ({ positionals }, io) => {
    const [shell, ...rest] = positionals;
    const script = shell === undefined ? undefined : scripts[shell];
    if (!script || rest.length) throw new UsageError('completion takes bash, zsh or fish');
    io.out(script);
    return 0;
  },
};

/** Asked by the scripts for the words that may follow; not for people, and not in the list of verbs. */
export const complete: Verb = {
  name: '__complete',
  summary: 'Words that may follow, a line each',
  usage: ['__complete -- WORD…'],
  options: {},
  run: async ({ positionals }, io: Io) => {
    const { candidates } = await import('../complete.ts');
    for (const word of await candidates(positionals, io)) io.out(word);
    return 0;
  },
};

const scripts: Record<string, string> = table({
  bash: `_shallop() {
  local line="\${COMP_LINE:0:COMP_POINT}" words word
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  mapfile -t COMPREPLY < <(shallop __complete -- "\${words[@]:1}" 2>/dev/null)
  # Bash takes = and : for ends of words: what is before them is not to be repeated.
  word="\${words[-1]}"
  [[ $word == *[=:]* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*[=:]}"}"}")
  [[ \${COMPREPLY[0]} == *[/=] ]] && compopt -o nospace 2>/dev/null
}
complete -o default -F _shallop shallop`,
  zsh: `#compdef shallop
_shallop() {
  local -a found
  found=("\${(@f)$(shallop __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} )); then
    compadd -S '' -- \${(M)found:#*[/=]}
    compadd -- \${found:#*[/=]}
  else
    _files
  fi
}
compdef _shallop shallop`,
  fish: `function __shallop_complete
    set -l words (commandline -opc) (commandline -ct)
    shallop __complete -- $words[2..-1] 2>/dev/null
end
complete -c shallop -f -a '(__shallop_complete)'
complete -c shallop -n '__fish_contains_opt -s f filename' -F`,
});
