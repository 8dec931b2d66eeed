# on the full screen: a critical question needs the last characters of the recipient
start --advanced
call account_signTransaction '{"to":"0x0000000000000000000000000000000000000000"}'
shows '!! CRITICAL   Transaction recipient is the zero address'
shows 'question 1 of 1   CRITICAL'
wait 400
press '\x1b[F'
shows 'type the last 4 characters of the address at "to": ____'
shows 'type 4 characters   r, Enter, Esc reject'
read
press a
wait 400
shows '"a" is wrong, begin again: the last 4'
shows 'at "to": ____'
press 00
shows 'at "to": 00__'
press a
shows 'at "to": ____'
press 0000
shows 'READY'
wait 400
press a
shows 'Password of'
wait 400
type password-0123456789
reply '"result"'
