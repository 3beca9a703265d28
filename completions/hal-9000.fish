# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hal_9000_global_optspecs
    string join \n p/profile= image= pull= n/name= new d/detach s/shell docker= memory= cpus= pids-limit= no-limits e/env= v/volume= publish= network= via-parent direct no-pool read-only workdir= print= explain verify y/yes H/host= context= q/quiet verbose h/help V/version
end

function __fish_hal_9000_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hal_9000_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hal_9000_using_subcommand
    set -l cmd (__fish_hal_9000_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s p -l profile -d 'The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l image -d 'An image of your own, with glibc, instead of a profile\'s' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l pull -d 'When to pull that image (never: none from `image.registry` either)' -r -f -a "always\t'Always'
missing\t'Where it is not here'
never\t'Never'"
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s n -l name -d 'A name for the session [default: from the project\'s path]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l docker -d 'What docker the session gets: guard (kept from the host), host (the engine\'s own socket: root on the host) or none' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l memory -d 'Memory limit [default: 4g]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l cpus -d 'Limit of processor cores [default: 2]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l pids-limit -d 'Limit of processes and threads [default: 100]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s e -l env -d 'A variable for the session; NAME alone hands your own value on (can be repeated)' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s v -l volume -d 'A further mount, as docker\'s own flag (can be repeated)' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l publish -d 'A port of the session on the host, as docker\'s own flag (can be repeated)' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l network -d 'The network, as docker\'s own flag [default: bridge]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l workdir -d 'Where to work: host (the project\'s own path) or workspace (/workspace) [default: host]' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l print -d 'Print the docker command, and start nothing' -r -f -a "shell\t'Lines to paste into a shell'
argv\t'One word a line'
json\t'Words and API body as JSON'"
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l new -d 'Start another session, even if one runs'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s d -l detach -d 'Start in the background; the session\'s name is printed'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s s -l shell -d 'Start a shell instead of Claude'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l no-limits -d 'No limits at all'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l via-parent -d 'Start in the parent\'s network, where ChromaDB is; starts the parent if need be'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l direct -d 'Start in a network of its own, even where the parent runs'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l no-pool -d 'Start a container of its own, even where one waits in the pool'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l read-only -d 'The project cannot be changed'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l explain -d 'Explain each flag of the docker command, and start nothing'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l verify -d 'Check what the session needs, as `doctor` does, and start nothing'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s y -l yes -d 'Trust the project\'s .hal-9000.toml without asking'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s q -l quiet -d 'Say nothing but errors'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -l verbose -d 'Say what is done (`-v` without a volume means this, too)'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -s V -l version -d 'Print version'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "claude" -d 'Start Claude Code with its own arguments, handed on untouched'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "shell" -d 'Start a shell, or a command, instead of Claude'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "docker" -d 'docker itself; containers that `run` and `create` make have the project, its user and limits'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "sessions" -d 'List sessions'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "ls" -d 'List sessions'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "attach" -d 'Join a running session'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "kill" -d 'End sessions'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "logs" -d 'Show what a session wrote'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "audit" -d 'Show what the guard of a session\'s docker socket let through, changed and refused'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "image" -d 'Manage the images that sessions are made from'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "profiles" -d 'Show toolchain profiles, and build their images'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "claude-version" -d 'Show and choose the release of Claude that new sessions run'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "daemon" -d 'Manage the parent: ChromaDB, and the network that sessions started through it share'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "pool" -d 'Manage the warm pool: sessions that wait, so that one starts at once'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "config" -d 'Show settings and where they come from, and change your own'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "doctor" -d 'See whether everything is there that sessions need, and what docker they get'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "completions" -d 'Print the completions of a shell, as a package installs them'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "man" -d 'Show a page of the manual'
complete -c hal-9000 -n "__fish_hal_9000_needs_command" -f -a "shell-init" -d 'Print what a shell runs at its start: completions, and names of your choice'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand sessions" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand sessions" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand sessions" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand sessions" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand ls" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand ls" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand ls" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand ls" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand attach" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand attach" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand attach" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand kill" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand kill" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand kill" -l all -d 'Every session of yours'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand kill" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand kill" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand logs" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand logs" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand logs" -s f -l follow -d 'Go on until the session ends'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand logs" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -s f -l follow -d 'Go on as lines are written'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -l json -d 'The lines as they are written: one JSON object each'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -l rules -d 'List the guard\'s rules instead'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand audit" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -f -a "build" -d 'Build images that are missing or outdated'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -f -a "pull" -d 'Pull images from the registry that `image.registry` names'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -f -a "list" -d 'List images and runtime volumes'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -f -a "ls" -d 'List images and runtime volumes'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and not __fish_seen_subcommand_from build pull list ls prune" -f -a "prune" -d 'Remove what no session uses and no session would use'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from build" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from build" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from build" -l no-cache -d 'Run every step again, for newer packages'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from build" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from pull" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from pull" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from pull" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from list" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from list" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from list" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from ls" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from ls" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from ls" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -l all -d 'What sessions would use, too, everybody\'s; the next one builds it again'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -s y -l yes -d 'Do not ask before that'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand image; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and not __fish_seen_subcommand_from list ls show build" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and not __fish_seen_subcommand_from list ls show build" -f -a "list" -d 'List profiles, and the files of a project that ask for one'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and not __fish_seen_subcommand_from list ls show build" -f -a "ls" -d 'List profiles, and the files of a project that ask for one'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and not __fish_seen_subcommand_from list ls show build" -f -a "show" -d 'Print the Dockerfile of a profile'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and not __fish_seen_subcommand_from list ls show build" -f -a "build" -d 'Build the images of profiles'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from list" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from ls" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from build" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from build" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from build" -l no-cache -d 'Run every step again, for newer packages'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand profiles; and __fish_seen_subcommand_from build" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and not __fish_seen_subcommand_from list ls use latest" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and not __fish_seen_subcommand_from list ls use latest" -f -a "list" -d 'List the releases that are here'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and not __fish_seen_subcommand_from list ls use latest" -f -a "ls" -d 'List the releases that are here'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and not __fish_seen_subcommand_from list ls use latest" -f -a "use" -d 'Use a release in new sessions'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and not __fish_seen_subcommand_from list ls use latest" -f -a "latest" -d 'Use the newest release'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from list" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from list" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from list" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from ls" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from ls" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from ls" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from use" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from use" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from latest" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from latest" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand claude-version; and __fish_seen_subcommand_from latest" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -f -a "start" -d 'Start it, unless it runs; returns when ChromaDB answers'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -f -a "stop" -d 'Stop it; what is in ChromaDB stays'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -f -a "restart" -d 'Start the services in it again; the sessions in its network stay'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -f -a "status" -d 'Show how it is'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status logs" -f -a "logs" -d 'Show what its services say'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from start" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from start" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from start" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s f -l force -d 'Do not ask, even where sessions lose their network'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s f -l force -d 'Do not ask, even where the parent\'s image has changed and sessions lose their network'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l workers -d 'Start sessions again whose network is gone; what runs in them is lost'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from status" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from status" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from status" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on until the parent ends'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "start" -d 'Keep sessions ready for the projects used last; starts the parent if need be'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "stop" -d 'Keep none'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "scale" -d 'Keep so many'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "warm" -d 'Have a session of a project ready, whether it was used or not'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "cleanup" -d 'Give up those that wait, and those that nobody looks after'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and not __fish_seen_subcommand_from start stop scale warm cleanup status" -f -a "status" -d 'Show what waits, and what was taken'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -l min -d 'Sessions that are always ready [default: 2]' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -l max -d 'Sessions that may be ready when many are taken [default: 5]' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -l idle-timeout -d 'How long those beyond the minimum wait unused: 90s, 30m, 2h [default: 30m]' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from stop" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from stop" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from scale" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from scale" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from scale" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from warm" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from warm" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from warm" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from cleanup" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from cleanup" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from cleanup" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from status" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from status" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from status" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand pool; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -f -a "show" -d 'Show every setting that is in force in this directory, and where it comes from'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -f -a "path" -d 'Print the path of your configuration file'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -f -a "get" -d 'Print one setting'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -f -a "set" -d 'Write one setting into your configuration file'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and not __fish_seen_subcommand_from show path get set unset" -f -a "unset" -d 'Take one setting out of your configuration file'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand doctor" -s H -l host -d 'The engine\'s socket' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand doctor" -l context -d 'The docker context' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand doctor" -l json -d 'As JSON'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand man" -s h -l help -d 'Print help'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand shell-init" -l cmd -d 'A further name for hal-9000' -r
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand shell-init" -l alias-claude -d 'Let `claude` be the one in the container'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand shell-init" -l alias-docker -d 'Let `docker` be `hal-9000 docker`'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand shell-init" -l deactivate -d 'Undo it in this shell'
complete -c hal-9000 -n "__fish_hal_9000_using_subcommand shell-init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c claudy -w hal-9000
