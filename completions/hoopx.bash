# hoopx completion for bash. Needs no bash-completion package.
_hoopx() {
    local line value shell=none cur="${COMP_WORDS[COMP_CWORD]}"
    [[ $cur == "=" ]] && cur=""
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) shell="${line#:}" ;;
            *)
                value="${line%%$'\t'*}"
                COMPREPLY+=("$value")
                ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
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
