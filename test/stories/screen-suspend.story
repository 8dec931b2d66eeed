# on the full screen: a signer that was stopped and goes on draws all anew and doesn't show a password
start
screen '\x1b[?1049h'
call account_signTransaction '{}'
shows 'READY'
press a
shows 'Password of'
wait 400
press passw
wait 400
suspend
screen '\x1b[?1049h'
wait 800
shows 'Password of'
type password-0123456789
reply '"result":{"raw":"0x'
shows 'Signed'
never password-0
