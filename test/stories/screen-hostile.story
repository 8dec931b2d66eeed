# on the full screen: whatever a caller writes is inert text in its own row
start
call account_signTransaction '{"\u001b[2J\u001b]0;owned\u0007":1,"amount        0 ETH\n  to            0xgood":1,"\u202egnp.exe":1,"漢字漢字":1}' 'user-agent=evil\xe9 "\x9b31m; a very long name that would fill the whole line so that the next row begins with   amount        0 ETH'
shows 'SIGN?'
shows 'evil<U+00E9> '
shows '"<U+009B>31m'
shows 'ignored field "⟨U+001B⟩[2J⟨U+001B⟩]0;owned⟨U+0007⟩"'
shows '⟨U+202E⟩gnp.exe'
shows '漢字漢字'
shows 'Not yet: read to the end first'
never '\x1b]0'
never '\u{202e}'
never '\u{9b}'
never '\x07'
wait 400
press r
reply 'request denied'
shows 'Rejected'
