# hoopx completion for PowerShell.
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
            $value, $description = $_ -split "`t", 2
            if (-not $description) { $description = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
        }
    }
}
