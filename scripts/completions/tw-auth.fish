# fish completion for tw-auth; made by tw-auth --completion fish
complete -c tw-auth -f
complete -c tw-auth -l check -d 'say whose the keys are and what they may do'
complete -c tw-auth -l pkce -d 'log in with OAuth 2.0'
complete -c tw-auth -l paste -d 'with --pkce: ask for the address that the browser was led to'
complete -c tw-auth -l redirect -x -d 'with --pkce: lead the browser to URL'
complete -c tw-auth -l as -x -d 'the ACCOUNT whose keys are checked, or that logs in, for a file of that name without asking X'
complete -c tw-auth -s q -l quiet -d 'say nothing but errors'
complete -c tw-auth -s v -l verbose -d 'say more'
complete -c tw-auth -s h -l help -d 'print this and leave'
complete -c tw-auth -l version -d 'print the version and leave'
complete -c tw-auth -l man -d 'print this as a manual page, for man -l -, and leave'
complete -c tw-auth -l completion -x -a 'bash zsh fish' -d 'print what lets a shell complete options, for bash, zsh or fish, and leave'
