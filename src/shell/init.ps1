# hal-9000 in PowerShell. `hal-9000 shell-init powershell` writes these in front:
#   $HalProgram  what to run          $HalCmd      a further name, or nothing
#   $HalClaude   1: name it claude    $HalDocker   1: name it docker
$HalNames = @('hal-9000', 'claudy')
if ($HalCmd) {
    $HalNames += $HalCmd
    Set-Item "function:global:$HalCmd" { & $HalProgram @args }.GetNewClosure()
}
if ($HalClaude) {
    Set-Item 'function:global:claude' { & $HalProgram claude @args }.GetNewClosure()
}
if ($HalDocker) {
    $HalNames += 'docker'
    Set-Item 'function:global:docker' { & $HalProgram docker @args }.GetNewClosure()
}
# Candidates: asked of hal-9000 at the key, never before.
Register-ArgumentCompleter -Native -CommandName $HalNames -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { "$_" })
    & $HalProgram __complete powershell @words "$wordToComplete" 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if ($value -and -not $value.StartsWith(':')) {
            if (-not $about) { $about = $value }
            if ($value -match '[^\w\-./=:,@+]') { $value = "'" + $value.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}.GetNewClosure()
# The names are what has to be undone.
$env:HAL9000_SHELL = "powershell:${PID}:" + ($HalNames -join ',')
