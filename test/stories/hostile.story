# whatever a caller writes reaches the screen as inert text in its own row
start --line
call account_signTransaction '{"\u001b[2J\u001b]0;owned\u0007":1,"amount        0 ETH\n  to            0xgood":1,"\u202egnp.exe":1,"\u200bx":1}' 'user-agent=evil\xe9 "\x9b31m; a very long name that would fill the whole line so that the next row begins with   amount        0 ETH'
screen 'SIGN?'
screen 'evil<U+00E9> '
screen '"<U+009B>31m'
screen 'ignored field "⟨U+001B⟩[2J⟨U+001B⟩]0;owned⟨U+0007⟩"'
screen 'ETH⟨U+000A⟩'
screen '⟨U+202E⟩gnp.exe'
screen '⟨U+200B⟩x'
screen 'Type yes'
never '\x1b[2J'
never '\x1b]0'
never '\u{202e}'
never '\u{200b}'
never '\u{9b}'
count '\x0a  amount        ' 2
count '\x0a  to            ' 2
wait 400
type no
reply 'request denied'
