/**
 * Scripts: what each shell sources. They hand the line to `hoopx __complete`
 * and show what it says, so they never grow old when commands do.
 */
export type Shell = "bash" | "zsh" | "fish" | "powershell";

const bash = `# hoopx completion for bash. Needs no bash-completion package.
_hoopx() {
    local line value shell=none cur="\${COMP_WORDS[COMP_CWORD]}"
    [[ $cur == "=" ]] && cur=""
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) shell="\${line#:}" ;;
            *)
                value="\${line%%$'\\t'*}"
                COMPREPLY+=("$value")
                ;;
        esac
    done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    case $shell in
        files)
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
            ;;
        commands)
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$cur" | sort -u)
            ;;
    esac
}
complete -F _hoopx hoopx
`;

const zsh = `#compdef hoopx
# hoopx completion for zsh.
_hoopx() {
    local line shell=none
    local -a values
    while IFS= read -r line; do
        case $line in
            :*) shell="\${line#:}" ;;
            *$'\\t') values+=("\${\${line%$'\\t'}//:/\\\\:}") ;;
            *) values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
        esac
    done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
    (( $#values )) && _describe -V 'hoopx' values
    case $shell in
        files) _files ;;
        commands) _command_names -e ;;
    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _hoopx "$@"
else
    compdef _hoopx hoopx
fi
`;

const fish = `# hoopx completion for fish.
function __hoopx_complete
    set -l tokens (commandline -opc)
    set -l current (commandline -ct)
    set -l shell none
    for line in ($tokens[1] __complete -- $tokens[2..] "$current" 2>/dev/null)
        if string match -q ':*' -- $line
            set shell (string sub -s 2 -- $line)
        else
            echo $line
        end
    end
    switch $shell
        case files
            __fish_complete_path "$current"
        case commands
            __fish_complete_command
    end
end
complete -c hoopx -f -k -a '(__hoopx_complete)'
`;

const powershell = `# hoopx completion for PowerShell.
Register-ArgumentCompleter -Native -CommandName hoopx -ScriptBlock {
    param($word, $ast, $cursor)
    $words = @($ast.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursor } |
        ForEach-Object { $_.Extent.Text })
    $program = $words[0]
    $rest = @($words | Select-Object -Skip 1)
    # Windows PowerShell drops empty arguments: a pair of quotes stands for the new word.
    if ($word -eq '') {
        $rest += if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' }
    }
    & $program __complete -- @rest 2>$null | ForEach-Object {
        if ($_ -eq ':files' -or $_ -eq ':commands') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($word)
        } elseif (-not $_.StartsWith(':')) {
            $value, $description = $_ -split "\`t", 2
            if (-not $description) { $description = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
        }
    }
}
`;

/** The script for each shell. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };

/** Its file in `completions/`, named as the shell looks for it. */
export const completionFiles: Readonly<Record<Shell, string>> = {
  bash: "hoopx.bash",
  zsh: "_hoopx",
  fish: "hoopx.fish",
  powershell: "hoopx.ps1",
};
