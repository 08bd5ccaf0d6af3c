# hoopx completion for fish.
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
