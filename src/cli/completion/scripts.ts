/**
 * Completion scripts. Each passes the words typed so far to `vix __complete`. The first line of its answer is
 * the kind of completion: `words`, `files`, or `folders`. Each further line is a word, a tab, and its
 * meaning.
 */
export const SCRIPTS: Readonly<Record<string, string>> = {
  bash: String.raw`
_vix() {
  local cur=\${COMP_WORDS[COMP_CWORD]} line
  local -a words=("\${COMP_WORDS[@]:0:COMP_CWORD+1}") answer
  # Choices hold colons, at which bash divides words.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    local cword
    _get_comp_words_by_ref -n := cur words cword
    words=("\${words[@]:0:cword+1}")
  fi
  words[-1]=\${words[-1]#[\'\"]}
  mapfile -t answer < <(vix __complete -- "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  case \${answer[0]} in
    files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
  esac
  for line in "\${answer[@]:1}"; do
    line=\${line%%$'\t'*}
    # Inside quotes a word needs no more of them.
    case $cur in
      \"* | \'*) COMPREPLY+=("$line") ;;
      *) COMPREPLY+=("$(printf %q "$line")") ;;
    esac
  done
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -F _vix vix
`.replaceAll("\\${", "${"),
  zsh: String.raw`
#compdef vix
_vix() {
  local line
  local -a answer values shown
  answer=("\${(@f)$(vix __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  case \${answer[1]} in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in "\${(@)answer[2,-1]}"; do
    values+=("\${line%%$'\t'*}")
    shown+=("\${line/$'\t'/  }")
  done
  compadd -l -d shown -a values
}
compdef _vix vix
`.replaceAll("\\${", "${"),
  fish: String.raw`
function __vix_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answer (vix __complete -- $words[2..-1] 2>/dev/null)
    switch $answer[1]
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\n' $answer[2..-1]
    end
end
complete -c vix -f -a '(__vix_complete)'
`,
};
