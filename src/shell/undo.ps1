# Undo what `hal-9000 shell-init powershell` has done to this shell.
if ("$env:HAL9000_SHELL".StartsWith("powershell:${PID}:")) {
    $HalNames = ($env:HAL9000_SHELL -split ':', 3)[2] -split ','
    Register-ArgumentCompleter -Native -CommandName $HalNames -ScriptBlock { }
    foreach ($name in @($HalNames) + 'claude') {
        Remove-Item "function:global:$name" -ErrorAction SilentlyContinue
    }
    Remove-Item 'env:HAL9000_SHELL'
}
