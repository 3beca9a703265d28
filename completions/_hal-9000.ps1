
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'hal-9000', 'claudy' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'hal-9000'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'hal-9000' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'An image of your own, with glibc, instead of a profile''s')
            [CompletionResult]::new('--pull', '--pull', [CompletionResultType]::ParameterName, 'When to pull that image (never: none from `image.registry` either)')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'A name for the session [default: from the project''s path]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A name for the session [default: from the project''s path]')
            [CompletionResult]::new('--docker', '--docker', [CompletionResultType]::ParameterName, 'What docker the session gets: guard (kept from the host), host (the engine''s own socket: root on the host) or none')
            [CompletionResult]::new('--memory', '--memory', [CompletionResultType]::ParameterName, 'Memory limit [default: 4g]')
            [CompletionResult]::new('--cpus', '--cpus', [CompletionResultType]::ParameterName, 'Limit of processor cores [default: 2]')
            [CompletionResult]::new('--pids-limit', '--pids-limit', [CompletionResultType]::ParameterName, 'Limit of processes and threads [default: 100]')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'A variable for the session; NAME alone hands your own value on (can be repeated)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'A variable for the session; NAME alone hands your own value on (can be repeated)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'A further mount, as docker''s own flag (can be repeated)')
            [CompletionResult]::new('--volume', '--volume', [CompletionResultType]::ParameterName, 'A further mount, as docker''s own flag (can be repeated)')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'A port of the session on the host, as docker''s own flag (can be repeated)')
            [CompletionResult]::new('--network', '--network', [CompletionResultType]::ParameterName, 'The network, as docker''s own flag [default: bridge]')
            [CompletionResult]::new('--workdir', '--workdir', [CompletionResultType]::ParameterName, 'Where to work: host (the project''s own path) or workspace (/workspace) [default: host]')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the docker command, and start nothing')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--new', '--new', [CompletionResultType]::ParameterName, 'Start another session, even if one runs')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Start in the background; the session''s name is printed')
            [CompletionResult]::new('--detach', '--detach', [CompletionResultType]::ParameterName, 'Start in the background; the session''s name is printed')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Start a shell instead of Claude')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'Start a shell instead of Claude')
            [CompletionResult]::new('--no-limits', '--no-limits', [CompletionResultType]::ParameterName, 'No limits at all')
            [CompletionResult]::new('--via-parent', '--via-parent', [CompletionResultType]::ParameterName, 'Start in the parent''s network, where ChromaDB is; starts the parent if need be')
            [CompletionResult]::new('--direct', '--direct', [CompletionResultType]::ParameterName, 'Start in a network of its own, even where the parent runs')
            [CompletionResult]::new('--no-pool', '--no-pool', [CompletionResultType]::ParameterName, 'Start a container of its own, even where one waits in the pool')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'The project cannot be changed')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain each flag of the docker command, and start nothing')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check what the session needs, as `doctor` does, and start nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Trust the project''s .hal-9000.toml without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Trust the project''s .hal-9000.toml without asking')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done (`-v` without a volume means this, too)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('claude', 'claude', [CompletionResultType]::ParameterValue, 'Start Claude Code with its own arguments, handed on untouched')
            [CompletionResult]::new('shell', 'shell', [CompletionResultType]::ParameterValue, 'Start a shell, or a command, instead of Claude')
            [CompletionResult]::new('docker', 'docker', [CompletionResultType]::ParameterValue, 'docker itself; containers that `run` and `create` make have the project, its user and limits')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'List sessions')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List sessions')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Join a running session')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'End sessions')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Show what a session wrote')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Show what the guard of a session''s docker socket let through, changed and refused')
            [CompletionResult]::new('image', 'image', [CompletionResultType]::ParameterValue, 'Manage the images that sessions are made from')
            [CompletionResult]::new('profiles', 'profiles', [CompletionResultType]::ParameterValue, 'Show toolchain profiles, and build their images')
            [CompletionResult]::new('claude-version', 'claude-version', [CompletionResultType]::ParameterValue, 'Show and choose the release of Claude that new sessions run')
            [CompletionResult]::new('daemon', 'daemon', [CompletionResultType]::ParameterValue, 'Manage the parent: ChromaDB, and the network that sessions started through it share')
            [CompletionResult]::new('pool', 'pool', [CompletionResultType]::ParameterValue, 'Manage the warm pool: sessions that wait, so that one starts at once')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show settings and where they come from, and change your own')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'See whether everything is there that sessions need, and what docker they get')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell, as a package installs them')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Show a page of the manual')
            [CompletionResult]::new('shell-init', 'shell-init', [CompletionResultType]::ParameterValue, 'Print what a shell runs at its start: completions, and names of your choice')
            break
        }
        'hal-9000;claude' {
            break
        }
        'hal-9000;shell' {
            break
        }
        'hal-9000;docker' {
            break
        }
        'hal-9000;sessions' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;ls' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;attach' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;kill' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every session of yours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;logs' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on until the session ends')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on until the session ends')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;audit' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on as lines are written')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on as lines are written')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The lines as they are written: one JSON object each')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'List the guard''s rules instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;image' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Build images that are missing or outdated')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Pull images from the registry that `image.registry` names')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List images and runtime volumes')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List images and runtime volumes')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what no session uses and no session would use')
            break
        }
        'hal-9000;image;build' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Run every step again, for newer packages')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;image;pull' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;image;list' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;image;ls' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;image;prune' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'What sessions would use, too, everybody''s; the next one builds it again')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before that')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before that')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;profiles' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List profiles, and the files of a project that ask for one')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List profiles, and the files of a project that ask for one')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the Dockerfile of a profile')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Build the images of profiles')
            break
        }
        'hal-9000;profiles;list' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;profiles;ls' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;profiles;show' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;profiles;build' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Run every step again, for newer packages')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;claude-version' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the releases that are here')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the releases that are here')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use a release in new sessions')
            [CompletionResult]::new('latest', 'latest', [CompletionResultType]::ParameterValue, 'Use the newest release')
            break
        }
        'hal-9000;claude-version;list' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;claude-version;ls' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;claude-version;use' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;claude-version;latest' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;daemon' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start it, unless it runs; returns when ChromaDB answers')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop it; what is in ChromaDB stays')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Start the services in it again; the sessions in its network stay')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how it is')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Show what its services say')
            break
        }
        'hal-9000;daemon;start' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;daemon;stop' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Do not ask, even where sessions lose their network')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Do not ask, even where sessions lose their network')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;daemon;restart' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Do not ask, even where the parent''s image has changed and sessions lose their network')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Do not ask, even where the parent''s image has changed and sessions lose their network')
            [CompletionResult]::new('--workers', '--workers', [CompletionResultType]::ParameterName, 'Start sessions again whose network is gone; what runs in them is lost')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;daemon;status' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;daemon;logs' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on until the parent ends')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on until the parent ends')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hal-9000;pool' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Keep sessions ready for the projects used last; starts the parent if need be')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Keep none')
            [CompletionResult]::new('scale', 'scale', [CompletionResultType]::ParameterValue, 'Keep so many')
            [CompletionResult]::new('warm', 'warm', [CompletionResultType]::ParameterValue, 'Have a session of a project ready, whether it was used or not')
            [CompletionResult]::new('cleanup', 'cleanup', [CompletionResultType]::ParameterValue, 'Give up those that wait, and those that nobody looks after')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what waits, and what was taken')
            break
        }
        'hal-9000;pool;start' {
            [CompletionResult]::new('--min', '--min', [CompletionResultType]::ParameterName, 'Sessions that are always ready [default: 2]')
            [CompletionResult]::new('--max', '--max', [CompletionResultType]::ParameterName, 'Sessions that may be ready when many are taken [default: 5]')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'How long those beyond the minimum wait unused: 90s, 30m, 2h [default: 30m]')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;pool;stop' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;pool;scale' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;pool;warm' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;pool;cleanup' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;pool;status' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;config' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting that is in force in this directory, and where it comes from')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print the path of your configuration file')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Write one setting into your configuration file')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one setting out of your configuration file')
            break
        }
        'hal-9000;config;show' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;config;path' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;config;get' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;config;set' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;config;unset' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;doctor' {
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The engine''s socket')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'The docker context')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'As JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hal-9000;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'hal-9000;man' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'hal-9000;shell-init' {
            [CompletionResult]::new('--cmd', '--cmd', [CompletionResultType]::ParameterName, 'A further name for hal-9000')
            [CompletionResult]::new('--alias-claude', '--alias-claude', [CompletionResultType]::ParameterName, 'Let `claude` be the one in the container')
            [CompletionResult]::new('--alias-docker', '--alias-docker', [CompletionResultType]::ParameterName, 'Let `docker` be `hal-9000 docker`')
            [CompletionResult]::new('--deactivate', '--deactivate', [CompletionResultType]::ParameterName, 'Undo it in this shell')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
