
use builtin;
use str;

set edit:completion:arg-completer[hal-9000] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'hal-9000'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'hal-9000'= {
            cand -p 'The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]'
            cand --profile 'The toolchain: python, node, java, rust, go, base, or one of your own [default: detected]'
            cand --image 'An image of your own, with glibc, instead of a profile''s'
            cand --pull 'When to pull that image (never: none from `image.registry` either)'
            cand -n 'A name for the session [default: from the project''s path]'
            cand --name 'A name for the session [default: from the project''s path]'
            cand --docker 'What docker the session gets: guard (kept from the host), host (the engine''s own socket: root on the host) or none'
            cand --memory 'Memory limit [default: 4g]'
            cand --cpus 'Limit of processor cores [default: 2]'
            cand --pids-limit 'Limit of processes and threads [default: 100]'
            cand -e 'A variable for the session; NAME alone hands your own value on (can be repeated)'
            cand --env 'A variable for the session; NAME alone hands your own value on (can be repeated)'
            cand -v 'A further mount, as docker''s own flag (can be repeated)'
            cand --volume 'A further mount, as docker''s own flag (can be repeated)'
            cand --publish 'A port of the session on the host, as docker''s own flag (can be repeated)'
            cand --network 'The network, as docker''s own flag [default: bridge]'
            cand --workdir 'Where to work: host (the project''s own path) or workspace (/workspace) [default: host]'
            cand --print 'Print the docker command, and start nothing'
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --new 'Start another session, even if one runs'
            cand -d 'Start in the background; the session''s name is printed'
            cand --detach 'Start in the background; the session''s name is printed'
            cand -s 'Start a shell instead of Claude'
            cand --shell 'Start a shell instead of Claude'
            cand --no-limits 'No limits at all'
            cand --via-parent 'Start in the parent''s network, where ChromaDB is; starts the parent if need be'
            cand --direct 'Start in a network of its own, even where the parent runs'
            cand --no-pool 'Start a container of its own, even where one waits in the pool'
            cand --read-only 'The project cannot be changed'
            cand --explain 'Explain each flag of the docker command, and start nothing'
            cand --verify 'Check what the session needs, as `doctor` does, and start nothing'
            cand -y 'Trust the project''s .hal-9000.toml without asking'
            cand --yes 'Trust the project''s .hal-9000.toml without asking'
            cand -q 'Say nothing but errors'
            cand --quiet 'Say nothing but errors'
            cand --verbose 'Say what is done (`-v` without a volume means this, too)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand claude 'Start Claude Code with its own arguments, handed on untouched'
            cand shell 'Start a shell, or a command, instead of Claude'
            cand docker 'docker itself; containers that `run` and `create` make have the project, its user and limits'
            cand sessions 'List sessions'
            cand ls 'List sessions'
            cand attach 'Join a running session'
            cand kill 'End sessions'
            cand logs 'Show what a session wrote'
            cand audit 'Show what the guard of a session''s docker socket let through, changed and refused'
            cand image 'Manage the images that sessions are made from'
            cand profiles 'Show toolchain profiles, and build their images'
            cand claude-version 'Show and choose the release of Claude that new sessions run'
            cand daemon 'Manage the parent: ChromaDB, and the network that sessions started through it share'
            cand pool 'Manage the warm pool: sessions that wait, so that one starts at once'
            cand config 'Show settings and where they come from, and change your own'
            cand doctor 'See whether everything is there that sessions need, and what docker they get'
            cand completions 'Print the completions of a shell, as a package installs them'
            cand man 'Show a page of the manual'
            cand shell-init 'Print what a shell runs at its start: completions, and names of your choice'
        }
        &'hal-9000;claude'= {
        }
        &'hal-9000;shell'= {
        }
        &'hal-9000;docker'= {
        }
        &'hal-9000;sessions'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;ls'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;attach'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;kill'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --all 'Every session of yours'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;logs'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -f 'Go on until the session ends'
            cand --follow 'Go on until the session ends'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;audit'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -f 'Go on as lines are written'
            cand --follow 'Go on as lines are written'
            cand --json 'The lines as they are written: one JSON object each'
            cand --rules 'List the guard''s rules instead'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;image'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand build 'Build images that are missing or outdated'
            cand pull 'Pull images from the registry that `image.registry` names'
            cand list 'List images and runtime volumes'
            cand ls 'List images and runtime volumes'
            cand prune 'Remove what no session uses and no session would use'
        }
        &'hal-9000;image;build'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --no-cache 'Run every step again, for newer packages'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;image;pull'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;image;list'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;image;ls'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;image;prune'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --all 'What sessions would use, too, everybody''s; the next one builds it again'
            cand -y 'Do not ask before that'
            cand --yes 'Do not ask before that'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;profiles'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List profiles, and the files of a project that ask for one'
            cand ls 'List profiles, and the files of a project that ask for one'
            cand show 'Print the Dockerfile of a profile'
            cand build 'Build the images of profiles'
        }
        &'hal-9000;profiles;list'= {
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;profiles;ls'= {
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;profiles;show'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;profiles;build'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --no-cache 'Run every step again, for newer packages'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;claude-version'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List the releases that are here'
            cand ls 'List the releases that are here'
            cand use 'Use a release in new sessions'
            cand latest 'Use the newest release'
        }
        &'hal-9000;claude-version;list'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;claude-version;ls'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;claude-version;use'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;claude-version;latest'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;daemon'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand start 'Start it, unless it runs; returns when ChromaDB answers'
            cand stop 'Stop it; what is in ChromaDB stays'
            cand restart 'Start the services in it again; the sessions in its network stay'
            cand status 'Show how it is'
            cand logs 'Show what its services say'
        }
        &'hal-9000;daemon;start'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;daemon;stop'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -f 'Do not ask, even where sessions lose their network'
            cand --force 'Do not ask, even where sessions lose their network'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;daemon;restart'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -f 'Do not ask, even where the parent''s image has changed and sessions lose their network'
            cand --force 'Do not ask, even where the parent''s image has changed and sessions lose their network'
            cand --workers 'Start sessions again whose network is gone; what runs in them is lost'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;daemon;status'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;daemon;logs'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -f 'Go on until the parent ends'
            cand --follow 'Go on until the parent ends'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hal-9000;pool'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand start 'Keep sessions ready for the projects used last; starts the parent if need be'
            cand stop 'Keep none'
            cand scale 'Keep so many'
            cand warm 'Have a session of a project ready, whether it was used or not'
            cand cleanup 'Give up those that wait, and those that nobody looks after'
            cand status 'Show what waits, and what was taken'
        }
        &'hal-9000;pool;start'= {
            cand --min 'Sessions that are always ready [default: 2]'
            cand --max 'Sessions that may be ready when many are taken [default: 5]'
            cand --idle-timeout 'How long those beyond the minimum wait unused: 90s, 30m, 2h [default: 30m]'
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;pool;stop'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;pool;scale'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;pool;warm'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;pool;cleanup'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;pool;status'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;config'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Show every setting that is in force in this directory, and where it comes from'
            cand path 'Print the path of your configuration file'
            cand get 'Print one setting'
            cand set 'Write one setting into your configuration file'
            cand unset 'Take one setting out of your configuration file'
        }
        &'hal-9000;config;show'= {
            cand --json 'As JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;config;path'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;config;get'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;config;set'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;config;unset'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;doctor'= {
            cand -H 'The engine''s socket'
            cand --host 'The engine''s socket'
            cand --context 'The docker context'
            cand --json 'As JSON'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hal-9000;completions'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'hal-9000;man'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'hal-9000;shell-init'= {
            cand --cmd 'A further name for hal-9000'
            cand --alias-claude 'Let `claude` be the one in the container'
            cand --alias-docker 'Let `docker` be `hal-9000 docker`'
            cand --deactivate 'Undo it in this shell'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
set edit:completion:arg-completer[claudy] = $edit:completion:arg-completer[hal-9000]
